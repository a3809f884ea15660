"""A store of the first version becomes one of this, with every letter in its place."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from digest.errors import RecordError
from digest.model import LetterState
from digest.model.roster import RosterRow
from digest.record import migrate
from digest.record.instants import to_instant
from digest.record.location import url_of
from digest.record.store import Store
from tests.unit.record.newsroom import (
    ISSUE,
    NOW,
    counts,
    in_the_rows,
    letters,
    sender,
    settlements,
    wish,
)

PACKAGE = Path(migrate.__file__).parent
ROOT = PACKAGE.parents[1]


def made_by(connection: sqlite3.Connection) -> dict[str, str]:
    """The SQL of each table and index, without what does not matter: spaces, quotes and the order of constraints."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'")
    return {name: " ".join(sorted(re.findall(r"[\w']+", sql))) for name, sql in rows}


def made_by_the_first_version(path: Path) -> None:
    """A store at revision 0001: an issue that is made up, one under way with letters in every state, and one sent."""
    engine = create_engine(url_of(path))
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(PACKAGE / "migrations"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO issue (id, number, state, opens, closes, composed_at, planned_at, fingerprint, owed, claimed,"
            " accepted, refused, left_out) VALUES (?, ?, ?, 0, 1, 1, 1, 'f', ?, ?, ?, ?, ?)",
            [
                ("2026-11-06", 1, "sent", 0, 0, 2, 0, 0),
                ("2026-11-13", 2, "sending", 2, 1, 1, 1, 1),
                (ISSUE, 3, "composed", 2, 0, 0, 0, 0),
            ],
        )
        connection.execute("INSERT INTO run VALUES ('2026-11-13', 1, 'run-1', 5)")
        columns = (
            "issue, address, name, state, words, attempts, claimed_by, claimed_at, settled_at, provider, provider_id"
        )
        connection.executemany(
            f"INSERT INTO letter ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                ("2026-11-06", "ana@one.example", "Ana", "accepted", "", 1, 1, 7, 8, "smtp", "id-1"),
                ("2026-11-06", "ben@two.example", "", "accepted", "", 1, 1, 7, 8, "smtp", "id-2"),
                ("2026-11-13", "ben@two.example", "Ben", "accepted", "250 ok", 1, 1, 10, 11, "smtp", "id-3"),
                ("2026-11-13", "ana@one.example", "Ana", "refused", "550 no", 2, 1, 10, 12, "smtp", ""),
                ("2026-11-13", "cy@two.example", "Cy", "claimed", "", 0, 1, 10, None, "", ""),
                ("2026-11-13", "di@two.example", "Di", "owed", "451 busy", 1, None, None, None, "smtp", ""),
                ("2026-11-13", "eve@two.example", "Eve", "owed", "", 0, None, None, None, "", ""),
                ("2026-11-13", "fay@two.example", "Fay", "left_out", "suppressed", 0, None, None, None, "", ""),
                (ISSUE, "ben@two.example", "Ben", "owed", "", 0, None, None, None, "", ""),
                (ISSUE, "ana@one.example", "Ana", "owed", "", 0, None, None, None, "", ""),
            ],
        )
        connection.execute("INSERT INTO suppression VALUES ('fay@two.example', 'asked', 3)")
        connection.execute("INSERT INTO instance VALUES ('secret', 'the secret of then')")


@pytest.fixture
def before(tmp_path: Path) -> Path:
    made_by_the_first_version(tmp_path / "before.db")
    return tmp_path / "before.db"


def test_a_store_of_the_first_version_gets_the_tables_of_this_one(before: Path) -> None:
    new = before.with_name("new.db")
    for path in (before, new):
        Store.open(url_of(path)).close()
    with closing(sqlite3.connect(before)) as migrated, closing(sqlite3.connect(new)) as made:
        assert made_by(migrated) == made_by(made)
        assert migrated.execute("PRAGMA foreign_key_check").fetchall() == []
        assert migrated.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_its_letters_stay_what_they_were_and_the_claimed_ones_are_unknown(before: Path) -> None:
    with Store.open(url_of(before)) as store:
        for issue, states in {
            "2026-11-06": {"accepted": 2},
            "2026-11-13": {"accepted": 1, "refused": 1, "unknown": 1, "owed": 2, "left_out": 1},
            ISSUE: {"owed": 2},
        }.items():
            assert counts(store, issue) == in_the_rows(store, issue) == states
        found = {letter.address: letter for letter in letters(store, day="2026-11-13")}
        accepted, refused = found["ben@two.example"], found["ana@one.example"]
        assert (accepted.name, accepted.words, accepted.provider_id) == ("Ben", "250 ok", "id-3")
        assert (refused.words, refused.attempts, refused.provider) == ("550 no", 2, "smtp")
        assert refused.settled_at == to_instant(12)
        assert (found["di@two.example"].words, found["di@two.example"].attempts) == ("451 busy", 1)
        assert found["cy@two.example"].claimed_at == to_instant(10)
        assert store.secret() == "the secret of then"
        assert store.suppressions.addresses() == {"fay@two.example"}
        assert [record.state.value for record in store.issues.records(9)] == ["composed", "sending", "sent"]
        assert [letter.issue for letter in store.ledger.letters_to("ana@one.example")] == [
            ISSUE, "2026-11-13", "2026-11-06",
        ]  # fmt: skip


def test_its_sending_goes_on_with_whoever_is_still_on_the_list(before: Path) -> None:
    with Store.open(url_of(before)) as store:
        rows = [
            RosterRow(line=2, address="eve@two.example", domain="two.example"),
            RosterRow(line=3, address="new@two.example", domain="two.example"),
        ]
        store.subscribers.keep(rows, path="subscribers.csv", stamp="1", now=NOW)
        assert not store.ledger.plan("2026-11-13", now=NOW)
        me = sender(store)
        got = store.ledger.claim("2026-11-13", wish(me), now=NOW)
        assert [letter.address for letter in got.letters] == ["eve@two.example"]
        store.ledger.settle("2026-11-13", got.number, settlements(got, LetterState.ACCEPTED), now=NOW)
        assert counts(store, "2026-11-13") == {"accepted": 2, "refused": 1, "unknown": 1, "left_out": 2}
        assert store.ledger.settle_unknown("2026-11-13", None, LetterState.ACCEPTED, "by hand", now=NOW) == 1
        assert [record.state.value for record in store.issues.records(9)] == ["composed", "sent", "sent"]
        assert store.senders.take_over(ISSUE, me, now=NOW) == ()


def test_a_migration_that_fails_changes_nothing(before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    untouched = before.read_bytes()
    monkeypatch.setattr(migrate, "SECRET", None)  # the last step of it
    with pytest.raises(RecordError):
        Store.open(url_of(before))
    monkeypatch.undo()
    with closing(sqlite3.connect(before)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert connection.execute("SELECT count(*) FROM letter").fetchone() == (10,)
    assert len(before.read_bytes()) == len(untouched)
    with Store.open(url_of(before)) as store:
        assert counts(store) == {"owed": 2}
