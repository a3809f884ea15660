"""Statements compiled once: what the driver is given and gives is what SQLAlchemy would."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, update

from digest.record.database import Database
from digest.record.quick import Quick
from digest.record.schema import subscriber, suppression

NOW = datetime(2026, 11, 20, 14, 0, 0, 123456, tzinfo=UTC)
BY_ADDRESS = Quick(lambda: select(suppression).where(suppression.c.address == bindparam("wanted")))
ADD = Quick(lambda: insert(suppression), writes=("address", "ground", "reason", "since"))
OWN = Quick(lambda: select(subscriber.c.own, subscriber.c.joined).where(subscriber.c.address == bindparam("wanted")))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "digest.db", patience=5)


def test_a_row_that_it_wrote_reads_the_same_both_ways(database: Database) -> None:
    with database.writing() as connection:
        assert ADD.run(connection, address="ana@example.com", ground="bounced", reason="no such user", since=NOW) == 1
        found = BY_ADDRESS.first(connection, wanted="ANA@example.com")
        by_sqlalchemy = connection.execute(select(suppression)).one()
    assert found.since == NOW
    assert tuple(found) == tuple(by_sqlalchemy)
    assert found._fields == by_sqlalchemy._fields


def test_types_of_columns_stay_in_force(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(subscriber).values(address="ana@example.com", own=True, joined=NOW))
        found = OWN.first(connection, wanted="ana@example.com")
        assert (found.own, found.joined) == (True, NOW)
        connection.execute(update(subscriber).values(joined=None))
        assert OWN.first(connection, wanted="ana@example.com").joined is None


def test_what_is_not_there_is_none(database: Database) -> None:
    with database.reading() as connection:
        assert BY_ADDRESS.first(connection, wanted="nobody@example.com") is None
        assert BY_ADDRESS.value(connection, wanted="nobody@example.com") is None


def test_it_is_undone_with_its_transaction(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        ADD.run(connection, address="ana@example.com", ground="bounced", reason="", since=NOW)
        raise ZeroDivisionError
    with database.reading() as connection:
        assert BY_ADDRESS.first(connection, wanted="ana@example.com") is None


def test_all_that_is_read_within_a_block_is_of_one_moment(database: Database) -> None:
    with database.reading() as reading:
        assert BY_ADDRESS.first(reading, wanted="ana@example.com") is None
        with database.writing() as connection:
            ADD.run(connection, address="ana@example.com", ground="bounced", reason="", since=NOW)
        assert BY_ADDRESS.first(reading, wanted="ana@example.com") is None
    with database.reading() as reading:
        assert BY_ADDRESS.first(reading, wanted="ana@example.com")
