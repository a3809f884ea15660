"""The list read as the product reads it: row by row, into a store that nobody has used before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from digest.audience.roster import stamp_of, stream_roster
from digest.audience.table import read_table
from digest.model import LeftOut, RosterRow, Subscriber
from digest.record.location import url_of
from digest.record.store import Store


class Audience(NamedTuple):
    """Who is on a list, in its order, and the rows that are left out, by line."""

    readers: tuple[Subscriber, ...]
    left_out: tuple[LeftOut, ...] = ()


def read(path: Path) -> Audience:
    """What a first reading of a list comes to. Raises ConfigurationError."""
    with TemporaryDirectory() as folder, fresh_store(Path(folder)) as store:
        report = store.subscribers.keep(
            stream_roster(path), path=str(path), stamp=stamp_of(path), now=datetime.now(UTC)
        )
        readers = tuple(reader for _, reader in store.subscribers.iterate())
    assert report.readers == len(readers)
    assert report.left_out == Counter(row.reason for row in report.faults)
    return Audience(readers, report.faults)


def roster(folder: Path, text: str | bytes) -> Audience:
    """What a list with that text comes to."""
    return read(_list(folder, text))


def stream(folder: Path, text: str) -> list[RosterRow]:
    """The rows of a list with that text, each judged by itself."""
    return list(stream_roster(_list(folder, text)))


def addresses(audience: Audience) -> list[str]:
    return [reader.address for reader in audience.readers]


def reasons(audience: Audience) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in audience.left_out]


def by_column(path: Path) -> list[dict[str, str]]:
    """The cells of each row by the names of their columns; a missing one is empty, one too many is dropped."""
    table = read_table(path)
    with table.opened() as records:
        return [dict(zip(table.header, chain(cells, repeat("")), strict=False)) for _, cells in records if any(cells)]


@contextmanager
def fresh_store(folder: Path) -> Iterator[Store]:
    """An empty store in a folder: a copy, because to make one takes many times as long."""
    path = folder / "digest.db"
    path.write_bytes(empty_store())
    with Store.open(url_of(path)) as store:
        yield store


@cache
def empty_store() -> bytes:
    """The file of an empty store, made once a process."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "digest.db"
        Store.open(url_of(path)).close()
        return path.read_bytes()


def _list(folder: Path, text: str | bytes) -> Path:
    path = folder / "subscribers.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
