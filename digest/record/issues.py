"""The store's line on each issue: where it stands, and which entries it has settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from digest.errors import AlreadySent, RecordError
from digest.model import Correction, Cut, Issue, IssueRecord, IssueState, LetterState, Window
from digest.record.counts import finish
from digest.record.database import Database, driver_of
from digest.record.entries import OUT
from digest.record.instants import to_number
from digest.record.quick import Quick
from digest.record.schema import consideration, correction, issue, letter, override

_LETTERS = {
    LetterState.OWED: "owed",
    LetterState.ACCEPTED: "accepted",
    LetterState.REFUSED: "refused",
    LetterState.UNKNOWN: "unknown",
    LetterState.CLAIMED: "claimed",
    LetterState.LEFT_OUT: "left_out",
}

_NEVER = "9999"
_OUT = "UPDATE issue SET state = 'sending' WHERE id = ? AND state = 'composed'"


class Issues:
    """The issues of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_composed(
        self,
        made: Issue,
        fingerprint: str,
        *,
        stories: Sequence[tuple[int, str, str]],
        cuts: Iterable[Cut],
        now: datetime,
    ) -> None:
        """Keeps an issue as composed, with what it makes of each entry; an earlier composing is replaced.

        `stories` are (entry key, canonical address, headline). Raises AlreadySent when the issue has gone out.
        """
        rows = [*(_story_row(made.id, *story) for story in stories), *(_cut_row(made.id, cut) for cut in cuts)]
        with self._database.writing() as connection:
            _refuse_when_out(connection, made.id)
            connection.execute(delete(consideration).where(consideration.c.issue == made.id))
            connection.execute(delete(letter).where(letter.c.issue == made.id))
            # Whoever let the earlier one go has not seen this one.
            connection.execute(delete(override).where(override.c.issue == made.id))
            _replace(connection, _issue_row(made, fingerprint, now))
            if rows:
                connection.execute(insert(consideration), rows)

    def mark_sending(self, issue_id: str, *, segment: str = "") -> None:
        """From here on the issue, its letters and the segment that it goes to are fixed. Raises RecordError when it was
        never composed, or when somebody has planned it for another segment meanwhile."""
        with self._database.writing() as connection:
            if require_issue(connection, issue_id).segment != segment:
                raise RecordError(
                    f"somebody else is about to send {issue_id} to other readers",
                    hint=f"nothing was sent; see `digest status {issue_id}`, and give the command again",
                )
            driver_of(connection).execute(_OUT, (issue_id,))

    def mark_sent(self, issue_id: str) -> bool:
        """Calls an issue sent that is being sent and has no open letter left; else it stays as it is: False."""
        with self._database.writing() as connection:
            finish(driver_of(connection), issue_id)
            return bool(require_issue(connection, issue_id).state == IssueState.SENT.value)

    def hold(self, issue_id: str, why: str, *, until: datetime | None = None) -> None:
        """From now on nobody may send it, until it is released, or until an instant. Raises RecordError.

        A hold that ends by itself does not take the place of one that does not.
        """
        with self._database.writing() as connection:
            row = require_issue(connection, issue_id)
            if until is None or not row.hold or row.held_until is not None:
                held = {"hold": why, "held_until": until}
                connection.execute(update(issue).where(issue.c.id == issue_id).values(**held))

    def release(self, issue_id: str) -> None:
        """Takes a hold back, whatever its cause. A first slice that was not judged yet still is. Raises RecordError."""
        with self._database.writing() as connection:
            require_issue(connection, issue_id)
            free = {"hold": "", "held_until": None, "failures": 0}
            connection.execute(update(issue).where(issue.c.id == issue_id).values(**free))

    def stop(self, issue_id: str, words: str, *, now: datetime) -> int:
        """Stops an issue for good: its owed letters are left out. Returns how many those are. Raises RecordError."""
        with self._database.writing() as connection:
            row = require_issue(connection, issue_id)
            stopped = {"stopped_at": row.stopped_at or now, "owed": 0, "left_out": row.left_out + row.owed}
            out = (letter.c.issue == issue_id) & (letter.c.state == "owed")
            connection.execute(update(letter).where(out).values(state="left_out", words=words, settled_at=now))
            connection.execute(update(issue).where(issue.c.id == issue_id).values(**stopped))
            finish(driver_of(connection), issue_id)
        return int(row.owed)

    def hold_all_under_way(self, why: str) -> tuple[str, ...]:
        """Holds every issue that is made up or being sent; gives their ids."""
        under_way = issue.c.state.in_((IssueState.COMPOSED.value, IssueState.SENDING.value))
        with self._database.writing() as connection:
            found = tuple(connection.execute(select(issue.c.id).where(under_way).order_by(issue.c.id)).scalars())
            connection.execute(update(issue).where(under_way).values(hold=why, held_until=None))
        return found

    def record(self, issue_id: str) -> IssueRecord | None:
        """What the store knows of one issue."""
        with self._database.reading() as connection:
            row = connection.execute(select(issue).where(issue.c.id == issue_id)).one_or_none()
        return record_of(row) if row else None

    def records(self, limit: int) -> tuple[IssueRecord, ...]:
        """The last issues, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(issue).order_by(issue.c.id.desc()).limit(limit))
            return tuple(map(record_of, rows))

    def last_sent(self, *, before: date | None = None) -> IssueRecord | None:
        """The newest issue that has gone out, in part at least; `before` that date, if one is given."""
        with self._database.reading() as connection:
            row = _LAST_SENT.first(connection, end=before.isoformat() if before else _NEVER)
        return record_of(row) if row else None

    def ran_elsewhere(self, issue_id: str) -> tuple[str, ...]:
        """The headlines of an issue whose stories have run in another one meanwhile."""
        own, other = consideration.alias(), consideration.alias()
        same = (own.c.entry_key == other.c.entry_key) | ((own.c.address == other.c.address) & (own.c.address != ""))
        query = (
            select(own.c.title)
            .join(other, same & (other.c.issue != own.c.issue) & (other.c.outcome == "story"))
            .join(issue, (issue.c.id == other.c.issue) & issue.c.state.in_(OUT))
            .where(own.c.issue == issue_id, own.c.outcome == "story")
            .distinct()
        )
        with self._database.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def corrections(self, issue_id: str) -> tuple[Correction, ...]:
        """What of an issue was changed on its site after it had run, in the order in which that was noticed."""
        query = select(correction).where(correction.c.issue == issue_id).order_by(correction.c.key)
        with self._database.reading() as connection:
            return tuple(
                Correction(issue=row.issue, address=row.address, before=row.before, after=row.after, at=row.at)
                for row in connection.execute(query)
            )

    def number_for(self, issue_id: str) -> int:
        """The number to print on an issue: its own when it has gone out, else one more than have gone out."""
        with self._database.reading() as connection:
            own = connection.execute(
                select(issue.c.number).where(issue.c.id == issue_id, issue.c.state.in_(OUT))
            ).scalar_one_or_none()
            gone_out = connection.execute(select(func.count()).where(issue.c.state.in_(OUT))).scalar_one()
        return gone_out + 1 if own is None else int(own)


def require_issue(connection: Connection, issue_id: str) -> Row[Any]:
    """The issue's row. Raises RecordError when there is none."""
    row = connection.execute(select(issue).where(issue.c.id == issue_id)).one_or_none()
    if row is None:
        raise RecordError(
            f"the store knows no issue of {issue_id}", hint=f"make it up first: `digest compose --date {issue_id}`"
        )
    return row


