"""What the store keeps of keys: its own, with which links are signed, and how far those of earlier versions reach."""

from __future__ import annotations

from collections.abc import Generator

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from digest.record.database import Database, driver_of
from digest.record.migrate import SECRET
from digest.record.schema import instance, subscriber

_LINKS = "keys of links"
_BOTH = "SELECT key, value FROM instance WHERE key IN (?, ?)"
OLD_LINKS_UNTIL = "links without a number until"
OLD_IDS_UNTIL = "ids by the configured secret until"


class Keys:
    """The keys of one store. Its secret, made with it, is the first of them and makes the keys in Message-IDs for
    good; those of links can be renewed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_links(self) -> tuple[str, ...]:
        """Texts that nobody can guess, the newest first."""
        with self._database.reading() as connection:
            return _of_links(connection)

    def add(self, key: str) -> None:
        """Puts a new key before the others."""
        with self._database.writing() as connection:
            _keep(connection, (key, *_of_links(connection)))

    def drop(self, key: str, *, instead: str) -> None:
        """Takes a key away for good. A store without any has `instead`."""
        with self._database.writing() as connection:
            left = tuple(each for each in _of_links(connection) if each != key)
            _keep(connection, left or (instead,))

    def last_old_number(self) -> int:
        """Up to which number readers may have letters with links of earlier versions; 0 for none."""
        return int(self._value(OLD_LINKS_UNTIL) or 0)

    def addresses_until(self, number: int) -> Generator[tuple[int, str], None, None]:
        """Everybody's number and address up to that number; memory does not grow."""
        query = select(subscriber.c.key, subscriber.c.address).where(subscriber.c.key <= number)
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield row.key, row.address

    def last_old_issue(self) -> str:
        """The last issue whose Message-IDs an earlier version made; empty for none."""
        return self._value(OLD_IDS_UNTIL)

    def _value(self, name: str) -> str:
        with self._database.reading() as connection:
            return _value_of(connection, name)


def _of_links(connection: Connection) -> tuple[str, ...]:
    # Every page that has to do with a reader asks, some of them more than once.
    kept = dict(driver_of(connection).execute(_BOTH, (_LINKS, SECRET)))
    return tuple(kept[_LINKS].split("\n")) if _LINKS in kept else (kept[SECRET],)


def _keep(connection: Connection, keys: tuple[str, ...]) -> None:
    row = insert(instance).values(key=_LINKS, value="\n".join(keys))
    connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": row.excluded.value}))


def _value_of(connection: Connection, name: str) -> str:
    found = connection.execute(select(instance.c.value).where(instance.c.key == name)).scalar_one_or_none()
    return str(found or "")
