from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from digest.errors import RecordError
from digest.record import migrate
from digest.record.faults import explained
from digest.record.location import path_of, url_of
from digest.record.store import Store
from tests.unit.record.newsroom import NOW, entry, fetched


def alter(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- opening and closing


def test_a_store_and_its_folder_are_made_on_demand(tmp_path: Path) -> None:
    file = tmp_path / "not" / "there yet" / "100% ours.db"
    with Store.open(url_of(file)) as store:
        assert store.issues.records(1) == ()
    assert names(file.parent) == ["100% ours.db"]


def test_nothing_lies_beside_a_closed_store(file: Path, store: Store) -> None:
    store.sources.keep(fetched(entry()), now=NOW)
    assert names(file.parent) == ["digest.db", "digest.db-shm", "digest.db-wal"]
    store.close()
    assert names(file.parent) == ["digest.db"]


def test_every_transaction_is_durable_and_checked(store: Store) -> None:
    with store._database.reading() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_the_secret_is_random_and_stays(tmp_path: Path) -> None:
    urls = [url_of(tmp_path / name) for name in ("one.db", "one.db", "other.db")]
    secrets = []
    for url in urls:
        with Store.open(url) as store:
            secrets.append(store.secret())
    assert secrets[0] == secrets[1] != secrets[2]
    assert len(secrets[0]) >= 43


def test_opening_again_writes_nothing(file: Path, url: str) -> None:
    Store.open(url).close()
    before = file.read_bytes()
    Store.open(url).close()
    assert file.read_bytes() == before


# --- addresses


def test_an_address_names_a_file() -> None:
    assert path_of("sqlite:////srv/docket/var/digest.db") == Path("/srv/docket/var/digest.db")
    assert url_of(Path("/srv/docket/digest.db")) == "sqlite:////srv/docket/digest.db"


@pytest.mark.parametrize("name", ["a b.db", "50%.db", "ʻōlelo.db", "what?.db", "#1.db", "a@b:c.db"])
def test_odd_names_survive(tmp_path: Path, name: str) -> None:
    assert path_of(url_of(tmp_path / name)) == tmp_path / name


@pytest.mark.parametrize(
    "url",
    [
        "",
        "digest.db",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://localhost/digest",
        "sqlite:////a.db?mode=ro",
        "http:",
    ],
)
def test_an_address_of_anything_else_is_refused(url: str) -> None:
    with pytest.raises(RecordError, match=r"store\.url") as refused:
        Store.open(url)
    assert "sqlite:///" in refused.value.hint


# --- what is no store of ours


def test_a_file_that_is_no_database_is_refused_and_left_alone(file: Path, url: str) -> None:
    file.parent.mkdir()
    file.write_text("Dear editor,\n" * 200)
    with pytest.raises(RecordError, match="is not a SQLite database") as refused:
        Store.open(url)
    assert "store.url" in refused.value.hint
    assert names(file.parent) == ["digest.db"]
    assert file.read_text() == "Dear editor,\n" * 200


def test_another_programs_database_is_refused_and_left_alone(file: Path, url: str) -> None:
    file.parent.mkdir()
    alter(file, "CREATE TABLE recipe (name TEXT)")
    before = file.read_bytes()
    with pytest.raises(RecordError, match="another program"):
        Store.open(url)
    assert (names(file.parent), file.read_bytes()) == (["digest.db"], before)


def test_a_store_of_a_newer_version_is_refused_and_left_alone(file: Path, url: str) -> None:
    Store.open(url).close()
    alter(file, "UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(RecordError, match="made by a newer digest") as refused:
        Store.open(url)
    assert "9999" in str(refused.value)
    assert "newer version" in refused.value.hint
    assert (names(file.parent), file.read_bytes()) == (["digest.db"], before)


def test_an_empty_file_becomes_a_store(file: Path, url: str) -> None:
    file.parent.mkdir()
    file.touch()
    with Store.open(url) as store:
        assert store.secret()


def test_a_migration_that_fails_leaves_nothing_half_made(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "SECRET", None)  # the last step of making a store: a row without its key
    with pytest.raises(RecordError):
        Store.open(url)
    monkeypatch.undo()
    with Store.open(url) as store:
        assert store.secret()


# --- what goes wrong later


def test_a_locked_store_says_so(file: Path, url: str) -> None:
    with Store.open(url, patience=0.05) as store, closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordError, match="in use by another program") as refused:
            store.suppressions.add("ana@reader.example", "asked", now=NOW)
        assert "wait" in refused.value.hint
        assert not store.suppressions.contains("ana@reader.example")
        other.rollback()
        assert store.suppressions.add("ana@reader.example", "asked", now=NOW)


def test_a_full_disk_says_so_and_loses_nothing(store: Store) -> None:
    store.sources.keep(fetched(entry(1)), now=NOW)
    with store._database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(RecordError, match="disk is full"):
        store.sources.keep(fetched(*(entry(number, content="x" * 9000) for number in range(2, 50))), now=NOW)
    assert store.sources.keep(fetched(entry(1)), now=NOW).updated == 0


def test_a_store_that_may_not_be_written_says_so(store: Store) -> None:
    with store._database.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(RecordError, match="cannot be written to") as refused:
        store.suppressions.add("ana@reader.example", "asked", now=NOW)
    assert "right" in refused.value.hint


def test_a_folder_in_its_place_says_so(file: Path, url: str) -> None:
    file.mkdir(parents=True)
    with pytest.raises(RecordError, match="cannot be opened"):
        Store.open(url)


def test_a_file_where_its_folder_should_be_says_so(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(RecordError, match="cannot be reached"):
        Store.open(url_of(tmp_path / "var" / "digest.db"))


def test_a_damaged_store_says_so(file: Path, url: str) -> None:
    with Store.open(url) as store:
        store.sources.keep(fetched(*(entry(number) for number in range(2000))), now=NOW)
    content = bytearray(file.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    file.write_bytes(bytes(content))
    with pytest.raises(RecordError, match="is damaged"), Store.open(url) as store:
        store.sources.keep(fetched(entry(5)), now=NOW)


def test_every_message_names_the_file_and_a_way_out(file: Path) -> None:
    for error in (sqlite3.OperationalError("odd"), PermissionError(13, "Permission denied", "x")):
        with pytest.raises(RecordError, match=str(file)) as refused, explained(file):
            raise error
        assert refused.value.hint


def test_only_its_owner_may_read_the_store(file: Path, store: Store) -> None:
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
