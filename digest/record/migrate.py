"""Which schema a store has, and how it gets the newest one."""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.dialects.sqlite import insert

from digest.errors import RecordError
from digest.record.schema import instance

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every revision in `migrations/versions`, the oldest first. Known here so that opening a store loads no Alembic."""

SECRET = "secret"  # noqa: S105 - the name of the row, not its value


def is_newest(connection: Connection, path: Path) -> bool:
    """Whether the store has the newest schema; an empty file has none.

    Raises RecordError for another program's database, and for a store of a newer digest.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return False
    if not {"alembic_version", "instance", "letter"} <= tables:
        raise RecordError(
            f"{path} is a database of another program",
            hint="check store.url in digest.toml; nothing was changed in that file",
        )
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if revision not in REVISIONS:
        raise RecordError(
            f"the store {path} was made by a newer digest (its schema is {revision}, this one knows {REVISIONS[-1]})",
            hint="install the newer version again, or name another store in digest.toml; nothing was changed",
        )
    return bool(revision == REVISIONS[-1])


def bring_up_to_date(connection: Connection) -> None:
    """Brings the store to the newest schema within the transaction of `connection`. A new store gets its secret."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.execute(insert(instance).values(key=SECRET, value=secrets.token_urlsafe(32)).on_conflict_do_nothing())


def secret_of(connection: Connection) -> str:
    """The random secret that was made with the store."""
    return str(connection.execute(select(instance.c.value).where(instance.c.key == SECRET)).scalar_one())
