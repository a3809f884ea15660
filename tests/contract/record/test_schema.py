"""The migrations and the tables agree, and the hot statements go the way they are meant to go."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
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

from digest.model import Fate
from digest.record import ledger_sql, migrate, schema
from digest.record.location import url_of
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, planned, receipts

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
    engine = create_engine(url_of(file))
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), schema.metadata)
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


def test_a_claim_reads_the_owed_letters_in_order_and_nothing_else(connection: sqlite3.Connection) -> None:
    plan = way(connection, ledger_sql.OWED, (ISSUE, 1))
    assert "SEARCH owed USING INDEX letter_owed (issue=? AND from_run<?)" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("fate", Fate)
def test_a_receipt_finds_its_letter_by_issue_and_address(connection: sqlite3.Connection, fate: Fate) -> None:
    values = dict.fromkeys(("words", "provider", "provider_id", "now", "issue", "address"), "")
    assert "(issue=? AND address=?)" in way(connection, ledger_sql.SETTLE[fate], values)
    assert "SCAN" not in way(connection, ledger_sql.SETTLE[fate], values)


def steps_of_a_claim(store: Store) -> int:
    """How much work SQLite's machine does for one claim, in thousands of instructions."""
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    def watch(driver: Any, *_: Any) -> None:
        driver.set_progress_handler(step, 1000)

    engine = store._database._engine
    event.listen(engine, "checkout", watch)
    readers = store.ledger.claim(ISSUE, 100, by="run", now=NOW)
    event.remove(engine, "checkout", watch)
    store.ledger.settle(ISSUE, receipts(readers, Fate.ACCEPTED), provider="smtp", now=NOW)
    return steps[0]


def test_the_last_claim_is_as_much_work_as_the_first(file: Path) -> None:
    with Store.open(url_of(file)) as store:
        planned(store, 10_000)
        work = [steps_of_a_claim(store) for _ in range(100)]
    assert min(work) > 0
    assert max(work) <= 2 * min(work)
