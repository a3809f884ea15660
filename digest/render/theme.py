"""Where templates come from: the publication's own folder first, then the theme, then the base theme."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from digest import shipped
from digest.errors import TemplateError
from digest.render import typography
from digest.render.picture import frame
from digest.render.plain import bulleted, underlined, wrapped

HTML_TEMPLATE = "letter.mjml"
TEXT_TEMPLATE = "letter.txt"


def folders(own: Path | None, name: str = shipped.BASE_THEME) -> tuple[Path, ...]:
    """Where the templates of a theme are looked for, in order: what it lacks it takes from the base theme.

    Raises TemplateError when the publication's own folder is missing.
    """
    chain = tuple(map(shipped.theme_folder, dict.fromkeys((name, shipped.BASE_THEME))))
    if own is None:
        return chain
    if not own.is_dir():
        raise TemplateError(
            f"the folder of the publication's own templates, {own}, does not exist",
            hint="create it, or take `templates` out of the configuration",
        )
    return (own, *chain)


def sources(own: Path | None, name: str = shipped.BASE_THEME) -> Iterator[tuple[str, bytes]]:
    """Every template file, as its place and its content, in a fixed order."""
    for rank, folder in enumerate(folders(own, name)):
        for file in sorted(folder.rglob("*")):
            place = file.relative_to(folder)
            if file.is_file() and not any(part.startswith(".") for part in place.parts):
                yield f"{rank}/{place.as_posix()}", file.read_bytes()


@lru_cache(maxsize=16)
def environment(own: Path | None, language: str, name: str = shipped.BASE_THEME) -> Environment:
    """The templates of a publication, with the filters that set words in its language. Kept from call to call; files
    that change are read again."""
    made = Environment(
        loader=FileSystemLoader(folders(own, name)),
        autoescape=select_autoescape(default=True, disabled_extensions=("txt",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    made.filters |= {
        "headline": partial(typography.headline, language=language),
        "running": partial(typography.running, language=language),
        "caption": partial(typography.caption, language=language),
        "credit": typography.credit,
        "bound": typography.bound,
        "wrapped": wrapped,
        "bulleted": bulleted,
        "underlined": underlined,
    }
    made.globals["frame"] = frame
    return made
