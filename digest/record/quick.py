"""Statements that a page runs for every visitor: compiled once, and run by the driver itself.

SQLAlchemy takes ten times as long around such a statement as SQLite takes for it. What it knows of columns stays in
force: values are written and read by the columns' types.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.compiler import SQLCompiler

from digest.record.database import driver_of

_DIALECT = SQLiteDialect_pysqlite(paramstyle="qmark")
Processor = Callable[[Any], Any] | None


class Quick:
    """A statement. `make` makes it when it is first run; values are given by the names of its parameters: of the
    columns that it `writes`, where it adds a row."""

    def __init__(self, make: Callable[[], Any], *, writes: Sequence[str] = ()) -> None:
        self._make = make
        self._writes = writes

    def run(self, connection: Connection, **values: Any) -> int:
        """Runs it within the connection's transaction. How many rows it changed."""
        return driver_of(connection).execute(self._compiled.string, self._bound(values)).rowcount

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row that it finds, with its columns as attributes; None where it finds none."""
        found = driver_of(connection).execute(self._compiled.string, self._bound(values)).fetchone()
        if found is None:
            return None
        row, readers = self._row
        return row._make(read(value) if read else value for read, value in zip(readers, found, strict=True))

    def value(self, connection: Connection, **values: Any) -> Any:
        """The only column of the first row; None where there is none."""
        row = self.first(connection, **values)
        return row[0] if row else None

    @cached_property
    def _compiled(self) -> SQLCompiler:
        compiled = self._make().compile(dialect=_DIALECT, column_keys=self._writes or None)
        assert isinstance(compiled, SQLCompiler)
        return compiled

    @cached_property
    def _writers(self) -> tuple[tuple[str, Any, Processor], ...]:
        binds = self._compiled.binds
        return tuple(
            (name, binds[name].value, binds[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT))
            for name in self._compiled.positiontup or ()
        )

    @cached_property
    def _row(self) -> tuple[Any, tuple[Processor, ...]]:
        statement: Any = self._compiled.statement
        columns = statement.exported_columns
        readers = tuple(column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for column in columns)
        return namedtuple("Row", [column.key for column in columns]), readers  # its fields are the query's

    def _bound(self, values: dict[str, Any]) -> list[Any]:
        given = ((values.get(name, fixed), write) for name, fixed, write in self._writers)
        return [write(value) if write else value for value, write in given]
