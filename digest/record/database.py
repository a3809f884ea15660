"""The SQLite file: how it is opened, and its two kinds of transaction."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from weakref import WeakSet

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL

from digest.errors import RecordError
from digest.record import migrate
from digest.record.faults import explained
from digest.record.turn import Turn

_open_here: WeakSet[Database] = WeakSet()


class Database:
    """An open store file. Threads may share it; each transaction has a connection of its own. `senders` is the folder
    that is there once anybody sends."""

    def __init__(self, path: Path, *, patience: float) -> None:
        self.path = path
        self._engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": patience})
        event.listen(self._engine, "connect", _set_up)
        event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(writing=True)
        self.senders = path.with_name(f"{path.name}.senders")
        self._turn = Turn(self.senders)
        self._joined = _Joined()

    @classmethod
    def open(cls, path: Path, *, patience: float) -> Self:
        """Opens or makes the file and brings it to the newest schema. Raises RecordError."""
        database = cls(path, patience=patience)
        _open_here.add(database)
        try:
            database._make_ready()
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Closes every connection; the last one puts the write-ahead log back into the file and takes it away."""
        self._turn.close()
        with explained(self.path):
            self._engine.dispose()
        _open_here.discard(self)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store. Never waits for writers."""
        if self._joined.connection:
            yield self._joined.connection
            return
        if self._joined.view:
            yield self._joined.view
            return
        # Begun at once: what the driver runs by itself begins nothing, and each statement would see another store.
        with explained(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that alone may write; on disk when the block ends, undone when it raises.

        It takes the lock at once, so that what it read still holds when it writes.
        """
        if self._joined.connection:
            yield self._joined.connection
            return
        with self._turn, explained(self.path), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def as_one(self) -> Iterator[None]:
        """All transactions of this thread while it lasts are one."""
        if self._joined.connection:
            yield
            return
        with self.writing() as connection:
            self._joined.connection = connection
            try:
                yield
            finally:
                self._joined.connection = None

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """All that this thread reads while it lasts is of one moment; what it writes meanwhile is not seen in it."""
        if self._joined.connection or self._joined.view:
            yield
            return
        with self.reading() as connection:
            self._joined.view = connection
            try:
                yield
            finally:
                self._joined.view = None

    def fold_log(self) -> bool:
        """Puts the write-ahead log back into the file and empties it, so that nothing old is left in it. False while
        somebody reads what was there before."""
        with explained(self.path):
            connection = self._engine.raw_connection()
            try:
                busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                connection.close()
        return not busy

    def _make_ready(self) -> None:
        with explained(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # It holds readers' addresses. SQLite gives its logs the rights of the file.
            if not self.path.exists():
                self.path.touch(mode=0o600)
        with self.reading() as connection:
            newest = migrate.is_newest(connection, self.path)
        self._write_ahead()
        if not newest:
            with self.writing() as connection:
                migrate.bring_up_to_date(connection)

    def _write_ahead(self) -> None:
        """WAL, so that readers and the writer do not wait for each other. The file remembers it."""
        with explained(self.path):
            connection = self._engine.raw_connection()
            try:
                mode = connection.cursor().execute("PRAGMA journal_mode = WAL").fetchone()[0]
            finally:
                connection.close()
        if mode != "wal":
            raise RecordError(
                f"the store {self.path} cannot keep a write-ahead log where it is",
                hint="put the store on a local disk: store.url in digest.toml",
            )


class _Joined(threading.local):
    """The transaction that this thread has gathered its work in, if it has, or all that it reads."""

    connection: Connection | None = None
    view: Connection | None = None


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, in the same transaction, for the statements that have to be quick."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def is_open_here(path: Path) -> bool:
    """Whether this process has that file open."""
    return any(database.path.resolve() == path.resolve() for database in list(_open_here))


def _set_up(driver: Any, _record: Any) -> None:
    # Transactions are begun by `_begin` alone; the driver would begin them late and deferred.
    driver.isolation_level = None
    driver.execute("PRAGMA foreign_keys = ON")
    driver.execute("PRAGMA synchronous = FULL")
    # Who is erased must not stay in what the file has free.
    driver.execute("PRAGMA secure_delete = ON")
    # Planning fills an index of addresses in no order; with SQLite's 2 MB it would write its pages again and again.
    driver.execute("PRAGMA cache_size = -32000")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
