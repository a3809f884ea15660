"""A file of separated values as spreadsheets write them: its encoding, its delimiter, its header, its rows."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from digest.audience.columns import address_column, holds_address, is_header
from digest.audience.encoding import decode
from digest.errors import ConfigurationError

Row = tuple[int, list[str]]
"""The line of the file that a row begins in, from 1, and its cells."""

_DELIMITERS = (",", ";", "\t", "|")
_SAID = re.compile(r'"?sep=([^\w"\r\n])"?\s*\Z', re.IGNORECASE)
"""Excel's own first line, which names the delimiter."""

_OTHER_FILES = {
    b"PK\x03\x04": "a workbook of Excel or Numbers",
    b"\xd0\xcf\x11\xe0": "a workbook of an old Excel",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}
_LIMIT = threading.RLock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file's rows, not parsed yet. `header` is empty when the first row is no header but data already."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    lines: Sequence[str]
    first: int
    """The index in `lines` of the first line of data."""
    spaced: bool = False
    """Whether spaces stand between a delimiter and a quoted cell."""

    @contextmanager
    def opened(self) -> Iterator[Iterator[Row]]:
        """Every row that holds anything, parsed as it is asked for."""
        records = _records(self.lines, self.first, self.delimiter, self.spaced)
        with _long_cells(self.lines):
            yield ((line, cells) for line, cells in records if any(cells))

    @property
    def sample(self) -> list[list[str]]:
        """The cells of the first hundred rows."""
        with self.opened() as rows:
            return [cells for _, cells in islice(rows, 100)]

    def as_mappings(self) -> list[dict[str, str]]:
        """Each row by the names of its columns; a missing cell is empty, one too many is dropped."""
        with self.opened() as rows:
            return [dict(zip(self.header, _filled(cells, len(self.header)), strict=False)) for _, cells in rows]


def read_table(path: Path) -> Table:
    """The rows of a CSV file, whatever spreadsheet wrote it.

    Raises ConfigurationError when it is missing, cannot be read, or is another kind of file.
    """
    data = _read(path)
    kind = next((words for magic, words in _OTHER_FILES.items() if data.startswith(magic)), "")
    if kind:
        raise ConfigurationError(
            f"{path} is {kind}, not a CSV file", hint='Save the list as "CSV UTF-8" and name that.'
        )
    text, encoding = decode(data)
    return _table(list(io.StringIO(text, newline="")), encoding)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        text, hint = f"{path}: there is no such file", "Make it, or name the right one as audience.subscribers."
    except IsADirectoryError:
        text, hint = f"{path} is a folder, not a file", "Name the CSV file in it as audience.subscribers."
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        text, hint = f"{path} cannot be read: {reason}", "See to its permissions, or name another file."
    raise ConfigurationError(text, hint=hint)


def _table(lines: Sequence[str], encoding: str) -> Table:
    said = _SAID.match(lines[0]) if lines else None
    start = _skip_empty(lines, 1 if said else 0)
    spaced = any(f'{delimiter} "' in line for delimiter in _DELIMITERS for line in lines[start : start + 100])
    with _long_cells(lines):
        heads = {delimiter: _head(lines, start, delimiter, spaced) for delimiter in _DELIMITERS}
        delimiter = said[1] if said else max(_DELIMITERS, key=lambda one: _likelihood(heads[one]))
        head = heads.get(delimiter) or _head(lines, start, delimiter, spaced)
        after = _second_record(lines, start, delimiter, spaced) if is_header(head) else start
    return Table(
        encoding=encoding,
        delimiter=delimiter,
        header=tuple(cell.strip() for cell in head) if after > start else (),
        lines=lines,
        first=after,
        spaced=spaced,
    )


def _skip_empty(lines: Sequence[str], start: int) -> int:
    return next((at for at in range(start, len(lines)) if lines[at].strip(' \t\r\n,;|"')), len(lines))


def _head(lines: Sequence[str], start: int, delimiter: str, spaced: bool) -> list[str]:
    return next((cells for _, cells in _records(lines, start, delimiter, spaced)), [])


def _second_record(lines: Sequence[str], start: int, delimiter: str, spaced: bool) -> int:
    second = next(islice(_records(lines, start, delimiter, spaced), 1, None), None)
    return second[0] - 1 if second else len(lines)


def _likelihood(head: Sequence[str]) -> tuple[bool, int]:
    """The right delimiter sets a cell free that names or holds addresses; failing that, it makes the most cells."""
    return address_column(head) is not None or any(map(holds_address, head)), len(head)


def _records(lines: Sequence[str], start: int, delimiter: str, spaced: bool) -> Iterator[Row]:
    """Every record from line index `start` on.

    Strict, because a quotation mark that is never closed would swallow the readers after it without a word; a line
    that breaks the rules is read by itself, and the next one afresh.
    """
    while start < len(lines):
        rest = map(lines.__getitem__, range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, skipinitialspace=spaced, strict=True)
        done = 0
        try:
            for cells in reader:
                yield start + done + 1, cells
                done = reader.line_num
        except csv.Error:
            yield start + done + 1, _careless(lines[start + done], delimiter)
            done += 1
        start += done


def _careless(line: str, delimiter: str) -> list[str]:
    """The cells of one line whose quotation marks are wrong."""
    paired = line.count('"') % 2 == 0
    if paired:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    cells = next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    return [cell.strip().strip('"') for cell in cells]


def _filled(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


@contextmanager
def _long_cells(lines: Sequence[str]) -> Iterator[None]:
    """Room for any cell of these lines. The csv module has one limit for the whole process, so it is put back."""
    longest = sum(map(len, lines))
    with _LIMIT:
        before = csv.field_size_limit()
        csv.field_size_limit(max(before, longest))
        try:
            yield
        finally:
            csv.field_size_limit(before)
