"""The list of subscribers: who is on it, and which of its rows get no letter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from digest.audience.addresses import BadAddress, normalise
from digest.audience.columns import Columns, cell, find_columns, split_mailbox
from digest.audience.table import Table, read_table
from digest.errors import ConfigurationError
from digest.model import Audience, LeftOut, Subscriber

BAD_ADDRESS = "bad address"
BAD_ROW = "bad row"
DUPLICATE = "duplicate"
DISABLED = "disabled"

_LONGEST_NAME = 200
_LONGEST_SHOWN = 100
_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b\u00ad"))
"""Invisible marks that turn the text after them around, or stand for nothing; joiners stay, Persian names need them."""


def read_roster(path: Path) -> Audience:
    """The readers of a CSV file in its order, and the rows that are left out, by line and with the reason.

    Reasons: `bad row` (no address, or one with a line break in it), `bad address`, `duplicate` (the first row counts),
    `disabled` (the list says that they want no letter, or cannot be reached: it holds for every row of that address).
    An empty list has no readers.

    Raises ConfigurationError when the file cannot be read or holds no column of addresses.
    """
    table = read_table(path)
    with table.opened() as rows:
        columns = find_columns(table.header, table.sample)
        if columns is None:
            return _without_addresses(path, table)
        roster = _Roster(table.header, columns)
        for line, cells in rows:
            roster.take(line, cells)
    return roster.audience()


def _without_addresses(path: Path, table: Table) -> Audience:
    if not table.sample:
        return Audience(readers=())
    found = ", ".join(shown(name) or '""' for name in table.header[:8]) or "no names of columns"
    raise ConfigurationError(
        f"{path}: there is no column of addresses; its first line has {found}",
        hint='Name the column in the first line "email", as in: email,name',
    )


class _Roster:
    """The list as it is read, row by row."""

    def __init__(self, header: Sequence[str], columns: Columns) -> None:
        self._header = header
        self._columns = columns
        self._guarded = bool(columns.no_letter or columns.letter or columns.status)
        self._readers: dict[str, Subscriber] = {}
        self._lines: dict[str, int] = {}
        self._left_out: list[LeftOut] = []

    def audience(self) -> Audience:
        left_out = sorted(self._left_out, key=lambda row: row.line)
        return Audience(readers=tuple(self._readers.values()), left_out=tuple(left_out))

    def take(self, line: int, cells: Sequence[str]) -> None:
        written = cell(cells, self._columns.address)
        if not written.isprintable() or not written or written.isspace():
            written = self._unusual(line, cells, written)
        if written:
            self._take_address(line, cells, *split_mailbox(written.strip()))

    def _unusual(self, line: int, cells: Sequence[str], written: str) -> str:
        """The address of a row that has none, or control characters in it; empty when it is no row of a reader."""
        trimmed = written.strip(" \t").translate(_TURNING)
        if not trimmed:
            if any(text.strip() for text in cells):
                self._leave(BAD_ROW, line, written, "the row has no address")
            return ""
        if any(ord(letter) < 32 or letter in "\x7f\x85\u2028\u2029" for letter in trimmed):
            self._leave(BAD_ROW, line, written, "a line break or control character stands in the address")
            return ""
        return trimmed

    def _take_address(self, line: int, cells: Sequence[str], name: str, written: str) -> None:
        try:
            address = normalise(written)
        except BadAddress as bad:
            self._leave(BAD_ADDRESS, line, written, str(bad))
            return
        refusing = self._columns.refusing(cells) if self._guarded else None
        if refusing is not None:
            self._refuse(line, address, f'{shown(self._header[refusing])} is "{shown(cells[refusing])}"')
        elif address in self._lines:
            self._repeat(line, address)
        else:
            self._lines[address] = line
            self._readers[address] = self._subscriber(address, cells, name)

    def _subscriber(self, address: str, cells: Sequence[str], name: str) -> Subscriber:
        columns = self._columns
        written = columns.whole_name(cells) if columns.name else name
        return Subscriber(address=address, name=clean_name(written or name), categories=columns.chosen(cells))

    def _refuse(self, line: int, address: str, detail: str) -> None:
        self._leave(DISABLED, line, address, detail)
        if self._readers.pop(address, None):
            self._leave(DISABLED, self._lines[address], address, f"line {line} says so: {detail}")
        self._lines.setdefault(address, line)

    def _repeat(self, line: int, address: str) -> None:
        first = self._lines[address]
        if address in self._readers:
            self._leave(DUPLICATE, line, address, f"already in line {first}")
        else:
            self._leave(DISABLED, line, address, "another line of the list says so")

    def _leave(self, reason: str, line: int, address: str, detail: str) -> None:
        self._left_out.append(LeftOut(reason=reason, line=line, address=shown(address), detail=detail))


def clean_name(written: str) -> str:
    """A name fit for a mail header: one line, no control characters, single spaces, and not endless."""
    if not written.isprintable():
        written = "".join(map(_visible, written.translate(_TURNING)))
    return " ".join(written.split())[:_LONGEST_NAME].rstrip()


def shown(text: str) -> str:
    """A cell as a report may print it: short, and nothing in it that a terminal would obey."""
    visible = " ".join("".join(map(_visible, text[: _LONGEST_SHOWN * 4])).split())
    return visible if len(visible) <= _LONGEST_SHOWN else visible[: _LONGEST_SHOWN - 1] + "…"


def _visible(letter: str) -> str:
    return letter if letter.isprintable() or letter in "\u200c\u200d" else " "
