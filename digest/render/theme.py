"""Where templates come from: the publication's own folder first, then the theme, then the base theme."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from digest import shipped
from digest.errors import TemplateError
from digest.render import plain, typography
from digest.render.direction import way_of
from digest.render.languages import Language, language_of
from digest.render.picture import frame
from digest.render.site import host

HTML_TEMPLATE = "letter.mjml"
TEXT_TEMPLATE = "letter.txt"
PAGES = "pages"
"""The folder of the readers' pages: no part of the letter."""


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
        for parts in sorted(_files(folder)):
            file = folder.joinpath(*parts)
            found = file.stat()
            yield f"{rank}/{'/'.join(parts)}", _read(file, found.st_mtime_ns, found.st_size)


def _files(folder: Path) -> Iterator[tuple[str, ...]]:
    """The parts of each file's place in `folder`; hidden ones are left out."""
    for root, inside, names in os.walk(folder, followlinks=True):
        way = Path(root).relative_to(folder).parts
        inside[:] = [name for name in inside if not name.startswith(".") and (way or name != PAGES)]
        yield from ((*way, name) for name in names if not name.startswith("."))


@lru_cache(maxsize=256)
def _read(file: Path, _changed: int, _size: int) -> bytes:
    """A file's content, read again when its time or its size is another one."""
    return file.read_bytes()


def environment(own: Path | None, language: str, name: str = shipped.BASE_THEME) -> Environment:
    """The templates of a publication, with its words and the filters that set them in its language. Kept from call to
    call; files that change are read again. Raises ConfigurationError for a language without words."""
    return _environment(own, language_of(language, own), name)


def forget() -> None:
    """Looks for every template anew: one that is kept does not see that a file has come to stand for it, or gone."""
    _environment.cache_clear()


@lru_cache(maxsize=16)
def _environment(own: Path | None, language: Language, name: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(folders(own, name)),
        autoescape=select_autoescape(default=True, disabled_extensions=("txt",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined]  # i18n adds it
    made.filters |= _filters(language)
    made.globals["frame"] = frame
    made.globals["host"] = host
    made.globals["way_of"] = partial(way_of, right_to_left=language.right_to_left)
    return made


def _filters(language: Language) -> dict[str, Callable[..., str]]:
    rules, right_to_left = language.rules, language.right_to_left
    return {
        "headline": _kept_safe(_remembering(partial(typography.headline, rules=rules))),
        "running": _kept_safe(_remembering(partial(typography.running, rules=rules))),
        "caption": _kept_safe(_remembering(partial(typography.caption, rules=rules))),
        "credit": typography.credit,
        "bound": typography.bound,
        "number": language.number,
        "listed": language.listed,
        "isolated": plain.isolated if right_to_left else str,
        "wrapped": _remembering(partial(plain.wrapped, right_to_left=right_to_left)),
        "bulleted": _remembering(partial(plain.bulleted, right_to_left=right_to_left)),
        "underlined": partial(plain.underlined, right_to_left=right_to_left),
    }


def _kept_safe(setting: Callable[[str], str]) -> Callable[[str], str]:
    """What is markup already, such as a translated sentence with a link in it, is not escaped a second time."""

    def filtered(text: str) -> str:
        return Markup(setting(str(text))) if isinstance(text, Markup) else setting(text)  # noqa: S704  # it was safe

    return filtered


def _remembering(setting: Callable[..., str]) -> Callable[..., str]:
    """An issue is made up many times before it leaves, and little of it changes in between."""
    return lru_cache(maxsize=2048)(setting)
