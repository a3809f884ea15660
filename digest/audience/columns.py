"""Which column of a list holds what."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.audience import words
from digest.audience.addresses import BadAddress, normalise
from digest.audience.formulas import unguarded
from digest.audience.words import plain
from digest.audience.zones import known_zone
from digest.model.readers import Rhythm

_BETWEEN = re.compile(r"[;,|]")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*\s*\Z")
_NAMED = re.compile(r'\s*"?(?P<name>[^<>"]*)"?\s*<(?P<address>[^<>]*)>\s*\Z')


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where in a row things stand, as indexes. `name` is one column, or the parts of a name in order."""

    address: int
    name: tuple[int, ...] = ()
    categories: int | None = None
    timezone: int | None = None
    language: int | None = None
    rhythm: int | None = None
    no_letter: tuple[int, ...] = ()
    letter: tuple[int, ...] = ()
    status: tuple[int, ...] = ()

    @property
    def are_bare(self) -> bool:
        """Whether rows say nothing but addresses and names."""
        chosen = (self.categories, self.timezone, self.language, self.rhythm)
        return not any((self.no_letter, self.letter, self.status)) and chosen == (None,) * len(chosen)

    def refusing(self, cells: Sequence[str]) -> int | None:
        """The column in which a row says that its reader gets no letter."""
        for index in self.no_letter:
            if index < len(cells) and plain(cells[index]) not in words.NO:
                return index
        for index in self.letter:
            if index < len(cells) and cells[index].strip() and plain(cells[index]) in words.NO:
                return index
        for index in self.status:
            if index < len(cells) and plain(cells[index]) in words.REFUSING_STATUS:
                return index
        return None

    def whole_name(self, cells: Sequence[str]) -> str:
        """The name that a row gives, put together, as it is written."""
        if len(self.name) != 1:
            return " ".join([cell(cells, index) for index in self.name])
        return cells[self.name[0]] if self.name[0] < len(cells) else ""

    def chosen(self, cells: Sequence[str]) -> str:
        """The categories that a row names, each once, joined by line ends."""
        return "" if self.categories is None else split_categories(unguarded(cell(cells, self.categories)))

    def zone(self, cells: Sequence[str]) -> tuple[str, str]:
        """The time zone that a row names, as `known_zone` gives it."""
        return ("", "") if self.timezone is None else known_zone(cell(cells, self.timezone))

    def language_of(self, cells: Sequence[str]) -> str:
        """The code of the language that a row names, `es` for `es-MX` too; empty where it names none."""
        named = _LANGUAGE.match(cell(cells, self.language)) if self.language is not None else None
        return named[1].lower() if named else ""

    def rhythm_of(self, cells: Sequence[str]) -> str:
        """`monthly` where a row says so."""
        is_monthly = self.rhythm is not None and plain(cell(cells, self.rhythm)) in words.MONTHLY
        return Rhythm.MONTHLY.value if is_monthly else ""


def find_columns(header: Sequence[str], sample: Sequence[Sequence[str]]) -> Columns | None:
    """The columns by their names; that of the addresses by looking at the first rows where its name says nothing.

    None when there is no column of addresses.
    """
    named = address_column(header)
    address = named if named is not None else _column_of_addresses(sample)
    if address is None:
        return None
    names = [plain(name) for name in header]
    return Columns(
        address=address,
        name=_name_columns(names),
        categories=_first(names, words.CATEGORIES),
        timezone=_first(names, words.TIMEZONE),
        language=_first(names, words.LANGUAGE),
        rhythm=_first(names, words.RHYTHM),
        no_letter=_all(names, words.NO_LETTER),
        letter=_all(names, words.LETTER),
        status=_all(names, words.STATUS),
    )


def address_column(header: Sequence[str]) -> int | None:
    """The column that is named as one of addresses."""
    names = [plain(name) for name in header]
    return next((names.index(word) for word in words.ADDRESS if word in names), None)


def is_header(row: Sequence[str]) -> bool:
    """Whether a first row names columns. One that holds an address, or what tries to be one, is data."""
    if not row or any(map(holds_address, row)):
        return False
    return address_column(row) is not None or not any("@" in name for name in row)


def holds_address(text: str) -> bool:
    """Whether a cell is an address, or a name and an address in angle brackets."""
    if "@" not in text:
        return False
    try:
        normalise(split_mailbox(text)[1])
    except BadAddress:
        return False
    return True


def split_mailbox(text: str) -> tuple[str, str]:
    """A name and an address out of a cell: `Ana Sá <ana@example.com>`, or an address alone."""
    named = _NAMED.match(text) if text.endswith(">") else None
    return (named["name"].strip(), named["address"]) if named else ("", text)


def cell(cells: Sequence[str], index: int) -> str:
    """A cell of a row, empty when the row is too short."""
    return cells[index] if index < len(cells) else ""


@lru_cache(maxsize=1024)
def split_categories(text: str) -> str:
    """The categories of a cell, each once, joined by line ends. Where a line ends in it, nothing else sets them apart:
    so a section's name may have a comma."""
    parts = (" ".join(part.split()) for part in (text.split("\n") if "\n" in text else _BETWEEN.split(text)))
    return "\n".join({part.casefold(): part for part in parts if part}.values())


def _column_of_addresses(sample: Sequence[Sequence[str]]) -> int | None:
    """The column with the most addresses, if they are at least half of what it holds."""
    width = max(map(len, sample), default=0)
    columns = [[row[at] for row in sample if len(row) > at and row[at].strip()] for at in range(width)]
    counts = [sum(map(holds_address, column)) for column in columns]
    at = max(range(width), key=counts.__getitem__, default=0)
    return at if width and counts[at] and 2 * counts[at] >= len(columns[at]) else None


def _name_columns(names: Sequence[str]) -> tuple[int, ...]:
    full, name = _first(names, words.FULL_NAME), _first(names, words.NAME)
    first, last = _first(names, words.FIRST_NAME), _first(names, words.LAST_NAME)
    beside = _first(names, words.FIRST_NAME_BESIDE_NAME)
    choices = (
        (full,),
        (first if first is not None else beside, last),
        (name, last),
        (beside, name),
        (name,),
        (first,),
        (beside,),
        (last,),
    )
    best = next((choice for choice in choices if None not in choice), ())
    return tuple(index for index in best if index is not None)


def _first(names: Sequence[str], known: Collection[str]) -> int | None:
    return next((at for at, name in enumerate(names) if name in known), None)


def _all(names: Sequence[str], known: Collection[str]) -> tuple[int, ...]:
    return tuple(at for at, name in enumerate(names) if name in known)