def start(connection: Connection, issue_id: str, now: datetime) -> None:
    """The first letter leaves: puts a composed issue into sending; any other stays as it is."""
    driver = driver_of(connection)
    driver.execute(_OUT, (issue_id,))
    driver.execute(
        "UPDATE issue SET sending_since = ? WHERE id = ? AND sending_since IS NULL", (to_number(now), issue_id)
    )


def letters_of(row: Row[Any]) -> dict[LetterState, int]:
    """How many of an issue's letters are in each state."""
    return {state: getattr(row, column) for state, column in _LETTERS.items()}


def record_of(row: Row[Any]) -> IssueRecord:
    """What an issue's row says."""
    return IssueRecord(
        issue=row.id,
        number=row.number,
        state=IssueState.STOPPED if row.stopped_at else IssueState(row.state),
        window=Window(opens=row.opens, closes=row.closes),
        fingerprint=row.fingerprint,
        letters=letters_of(row),
        hold=row.hold,
        held_until=row.held_until,
        sending_since=row.sending_since,
        segment=row.segment,
    )


def _last_sent() -> Select[Any]:
    is_out = or_(*(issue.c.state == state for state in OUT))
    return select(issue).where(is_out, issue.c.id < bindparam("end")).order_by(issue.c.id.desc()).limit(1)


_LAST_SENT = Quick(_last_sent)


def _refuse_when_out(connection: Connection, issue_id: str) -> None:
    state = connection.execute(select(issue.c.state).where(issue.c.id == issue_id)).scalar_one_or_none()
    if state in OUT:
        raise AlreadySent(
            f"the issue of {issue_id} has gone out ({state}) and stays as it is",
            hint="give the date of another issue with --date",
        )


def _replace(connection: Connection, row: dict[str, Any]) -> None:
    written = insert_or_update(issue).values(row)
    connection.execute(written.on_conflict_do_update(index_elements=["id"], set_=row))


def _issue_row(made: Issue, fingerprint: str, now: datetime) -> dict[str, Any]:
    return {
        "id": made.id,
        "number": made.number,
        "state": IssueState.COMPOSED.value,
        "opens": made.window.opens,
        "closes": made.window.closes,
        "composed_at": now,
        "planned_at": None,
        "fingerprint": fingerprint,
        "segment": "",
        **dict.fromkeys(_LETTERS.values(), 0),
    }


def _story_row(issue_id: str, entry_key: int, address: str, title: str) -> dict[str, Any]:
    return {
        "issue": issue_id, "entry_key": entry_key, "outcome": "story", "reason": "", "address": address, "title": title,
    }  # fmt: skip


def _cut_row(issue_id: str, cut: Cut) -> dict[str, Any]:
    return {
        "issue": issue_id, "entry_key": cut.entry_key, "outcome": "cut", "reason": cut.reason, "address": cut.address,
        "title": cut.title,
    }  # fmt: skip
