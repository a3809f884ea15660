"""What became known of entries after they were kept: their site has them no more, or changed them after they ran."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from digest.model import Correction, FetchedSource
from digest.record import schema
from digest.record.entries import OUT, Corrected, storable

_entry, _issue, _considered = schema.entry, schema.issue, schema.consideration
_CHUNK = 5_000
_FEW = 5
"""So many stories may go from a site at once without a doubt about the reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """How many stories are gone from their site, and what is odd about that."""

    count: int = 0
    warnings: tuple[str, ...] = ()


def note_gone(connection: Connection, fetched: FetchedSource, now: datetime) -> Gone:
    """Marks what the site has no more, and takes that back for what it has again.

    A reading that lacks more than half of a week that we know is doubted, and marks nothing.
    """
    shown = [storable(entry.identity) for entry in fetched.entries]
    for start in range(0, len(shown), _CHUNK):
        back = _entry.c.identity.in_(shown[start : start + _CHUNK])
        again = update(_entry).where(_entry.c.source == fetched.url, _entry.c.gone_since.is_not(None), back)
        connection.execute(again.values(gone_since=None))
    if fetched.whole_since is None:
        return Gone()
    known = _known_since(connection, fetched.url, fetched.whole_since)
    gone = sorted(known.keys() - set(shown))
    if len(gone) > max(_FEW, len(known) // 2):
        return Gone(warnings=(f"{len(gone)} of {len(known)} stories were not there any more; they are kept",))
    for start in range(0, len(gone), _CHUNK):
        keys = [known[identity] for identity in gone[start : start + _CHUNK]]
        connection.execute(update(_entry).where(_entry.c.key.in_(keys)).values(gone_since=now))
    return Gone(count=len(gone))


def note_corrections(connection: Connection, corrected: Sequence[Corrected], now: datetime) -> tuple[Correction, ...]:
    """Notes of each issue that has gone out which of its stories say something else now."""
    found = [note for one in corrected for note in _of_issues(connection, one, now)]
    if found:
        connection.execute(insert(schema.correction), [_row(key, note) for key, note in found])
    return tuple(note for _, note in found)


def _of_issues(connection: Connection, one: Corrected, now: datetime) -> list[tuple[int, Correction]]:
    query = (
        select(_considered.c.issue, _considered.c.entry_key)
        .join(_issue)
        .where(_considered.c.entry_key == one.key, _considered.c.outcome == "story", _issue.c.state.in_(OUT))
    )
    return [
        (row.entry_key, Correction(issue=row.issue, address=one.link, before=one.before, after=one.after, at=now))
        for row in connection.execute(query)
    ]


def _row(key: int, note: Correction) -> dict[str, object]:
    return {
        "issue": note.issue, "entry_key": key, "at": note.at, "address": note.address, "before": note.before,
        "after": note.after,
    }  # fmt: skip


def _known_since(connection: Connection, url: str, since: datetime) -> dict[str, int]:
    query = select(_entry.c.identity, _entry.c.key).where(
        _entry.c.source == url, _entry.c.published > since, _entry.c.gone_since.is_(None)
    )
    return {row.identity: row.key for row in connection.execute(query)}
