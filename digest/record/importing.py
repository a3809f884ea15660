"""The import of a list from elsewhere, row by row and in little memory, in one transaction.

Who is on that list comes on ours by the operator's word: see `joining.add`, which is the same for one. To whom that
list says no is suppressed, so that a publication which moves here from another service writes to nobody who left there.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from itertools import islice
from operator import itemgetter

from sqlalchemy import Connection

from digest.model.consent import ACT_OF, is_said
from digest.model.letters import LeftOut
from digest.model.readers import Ground, Origin
from digest.model.roster import DISABLED, ImportReport, RosterRow, left_out
from digest.record.database import Database, driver_of
from digest.record.grounds import forgotten
from digest.record.instants import to_number
from digest.record.roster_reading import last_number, say_names_alone

KEPT_FAULTS = 10_000

_CHUNK = 500

# A row of the list is bound as it is: ?2 is the address, ?3 the name, ?4 the categories, ?5 the time zone, ?6 the
# domain, ?9 the language, ?10 the rhythm. The instant and the reading are numbers of ours.
_JOIN = """
INSERT INTO subscriber (address, name, categories, timezone, domain, language, rhythm, joined, own)
VALUES (?2, ?3, ?4, ?5, ?6, ?9, ?10, {now}, 1)
ON CONFLICT (address) DO UPDATE SET
    joined = {now}, own = 1,
    name = iif(own, name, excluded.name),
    categories = iif(own, categories, excluded.categories),
    timezone = iif(own, timezone, excluded.timezone),
    language = iif(own, language, excluded.language),
    rhythm = iif(own, rhythm, excluded.rhythm)
WHERE joined IS NULL AND listed <> {refused}
"""
_BOUND = 10

# See `roster_reading`: for a list of names.
_JOIN_NAMED = """
INSERT INTO subscriber (address, name, domain, joined, own) VALUES (?, ?, ?, {now}, 1)
ON CONFLICT (address) DO UPDATE SET
    joined = {now}, own = 1,
    name = iif(own, name, excluded.name),
    categories = iif(own, categories, ''),
    timezone = iif(own, timezone, ''),
    language = iif(own, language, ''),
    rhythm = iif(own, rhythm, '')
WHERE joined IS NULL AND listed <> {refused}
"""

_NAMED = itemgetter(1, 2, 5)

_LEFT_AS_THEY_ARE = """
SELECT count(joined <> :now), count(iif(joined IS NULL, 1, NULL))
FROM json_each(:asked) AS asked CROSS JOIN subscriber ON subscriber.address = asked.value
WHERE joined IS NOT :now
"""

_IS_ANYONE_REFUSED = "SELECT EXISTS (SELECT 1 FROM subscriber WHERE joined IS NULL AND listed = ?)"

_SUPPRESS = """
INSERT INTO suppression (address, ground, reason, since) VALUES (?, ?, ?, {now})
ON CONFLICT (address) DO UPDATE SET ground = excluded.ground, reason = excluded.reason, since = excluded.since
WHERE {stronger}
"""

_NOTE_JOINED = "INSERT INTO intake (at, how, form, words) VALUES (:now, :how, :form, :words)"
_KNOW = """
INSERT OR IGNORE INTO subscriber (address, domain)
SELECT address, substr(address, instr(address, '@') + 1) FROM suppression WHERE since = ?
"""
_NOTE_NO = """
INSERT INTO consent (subscriber, at, act, how, form, words)
SELECT subscriber.key, :now, :act, :how, :form, suppression.reason
FROM suppression JOIN subscriber ON subscriber.address = suppression.address
WHERE suppression.since = :now AND suppression.ground = :ground
"""
_DROP_SIGN_UPS = "DELETE FROM sign_up WHERE address IN (SELECT address FROM suppression WHERE since = ? AND ground = ?)"

_IS_TAKEN = """
SELECT EXISTS (SELECT 1 FROM subscriber WHERE joined = ?1) OR EXISTS (SELECT 1 FROM suppression WHERE since = ?1)
"""


class Importing:
    """Takes lists from elsewhere into the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, rows: Iterable[RosterRow], origin: Origin, *, now: datetime) -> ImportReport:
        """Puts those on the list whom `rows` name; suppresses those to whom they say no.

        A ground stays a ground; who is on the list already keeps what they chose. The same rows once more change
        nothing. All is on disk when this returns, or nothing. Raises RecordError, and whatever `rows` raise.
        """
        with self._database.writing() as connection:
            intake = _Intake(connection, origin, _unused(driver_of(connection), to_number(now)))
            coming = iter(rows)
            while chunk := list(islice(coming, _CHUNK)):
                intake.take(chunk)
            return intake.finish()


