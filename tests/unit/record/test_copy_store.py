from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from digest.record.copy import copy_store
from digest.record.location import path_of
from digest.record.store import Store
from tests.unit.record.newsroom import NOW, claim, entry, fetched, planned, sender

ROOT = Path(__file__).resolve().parents[3]
WRITER = """
import sys
from digest.record.store import Store
from tests.unit.record.newsroom import NOW
store = Store.open(sys.argv[1])
store.suppressions.add("before@reader.example", "asked", now=NOW)
print("ready", flush=True)
sys.stdin.readline()
"""
# Moves an amount between two rows: at every moment their sum is the same. The log is written back all the time.
BUSY = """
import sys
from digest.record.store import Store
store = Store.open(sys.argv[1])
with store._database.reading() as connection:
    connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 3")
print("ready", flush=True)
number = 0
while True:
    number += 1
    with store._database.writing() as connection:
        for change, row in ((-1, 1), (1, 99)):
            values = (change, str(number) * 9000, row)
            connection.exec_driver_sql("UPDATE purse SET amount = amount + ?, padding = ? WHERE id = ?", values)
"""


def snapshot(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in sorted(folder.iterdir())
    }


@contextmanager
def running(program: str, url: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline()
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def test_a_store_that_does_not_exist_is_copied_as_such(file: Path, url: str, copies: Path) -> None:
    copy = path_of(copy_store(url, copies))
    assert copy.parent == copies
    assert not copy.exists()
    assert not file.parent.exists()
    with Store.open(copy_store(url, copies)) as store:
        assert store.issues.records(1) == ()
    assert not file.parent.exists()


def test_a_closed_store_is_copied_byte_for_byte(file: Path, url: str, copies: Path) -> None:
    with Store.open(url) as store:
        planned(store, 5)
        secret = store.secret()
    before = snapshot(file.parent)
    copied = copy_store(url, copies)
    assert path_of(copied).read_bytes() == file.read_bytes()
    with Store.open(copied) as copy:
        assert copy.secret() == secret
        assert len(claim(copy, sender(copy)).letters) == 5
        copy.sources.keep(fetched(entry()), now=NOW)
    assert snapshot(file.parent) == before
    assert list(before) == ["digest.db"]


def test_a_store_that_a_crash_left_behind_is_copied_with_its_log(file: Path, url: str, copies: Path) -> None:
    Store.open(url).close()
    with running(WRITER, url):
        pass
    before = snapshot(file.parent)
    assert "digest.db-wal" in before
    with Store.open(copy_store(url, copies)) as copy:
        assert copy.suppressions.addresses() == {"before@reader.example"}
        copy.suppressions.add("dry@reader.example", "asked", now=NOW)
    assert snapshot(file.parent) == before
    with Store.open(url) as store:
        assert store.suppressions.addresses() == {"before@reader.example"}


def test_a_store_that_another_process_has_open_is_copied_as_it_stands(file: Path, url: str, copies: Path) -> None:
    with running(WRITER, url) as writer:
        before = snapshot(file.parent)
        with Store.open(copy_store(url, copies)) as copy:
            assert copy.suppressions.addresses() == {"before@reader.example"}
        assert snapshot(file.parent) == before
        writer.communicate("\n")
        assert writer.returncode == 0
    assert list(snapshot(file.parent)) == ["digest.db"]


def test_a_store_that_is_being_written_is_copied_at_one_moment(file: Path, url: str, copies: Path) -> None:
    Store.open(url).close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE purse (id INTEGER PRIMARY KEY, amount INTEGER, padding TEXT)")
        # Far apart, so that the store changes while it is being copied.
        connection.executemany(
            "INSERT INTO purse VALUES (?, 0, zeroblob(200000))", [(number,) for number in range(1, 100)]
        )
    amounts = set()
    with running(BUSY, url):
        for number in range(8):
            copied = path_of(copy_store(url, copies / str(number)))
            with closing(sqlite3.connect(copied)) as copy:
                assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert copy.execute("SELECT sum(amount) FROM purse").fetchone() == (0,)
                amounts.add(copy.execute("SELECT amount FROM purse WHERE id = 99").fetchone())
    assert len(amounts) > 1


def test_a_store_that_this_process_has_open_is_copied_without_dropping_its_locks(
    file: Path, url: str, copies: Path
) -> None:
    with Store.open(url) as store:
        store.suppressions.add("before@reader.example", "asked", now=NOW)
        with Store.open(copy_store(url, copies)) as copy:
            assert copy.suppressions.addresses() == {"before@reader.example"}
        # Another process that opens and closes the store would take the log away if it saw nobody there.
        with running(WRITER, url) as other:
            other.communicate("\n")
        assert "digest.db-wal" in snapshot(file.parent)
        assert store.suppressions.add("after@reader.example", "asked", now=NOW)
    assert list(snapshot(file.parent)) == ["digest.db"]


def test_a_copy_takes_the_place_of_an_earlier_one(url: str, copies: Path) -> None:
    for address in ("ana@reader.example", "ben@reader.example"):
        with Store.open(url) as store:
            store.suppressions.add(address, "asked", now=NOW)
        copied = copy_store(url, copies)
    with Store.open(copied) as copy:
        assert copy.suppressions.addresses() == {"ana@reader.example", "ben@reader.example"}
