"""What came back of letters: each event kept once, and applied to the ledger and the suppressions.

All of a bundle is one transaction. What follows for a reader is judged anew from everything that is kept of them, so
that it comes to the same in whatever order things become known, and however often.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from digest.model.feedback import Figures, Kept, Rules
from digest.model.readers import MailEvent, Origin
from digest.record import mail_event_doubts, mail_event_figures, mail_event_noes, mail_event_sql
from digest.record.database import Database, driver_of
from digest.record.instants import to_number


class MailEvents:
    """The events of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, events: Iterable[MailEvent], rules: Rules, origin: Origin, *, now: datetime) -> Kept:
        """Keeps events and does what follows from them; on disk when this returns. `origin` is from where they came.

        An event whose `number` is no reader's is looked up by its address. Of somebody whom the store does not know
        only a no counts, and nothing but its identity is kept. Raises RecordError.
        """
        bundle = list(events)
        with self._database.writing() as connection:
            driver = driver_of(connection)
            kept = _lay_out(driver, bundle)
            mail_event_doubts.settle(driver, rules, kept, now=now)
            _insert(driver, rules)
            mail_event_noes.apply(connection, rules, origin, kept, now=now)
            driver.execute("DELETE FROM temp.told")
        return kept

    def believe(self, issue: str, rules: Rules, origin: Origin, *, now: datetime) -> Kept:
        """The operator says that the many bounces of an issue are right: its readers are suppressed for them."""
        with self._database.writing() as connection:
            return mail_event_noes.believe(connection, issue, rules, origin, now=now)

    def figures(self, issue: str) -> Figures:
        """What came back of an issue's letters; all of it nothing where there is no such issue."""
        with self._database.reading() as connection:
            return mail_event_figures.of(connection, issue)

    def rates(self, issue: str) -> Figures:
        """The same, but only what an issue is judged by: quick, whatever its size."""
        with self._database.reading() as connection:
            return mail_event_figures.rates(connection, issue)

    def of_reader(self, number: int) -> tuple[MailEvent, ...]:
        """What is kept of one reader's letters, the oldest first."""
        with self._database.reading() as connection:
            return mail_event_sql.events_of(driver_of(connection), number)


def _lay_out(driver: sqlite3.Connection, events: Sequence[MailEvent]) -> Kept:
    """Puts the events that are not known yet where statements can join them, each with its reader's number (0 for
    nobody's)."""
    driver.execute(mail_event_sql.MAKE_TOLD)
    driver.execute("DELETE FROM temp.told")
    driver.executemany(mail_event_sql.TELL, map(_row, events))
    driver.execute(mail_event_sql.DROP_KNOWN)
    (new,) = driver.execute("SELECT count(*) FROM temp.told").fetchone()
    (outsiders,) = driver.execute(mail_event_sql.OUTSIDERS).fetchone()
    return Kept(new=new, known=len(events) - new, outsiders=outsiders)


def _row(each: MailEvent) -> tuple[object, ...]:
    return (
        each.issue, each.number, each.address, each.kind.value, each.identity, to_number(each.at), each.address,
        each.letter, each.words, each.url, each.is_machine,
    )  # fmt: skip


def _insert(driver: sqlite3.Connection, rules: Rules) -> None:
    driver.execute(mail_event_sql.INSERT.format(passed_over=mail_event_sql.quoted(rules.passed_over)))
