"""The migrations and the tables agree, and the hot statements go the way they are meant to go."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event

from digest.model import LetterState
from digest.record import ledger_sql, migrate, schema
from digest.record.location import url_of
from digest.record.store import Store
from digest.record.subscribers import CHOICES
from tests.unit.record.newsroom import (
    ISSUE,
    claim,
    counts,
    planned,
    sender,
    settle,
)

PACKAGE = Path(migrate.__file__).parent
ROOT = PACKAGE.parents[1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    Store.open(url_of(tmp_path / "digest.db")).close()
    return tmp_path / "digest.db"


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as opened:
        yield opened


def made_by(connection: sqlite3.Connection) -> dict[str, str]:
    """The SQL of each table and index, without what does not matter: spaces, quotes and the order of constraints."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'")
    return {name: " ".join(sorted(re.findall(r"[\w']+", sql))) for name, sql in rows}


def test_migrations_make_the_tables_of_the_schema(connection: sqlite3.Connection, tmp_path: Path) -> None:
    engine = create_engine(url_of(tmp_path / "plain.db"))
    schema.metadata.create_all(engine)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "plain.db")) as plain:
        assert made_by(connection) == made_by(plain)


def test_alembic_finds_nothing_to_migrate(file: Path) -> None:
    def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
        """SQLite makes the tables of the search by itself; the test above compares them."""
        return kind != "table" or not str(name).startswith("back_issue_story")

    engine = create_engine(url_of(file))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        differences = compare_metadata(context, schema.metadata)
    engine.dispose()
    assert [one for one in differences if "alembic_version" not in str(one)] == []


def test_every_revision_is_known_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(PACKAGE / "migrations"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    found = [one.revision for one in script.walk_revisions()]
    assert tuple(reversed(found)) == migrate.REVISIONS


def test_opening_a_store_that_is_up_to_date_loads_no_alembic(file: Path) -> None:
    program = """
import sys
from digest.record.store import Store
Store.open(sys.argv[1]).close()
print("alembic" in sys.modules)
"""
    opened = subprocess.run(
        [sys.executable, "-c", program, url_of(file)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert opened.stdout.strip() == "False"


def test_a_built_package_migrates_without_the_repository(tmp_path: Path) -> None:
    """Makes a store with nothing but the files that a wheel carries."""
    wheel = tmp_path / "wheel.zip"
    with ZipFile(wheel, "w") as packed:
        for path in PACKAGE.parent.rglob("*.py"):
            packed.write(path, path.relative_to(ROOT))
    with ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")
    program = """
import sys
from digest.record import store
print(store.__file__, len(store.Store.open(sys.argv[1]).secret()))
"""
    opened = subprocess.run(
        [sys.executable, "-c", program, url_of(tmp_path / "digest.db")],
        cwd=tmp_path / "installed",
        env={"PYTHONPATH": str(tmp_path / "installed"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert opened.stdout.split() == [str(tmp_path / "installed" / "digest" / "record" / "store.py"), "43"]


# --- the hot statements


def way(connection: sqlite3.Connection, statement: str, parameters: Any) -> str:
    rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return "\n".join(row[3] for row in rows)


class Values(dict[str, int]):
    """A value for whatever a statement names."""

    def __missing__(self, name: str) -> int:
        return 0


def test_a_claim_reads_the_owed_letters_in_order_and_nothing_else(connection: sqlite3.Connection) -> None:
    plan = way(connection, ledger_sql.OWED, Values())
    assert "SEARCH owed USING INDEX letter_owed (issue=? AND due<?)" in plan
    assert "SEARCH subscriber USING INTEGER PRIMARY KEY" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_when_the_next_letter_is_due_is_one_look(connection: sqlite3.Connection) -> None:
    plan = way(connection, ledger_sql.NEXT_DUE, (ISSUE,))
    assert "SEARCH letter USING" in plan
    assert "INDEX letter_owed (issue=?)" in plan
    assert "TEMP B-TREE" not in plan


def test_what_readers_chose_is_found_without_looking_at_the_others(connection: sqlite3.Connection) -> None:
    plan = way(connection, CHOICES, (1,))
    assert "USING INDEX subscriber_choice" in plan


ONE_BY_ONE = {**ledger_sql.SETTLE, "late": ledger_sql.ACCEPT_LATE, "claim": ledger_sql.CLAIM}


@pytest.mark.parametrize("name", [*ONE_BY_ONE, "leave out", "put off"])
def test_a_letter_is_found_by_its_key(connection: sqlite3.Connection, name: str) -> None:
    statements = {**ONE_BY_ONE, "leave out": ledger_sql.LEAVE_OUT, "put off": ledger_sql.PUT_OFF}
    plan = way(connection, statements[name], Values())
    assert "SEARCH letter USING PRIMARY KEY (issue=? AND subscriber=?)" in plan
    assert "SCAN" not in plan


@pytest.mark.parametrize("statement", [ledger_sql.CLAIM_RUN, ledger_sql.ACCEPT_RUN])
def test_a_run_of_letters_is_a_range_of_keys(connection: sqlite3.Connection, statement: str) -> None:
    plan = way(connection, statement, Values())
    assert "SEARCH letter USING PRIMARY KEY (issue=? AND subscriber>? AND subscriber<?)" in plan


def test_the_statements_name_the_states_that_there_are() -> None:
    assert set(ledger_sql.SETTLE) == {state.value for state in LetterState} - {"claimed"}


def work_of(store: Store, act: Callable[[], Any]) -> tuple[int, Any]:
    """How much work SQLite's machine does for an act, in thousands of instructions; and what the act gives."""
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    def watch(driver: Any, *_: Any) -> None:
        driver.set_progress_handler(step, 1000)

    engine = store._database._engine
    event.listen(engine, "checkout", watch)
    done = act()
    event.remove(engine, "checkout", watch)
    return steps[0], done


@pytest.mark.parametrize("suppressed", [0, 5_000])
def test_the_last_claim_is_as_much_work_as_the_first(file: Path, suppressed: int) -> None:
    with Store.open(url_of(file)) as store:
        planned(store, 10_000)
        with store._database.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO suppression (address, reason, since)"
                " SELECT 'x' || key || '@nobody.example', '', 0 FROM subscriber WHERE key <= ?",
                (suppressed,),
            )
        me = sender(store)
        claims, settles = [], []
        for _ in range(100):
            work, got = work_of(store, lambda: claim(store, me, 100))
            claims.append(work)
            settles.append(work_of(store, lambda got=got: settle(store, got, LetterState.ACCEPTED))[0])
        assert counts(store) == {"accepted": 10_000}
    assert min(claims) > 0
    assert max(claims) <= 2 * min(claims)
    assert max(settles) <= 2 * min(settles) + 1
