"""Looking whether a store is whole, without touching it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from digest.record.checkup import check_up
from digest.record.location import url_of
from digest.record.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Store.open(url_of(tmp_path / "digest.db")).close()
    return tmp_path / "digest.db"


def test_a_store_that_is_whole_and_stays_as_it_is(path: Path) -> None:
    before = path.read_bytes()
    found = check_up(path, seconds=10)
    assert (found.faults, found.is_newest, found.trouble) == ((), True, "")
    assert path.read_bytes() == before


def test_a_store_that_is_open_elsewhere(path: Path) -> None:
    with Store.open(url_of(path)):
        assert check_up(path, seconds=10).faults == ()


def test_a_store_of_an_older_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("UPDATE alembic_version SET version_num = '0003'")
    assert not check_up(path, seconds=10).is_newest


def test_a_store_with_a_damaged_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)
    assert check_up(path, seconds=10).faults


def test_what_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "digest.db").write_bytes(b"no database" * 1000)
    assert check_up(tmp_path / "digest.db", seconds=10).faults


def test_there_is_no_time_for_all_of_it(path: Path) -> None:
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("CREATE TABLE filler (a)")
        store.executemany("INSERT INTO filler VALUES (?)", [("x" * 400,)] * 20_000)
    assert "within 0 s" in check_up(path, seconds=0).trouble
