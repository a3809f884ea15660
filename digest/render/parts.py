"""The parts of a theme, as files that a publication can look at and copy."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from digest.errors import ConfigurationError
from digest.render.theme import folders

_ENDINGS = (".mjml", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A template: its name (`note`, `sections/brief`; the plain text with its ending) and its file.

    `own` says that the file lies in the publication's own folder.
    """

    name: str
    file: Path
    own: bool


def parts_of(theme: str, own: Path | None) -> tuple[Part, ...]:
    """Every part of the theme by name, each from the first folder that has it. Raises TemplateError."""
    found: dict[str, Part] = {}
    for folder in folders(own, theme):
        for file in sorted(folder.rglob("*")):
            if file.suffix in _ENDINGS and file.is_file():
                name = _name(file.relative_to(folder))
                found.setdefault(name, Part(name=name, file=file, own=folder == own))
    return tuple(found[name] for name in sorted(found))


def part_called(name: str, parts: tuple[Part, ...]) -> Part:
    """The part of that name, with or without its ending. Raises ConfigurationError, which names what is near."""
    by_name = {part.name: part for part in parts}
    wanted = name.strip().strip("/").removesuffix(".mjml")
    if wanted in by_name:
        return by_name[wanted]
    near = get_close_matches(wanted, by_name, n=1) or [one for one in by_name if one.rpartition("/")[2] == wanted]
    raise ConfigurationError(
        f"the theme has no part {name!r}",
        hint=f"did you mean {' or '.join(near)}?" if near else "`digest theme list` names them all",
    )


def copy_part(part: Part, folder: Path) -> Path:
    """Copies the part to its place in `folder`, made if missing, and returns the new file.

    Raises ConfigurationError when it is there already or cannot be written; then nothing is changed.
    """
    target = folder / f"{part.name}{part.file.suffix if part.file.suffix == '.mjml' else ''}"
    if target.exists():
        raise ConfigurationError(f"{target} exists already", hint="change that one, or delete it to start anew")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(part.file, target)
    except OSError as error:
        raise ConfigurationError(
            f"{target} cannot be written: {error.strerror}", hint="name another folder with --to"
        ) from error
    return target


def _name(place: Path) -> str:
    return place.with_suffix("").as_posix() if place.suffix == ".mjml" else place.as_posix()
