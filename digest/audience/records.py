"""Lines of separated values, taken apart into records, with a mind to quotation marks that went wrong."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from digest.audience.lines import Block

Row = tuple[int, list[str]]
"""The line of the file that a row begins in, from 1, and its cells."""

_LONGEST = 1 << 20
"""How many characters a record may have. What is longer has a quotation mark that nobody closed."""
_FEW = 100
_LIMIT = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How cells are set apart. `spaced` says whether spaces stand between a delimiter and a quoted cell."""

    delimiter: str
    spaced: bool = False


def records(blocks: Iterable[Block], dialect: Dialect, line: int = 1) -> Iterator[Row]:
    """Every record, empty ones too; `line` is the number of the first line.

    Strict, because a quotation mark that is never closed would swallow the readers after it without a word: a line that
    breaks the rules is read by itself, and the next one afresh.
    """
    return chain.from_iterable(_by_block(blocks, dialect, line))


def _by_block(blocks: Iterable[Block], dialect: Dialect, line: int) -> Iterator[list[Row]]:
    waiting: list[str] = []
    enough = 0
    for block in blocks:
        waiting += block
        if len(waiting) < enough:
            continue
        rows, done = _take_apart(waiting, dialect, line, whole=False)
        yield rows
        del waiting[:done]
        line += done
        enough = 2 * len(waiting)  # lest a long record be gone through again for every block of it
    yield _take_apart(waiting, dialect, line, whole=True)[0]


def _take_apart(lines: Sequence[str], dialect: Dialect, first: int, *, whole: bool) -> tuple[list[Row], int]:
    """The records of some lines, and how many lines they are; fewer than there are if the last goes on after them."""
    rows: list[Row] = []
    done = 0
    with _long_cells():
        if '"' not in "".join(lines):
            return _read_plainly(lines, dialect, first), len(lines)
        while done < len(lines):
            done, seen = _read_strictly(lines, done, dialect, first, rows)
            if done == len(lines) or (seen == len(lines) and not whole and not _endless(lines, done)):
                break
            alone = _lines_to_read_alone(seen - done)
            rows += [(first + at, _careless(lines[at], dialect.delimiter)) for at in range(done, done + alone)]
            done += alone
    return rows, done


def _read_plainly(lines: Sequence[str], dialect: Dialect, first: int) -> list[Row]:
    """The records of lines without quotation marks: one a line."""
    try:
        reader = csv.reader(lines, delimiter=dialect.delimiter, skipinitialspace=dialect.spaced)
        return list(zip(range(first, first + len(lines)), reader, strict=True))
    except csv.Error:  # a cell beyond all limits
        return [(first + at, _careless(line, dialect.delimiter)) for at, line in enumerate(lines)]


def _read_strictly(lines: Sequence[str], start: int, dialect: Dialect, first: int, rows: list[Row]) -> tuple[int, int]:
    """Adds records up to the first that breaks the rules. Gives the line it begins in, and the one after its fault."""
    rest = map(lines.__getitem__, range(start, len(lines)))
    reader = csv.reader(rest, delimiter=dialect.delimiter, skipinitialspace=dialect.spaced, strict=True)
    done = 0
    try:
        for cells in reader:
            rows.append((first + start + done, cells))
            done = reader.line_num
    except csv.Error:
        return start + done, start + reader.line_num
    return start + done, start + done


def _endless(lines: Sequence[str], start: int) -> bool:
    return sum(map(len, lines[start:])) > _LONGEST


def _lines_to_read_alone(seen: int) -> int:
    """How many, of the lines seen before a fault showed. One, as a rule; after many all but the last, or else a file in
    which every line seems to begin an endless record would be gone through again for every line."""
    return 1 if seen <= _FEW else seen - 1


def _careless(line: str, delimiter: str) -> list[str]:
    """The cells of one line whose quotation marks are wrong."""
    paired = line.count('"') % 2 == 0
    try:
        if paired:
            cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
            return [cell.strip('"') if cell.count('"') % 2 else cell for cell in cells]
        cells = next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except csv.Error:  # a cell beyond all limits
        cells = line.rstrip("\r\n").split(delimiter)
    return [cell.strip().strip('"') for cell in cells]


@contextmanager
def _long_cells() -> Iterator[None]:
    """Room for long cells. The csv module has one limit for the whole process, so it is put back."""
    with _LIMIT:
        before = csv.field_size_limit(_LONGEST)
        try:
            yield
        finally:
            csv.field_size_limit(before)
