"""A file of separated values as spreadsheets write them: its encoding, its delimiter, its header, its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from digest.audience.columns import address_column, holds_address, is_header
from digest.audience.lines import Block, TextFile, examine
from digest.audience.records import Dialect, Row, records

_DELIMITERS = (",", ";", "\t", "|")
_SAID = re.compile(r'"?sep=([^\w"\r\n])"?\s*\Z', re.IGNORECASE)
"""Excel's own first line, which names the delimiter."""

_SAMPLE = 100
_BLOCKS = 16
"""How many blocks of lines are looked at to find out how a file is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file's rows, which are read as they are asked for.

    `header` is empty when the first row is no header but data already. `before` is how many lines come before the data,
    `sample` holds the cells of the first hundred rows.
    """

    file: TextFile
    dialect: Dialect
    header: tuple[str, ...]
    before: int
    sample: tuple[list[str], ...]

    @property
    def encoding(self) -> str:
        return self.file.encoding

    @property
    def delimiter(self) -> str:
        return self.dialect.delimiter

    @contextmanager
    def opened(self) -> Iterator[Iterator[Row]]:
        """Every row, empty ones too. Raises ConfigurationError when the file changes meanwhile."""
        with self.file.opened() as blocks:
            yield records(_after(blocks, self.before), self.dialect, self.before + 1)


def read_table(path: Path) -> Table:
    """The rows of a CSV file, whatever spreadsheet wrote it.

    Raises ConfigurationError when it is missing, cannot be read, or is another kind of file.
    """
    file = examine(path)
    with file.opened() as blocks:
        before, said, first = _beginning(blocks)
        beginning = list(chain(first, *islice(blocks, _BLOCKS)))
    spaced = any(f'{delimiter} "' in line for delimiter in _DELIMITERS for line in beginning[:_SAMPLE])
    dialect = Dialect(delimiter=said or _find_delimiter(beginning, spaced), spaced=spaced)
    head = _head(beginning, dialect)
    length = _length_of_first(beginning, dialect) if is_header(head) else 0
    return Table(
        file=file,
        dialect=dialect,
        header=tuple(cell.strip() for cell in head) if length else (),
        before=before + length,
        sample=_sample(beginning[length:], dialect),
    )


def _beginning(blocks: Iterable[Block]) -> tuple[int, str, Block]:
    """How many empty lines come first, the delimiter that the very first names, and a block of lines from there."""
    before, said = 0, ""
    for block in blocks:
        named = None if before else _SAID.match(block[0])
        said = named[1] if named else said
        start = _first_filled(block, 1 if named else 0)
        before += start
        if start < len(block):
            return before, said, block[start:]
    return before, said, []


def _first_filled(lines: Sequence[str], start: int) -> int:
    return next((at for at in range(start, len(lines)) if lines[at].strip(' \t\r\n,;|"')), len(lines))


def _find_delimiter(lines: Block, spaced: bool) -> str:
    heads = {one: _head(lines, Dialect(delimiter=one, spaced=spaced)) for one in _DELIMITERS}
    return max(_DELIMITERS, key=lambda one: _likelihood(heads[one]))


def _likelihood(head: Sequence[str]) -> tuple[bool, int]:
    """The right delimiter sets a cell free that names or holds addresses; failing that, it makes the most cells."""
    return address_column(head) is not None or any(map(holds_address, head)), len(head)


def _head(lines: Block, dialect: Dialect) -> list[str]:
    return next((cells for _, cells in records([lines], dialect)), [])


def _length_of_first(lines: Block, dialect: Dialect) -> int:
    """How many lines the first record has."""
    second = next(islice(records([lines], dialect), 1, None), None)
    return second[0] - 1 if second else len(lines)


def _sample(lines: Block, dialect: Dialect) -> tuple[list[str], ...]:
    return tuple(islice(_filled(records([lines], dialect)), _SAMPLE))


def _filled(rows: Iterable[Row]) -> Iterator[list[str]]:
    """The cells of the rows that hold anything."""
    return (cells for _, cells in rows if any(cells))


def _after(blocks: Iterator[Block], lines: int) -> Iterator[Block]:
    """The lines of the file after the first so many."""
    for block in blocks:
        if lines < len(block):
            return chain([block[lines:]], blocks)
        lines -= len(block)
    return iter(())
