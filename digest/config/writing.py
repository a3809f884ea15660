"""Adding sources to a digest.toml that somebody wrote: every comment, blank line and line end stays where it was."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Comment, Table, Whitespace

from digest.config.replacing import replace_file
from digest.errors import ConfigurationError

Section = Mapping[str, str]

_LIST = re.compile(r"^[ \t]*sources[ \t]*=", re.MULTILINE)


def with_sources(text: str, sections: Sequence[Section]) -> str:
    """The text of a digest.toml with these sources after its last one, each a section of its own with its keys.

    Comments that stand behind the last source, often those of the next section, stay behind the new ones. Line ends are
    those of the text. Raises ConfigurationError, and says what to add by hand, where the text is laid out so that this
    cannot be done without loss.
    """
    ends = "\r\n" if "\r\n" in text else "\n"
    whole = text if text.endswith("\n") or not text else text + ends
    try:
        made = _added(whole, sections, ends)
    except (TOMLKitError, TypeError, ValueError):
        made = ""
    if not made or not _says_the_same_and_more(whole, made, sections):
        raise ConfigurationError(
            "its sources are laid out so that none can be added without changing the rest",
            hint=f"add this by hand:\n\n{written(sections)}",
        )
    return made


def written(sections: Sequence[Section]) -> str:
    """The sections as they are written into a digest.toml."""
    return "\n".join(_section(section, "\n") for section in sections)


def add_sources(path: Path, sections: Sequence[Section]) -> None:
    """Writes the sources into the digest.toml at `path`, if that loads with them, whatever sources the environment
    names. At any instant there is the old file or the new one, with its permissions; a link is followed.

    Raises ConfigurationError, and changes nothing, when the file cannot be read or written, or would not load.
    """
    from digest.config.load import check_file, read_document

    read_document(path)
    file = path.resolve()
    data = file.read_bytes()
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    made = with_sources(data.removeprefix(mark).decode(), sections)
    check_file(tomllib.loads(made), path.absolute())
    try:
        replace_file(file, mark + made.encode())
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise ConfigurationError(
            f"{path} cannot be written: {words}",
            hint=f"see to its permissions, or add this by hand:\n\n{written(sections)}",
        ) from None


def _added(text: str, sections: Sequence[Section], ends: str) -> str:
    document = tomlkit.parse(text)
    sources = document.get("sources")
    if isinstance(sources, Array):
        for section in sections:
            sources.append(_inline(section))
        return tomlkit.dumps(document)
    if isinstance(sources, AoT):
        _append(sources, sections, ends)
        return tomlkit.dumps(document)
    gap = ends if text.strip() and not text.endswith(ends * 2) else ""
    return text + gap + ends.join(_section(section, ends) for section in sections)


def _inline(section: Section) -> Any:
    table = tomlkit.inline_table()
    table.update(dict(section))
    return table


def _append(sources: AoT, sections: Sequence[Section], ends: str) -> None:
    behind = _taken_off(sources.body[-1])
    for section in sections:
        sources.body[-1].value.body.append((None, Whitespace(ends)))
        parsed = tomlkit.parse(_section(section, ends))["sources"]
        sources.append(parsed[0])
    sources.body[-1].value.body.extend(behind)


def _taken_off(table: Table) -> list[Any]:
    """The comments and blank lines at the end of a section, taken off it."""
    body = table.value.body
    first = len(body)
    while first and isinstance(body[first - 1][1], Comment | Whitespace):
        first -= 1
    behind = body[first:]
    del body[first:]
    return behind


def _section(section: Section, ends: str) -> str:
    lines = ("[[sources]]", *(f"{key} = {tomlkit.string(value).as_string()}" for key, value in section.items()))
    return "".join(f"{line}{ends}" for line in lines)


def _says_the_same_and_more(text: str, made: str, sections: Sequence[Section]) -> bool:
    """Whether the file says what it said, the new sources come last, and every line still stands, in its order.

    Sources in one list (`sources = [...]`) have no lines of their own that could stay.
    """
    try:
        before, after = tomllib.loads(text), tomllib.loads(made)
    except ValueError:
        return False
    before["sources"] = [*before.get("sources", []), *map(dict, sections)]
    lines = iter(made.splitlines(keepends=True))
    kept = all(line in lines for line in text.splitlines(keepends=True))
    return before == after and (kept or bool(_LIST.search(text)))
