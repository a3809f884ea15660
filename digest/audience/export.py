"""A list of readers as a CSV file that spreadsheets, other services and `digest subscribers import` can read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from digest.audience.columns import split_categories
from digest.audience.formulas import guarded
from digest.model.readers import Choice, Ground, Reader

COLUMNS = ("email", "name", "sections", "language", "rhythm", "timezone")
STANDING = ("status", "since")

SUBSCRIBED = "subscribed"
NOT_SUBSCRIBED = "not subscribed"
"""Known, but on no list at the moment, and not because they said no."""

STATUS_OF: Mapping[Ground, str] = {
    Ground.SOFT: "unreachable",
    Ground.BOUNCED: "bounced",
    Ground.UNSUBSCRIBED: "unsubscribed",
    Ground.FORGOTTEN: "unsubscribed",
    Ground.BY_HAND: "suppressed",
    Ground.COMPLAINED: "complained",
}
"""What `refusals.ground_of` takes for the same ground again."""


def lines(readers: Iterable[Reader], *, standing: bool) -> Iterator[str]:
    """The file's lines, header first, each with its end; `standing` adds the columns that say who gets letters."""
    yield _line([*COLUMNS, *(STANDING if standing else ())])
    for reader in readers:
        cells = _cells(reader.address, reader.choice)
        yield _line([*cells, *(_standing(reader) if standing else ())])


def _cells(address: str, choice: Choice) -> list[str]:
    cells = [guarded(choice.name), guarded(_sections(choice.sections)), choice.language, choice.rhythm, choice.timezone]
    # An apostrophe may belong to an address, so there brackets keep a formula from beginning.
    return [f"<{address}>" if guarded(address) != address else address, *cells]


def _sections(sections: tuple[str, ...]) -> str:
    """Set apart by semicolons, or by line ends where a name has a semicolon or comma itself."""
    plain = "; ".join(sections)
    return plain if split_categories(plain) == "\n".join(sections) else "".join(f"{name}\n" for name in sections)


def _standing(reader: Reader) -> tuple[str, str]:
    if reader.ground:
        return STATUS_OF[reader.ground], _day(reader.suppressed_since)
    if reader.is_on_the_list:
        return SUBSCRIBED, _day(reader.joined_at)
    return NOT_SUBSCRIBED, ""


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _line(cells: list[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