class _Intake:
    """One import, within its transaction. `now` marks what it changes, and nothing else bears that instant."""

    def __init__(self, connection: Connection, origin: Origin, now: int) -> None:
        self._driver = driver_of(connection)
        self._now = now
        self._said = {"now": now, "how": origin.how, "form": origin.form, "words": origin.words}
        self._from = origin.form
        self._is_forgotten = forgotten(connection)
        # Before the first reading no row is refused, and all of them say 0.
        self._refused = -(last_number(connection) or 1)
        self._join = _JOIN.format(now=now, refused=self._refused)
        self._join_named = _JOIN_NAMED.format(now=now, refused=self._refused)
        self._suppress = _SUPPRESS.format(now=now, stronger=_stronger())
        self._counts = Counter[str]()
        self._left_out = Counter[str]()
        self._faults: list[LeftOut] = []

    def take(self, chunk: Sequence[RosterRow]) -> None:
        good = [row for row in chunk if not row.reason]
        if len(good) < len(chunk):
            self._take_noes([row for row in chunk if row.reason])
        kept = [row for row in good if not self._is_forgotten(row.address)] if self._is_forgotten else good
        self._counts["forgotten"] += len(good) - len(kept)
        added = self._add(kept)
        self._counts["added"] += added
        if added < len(kept):
            self._counts += self._left_as_they_are(kept)

    def finish(self) -> ImportReport:
        """Writes the record of consent, and counts."""
        noes = self._note_noes()
        if self._counts["added"]:
            self._driver.execute(_NOTE_JOINED, self._said)
        (suppressed,) = self._driver.execute(
            "SELECT count(*) FROM subscriber JOIN suppression USING (address) WHERE joined = ?", (self._now,)
        ).fetchone()
        return ImportReport(
            **self._counts,
            suppressed=suppressed,
            noes=noes,
            left_out=dict(self._left_out),
            faults=tuple(self._faults),
        )

    def _add(self, rows: Sequence[RosterRow]) -> int:
        if not rows:
            return 0
        if say_names_alone(rows):
            return self._driver.executemany(self._join_named, map(_NAMED, rows)).rowcount
        return self._driver.executemany(self._join, [row[:_BOUND] for row in rows]).rowcount

    def _left_as_they_are(self, rows: Sequence[RosterRow]) -> Counter[str]:
        """How many rows are of people whom this import did not add, and for which of two reasons."""
        if not self._counts["added"] and not self._anyone_is_refused:
            return Counter(known=len(rows))  # the same list once more: nobody has to be looked up
        asked = json.dumps([row.address for row in rows])
        known, refused = self._driver.execute(_LEFT_AS_THEY_ARE, {"now": self._now, "asked": asked}).fetchone()
        return Counter(known=known, refused=refused)

    @cached_property
    def _anyone_is_refused(self) -> bool:
        """Whether the operator's own file says no to anybody."""
        return bool(self._driver.execute(_IS_ANYONE_REFUSED, (self._refused,)).fetchone()[0])

    def _take_noes(self, rows: Sequence[RosterRow]) -> None:
        for row in rows:
            if row.reason != DISABLED:
                self._leave(row)
            elif not row.ground:
                self._counts["unconfirmed"] += 1
        noes = [row for row in rows if row.ground and not (self._is_forgotten and self._is_forgotten(row.address))]
        said = [(row.address, row.ground, f"{self._from}: {row.detail}") for row in noes]
        self._driver.executemany(self._suppress, said)

    def _leave(self, row: RosterRow) -> None:
        self._left_out[row.reason] += 1
        if len(self._faults) < KEPT_FAULTS:
            self._faults.append(left_out(row))

    def _note_noes(self) -> dict[str, int]:
        """How many were suppressed by this import, for what."""
        self._driver.execute(_KNOW, (self._now,))
        noes = {}
        for ground, act in ACT_OF.items():
            said = {"now": self._now, "ground": ground.value, "act": act.value}
            noted = self._driver.execute(_NOTE_NO, {**said, "how": self._said["how"], "form": self._from}).rowcount
            if is_said(ground):
                self._driver.execute(_DROP_SIGN_UPS, (self._now, ground.value))
            if noted:
                noes[ground.value] = noted
        return noes


def _unused(driver: sqlite3.Connection, now: int) -> int:
    """The first instant from `now` on that marks nothing in the store yet."""
    while driver.execute(_IS_TAKEN, (now,)).fetchone()[0]:
        now += 1
    return now


def _stronger() -> str:
    """Whether the ground that comes outlives the one that is there, in SQL: as `model.consent.is_stronger` has it."""
    cases = " ".join(f"WHEN '{ground.value}' THEN {strength}" for strength, ground in enumerate(Ground))
    by_hand = list(Ground).index(Ground.BY_HAND)  # what a suppression without a ground counts as
    new, old = (f"(CASE {of}.ground {cases} ELSE {by_hand} END)" for of in ("excluded", "suppression"))
    return f"{new} > {old}"
