"""What outlives a preflight: which errors somebody sent an issue despite, and which links answered not long ago."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from digest.model import LinkAnswer, Override, Reached
from digest.record.database import Database
from digest.record.schema import link_answer, override

FRESH = timedelta(minutes=10)
"""For so long an answer holds."""


class Preflights:
    """The overrides of issues, and fresh answers of links."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def override(self, issue: str, checks: Collection[str], *, who: str, now: datetime) -> None:
        """Puts on record that `who` sends the issue despite the errors of these checks."""
        rows = [{"issue": issue, "check_name": check, "who": who, "at": now} for check in sorted(checks)]
        with self._database.writing() as connection:
            if rows:
                connection.execute(insert(override), rows)

    def overrides(self, issue: str) -> tuple[Override, ...]:
        """What an issue was sent despite, in the order in which it was said."""
        query = select(override).where(override.c.issue == issue).order_by(override.c.key)
        with self._database.reading() as connection:
            return tuple(
                Override(issue=row.issue, check=row.check_name, who=row.who, at=row.at)
                for row in connection.execute(query)
            )

    def fresh_answers(self, *, now: datetime) -> dict[str, LinkAnswer]:
        """The addresses that answered in the last minutes."""
        query = select(link_answer).where(link_answer.c.asked_at > now - FRESH)
        with self._database.reading() as connection:
            return {
                row.address: LinkAnswer(
                    address=row.address, reached=Reached.ANSWERS, moved_to=row.moved_to, size=row.size, kind=row.kind
                )
                for row in connection.execute(query)
            }

    def keep_answers(self, answers: Iterable[LinkAnswer], *, now: datetime) -> None:
        """Keeps those that answered, and forgets what is no longer fresh. Who did not answer is asked again."""
        rows = [
            {"address": one.address, "asked_at": now, "moved_to": one.moved_to, "size": one.size, "kind": one.kind}
            for one in answers
            if one.reached is Reached.ANSWERS
        ]
        with self._database.writing() as connection:
            connection.execute(delete(link_answer).where(link_answer.c.asked_at <= now - FRESH))
            if rows:
                connection.execute(insert(link_answer).prefix_with("OR REPLACE"), rows)
