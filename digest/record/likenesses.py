"""Which entries tell the same story in other words: their gists, and the pairs that were found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, literal, select, update
from sqlalchemy.dialects.sqlite import insert

from digest.model import Gist, Likeness, NearStory, SeenEntry
from digest.record import schema
from digest.record.database import Database
from digest.record.entries import OUT, seen_entry
from digest.record.instants import Instant

_entry, _source, _likeness, _gist = schema.entry, schema.source, schema.likeness, schema.gist
_issue, _considered = schema.issue, schema.consideration
_DATED = func.coalesce(_entry.c.published, _entry.c.updated, _entry.c.first_seen, type_=Instant())
_CHUNK = 5_000


class Likenesses:
    """Pairs of entries, and what they are told by."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def uncompared(self, *, since: datetime) -> tuple[SeenEntry, ...]:
        """The entries that were never compared, or say something else since, in the order of first sight: those that
        count as published later than `since`."""
        columns = (_entry, _source.c.name.label("source_name"), _source.c.first_read_at, schema.article.c.page)
        query = (
            select(*columns, literal("").label("ran_in"))
            .join(_source)
            .outerjoin(schema.article, schema.article.c.entry_key == _entry.c.key)
            .where(
                _entry.c.compared_at.is_(None),
                since < _DATED,
            )
            .order_by(_entry.c.key)
        )
        with self._database.reading() as connection:
            return tuple(seen_entry(row) for row in connection.execute(query))

    def pass_over(self, *, until: datetime, now: datetime) -> None:
        """Calls compared what counts as published up to `until`: it is too old to be near to anything new."""
        old = _entry.c.compared_at.is_(None) & (until >= _DATED)
        with self._database.reading() as connection:
            if connection.execute(select(_entry.c.key).where(old).limit(1)).first() is None:
                return
        with self._database.writing() as connection:
            connection.execute(update(_entry).where(old).values(compared_at=now))

    def gists(self, *, since: datetime) -> tuple[Gist, ...]:
        """The gists of the entries that count as published later than `since`."""
        query = select(_gist.c.entry_key, _gist.c.dated, _gist.c.words).where(_gist.c.dated > since)
        with self._database.reading() as connection:
            rows = connection.execute(query)
            return tuple(Gist(key=key, dated=dated, text=text) for key, dated, text in rows)

    def keep(self, compared: Sequence[Gist], found: Iterable[Likeness], *, now: datetime) -> None:
        """Keeps the gists of entries that were compared, and the pairs among them and with others; what was found of
        these entries before counts no more."""
        keys = [gist.key for gist in compared]
        with self._database.writing() as connection:
            for chunk in _chunks(keys):
                either = _likeness.c.entry_key.in_(chunk) | _likeness.c.other_key.in_(chunk)
                connection.execute(delete(_likeness).where(either))
            if compared:
                connection.execute(_KEEP_GIST, [_gist_row(gist) for gist in compared])
                connection.execute(_COMPARED, [{"key_": key, "now_": now} for key in keys])
            if rows := [_likeness_row(pair, now) for pair in found]:
                connection.execute(insert(_likeness).on_conflict_do_nothing(), rows)

    def of(self, keys: Iterable[int], *, issue: str) -> Mapping[int, tuple[NearStory, ...]]:
        """What the entries of these rows are near to, the most alike first. What `issue` itself, which is being made
        up, has of them does not count as having run."""
        near: dict[int, dict[int, NearStory]] = {}
        with self._database.reading() as connection:
            for chunk in _chunks(list(keys)):
                for key, other in _near_to(connection, chunk, issue):
                    near.setdefault(key, {})[other.key] = other
        return {key: tuple(others.values()) for key, others in near.items()}


def _near_to(connection: Connection, keys: Sequence[int], issue: str) -> Iterator[tuple[int, NearStory]]:
    for mine, others in (
        (_likeness.c.entry_key, _likeness.c.other_key),
        (_likeness.c.other_key, _likeness.c.entry_key),
    ):
        ran_in = (
            select(func.min(_considered.c.issue))
            .join(_issue)
            .where(
                _considered.c.entry_key == others,
                _considered.c.outcome == "story",
                _issue.c.state.in_(OUT),
                _issue.c.id != issue,
            )
            .correlate(_likeness)
            .scalar_subquery()
        )
        query = (
            select(mine.label("mine"), _entry.c.key, _entry.c.link, ran_in.label("ran_in"))
            .select_from(_likeness)
            .join(_entry, _entry.c.key == others)
            .where(mine.in_(keys))
            .order_by(_likeness.c.score.desc(), _entry.c.key)
        )
        for row in connection.execute(query):
            yield row.mine, NearStory(key=row.key, link=row.link, ran_in=row.ran_in or "")


_INSERT_GIST = insert(_gist)
_KEEP_GIST = _INSERT_GIST.on_conflict_do_update(
    index_elements=["entry_key"], set_={"dated": _INSERT_GIST.excluded.dated, "words": _INSERT_GIST.excluded.words}
)
# What was corrected while it was being compared is compared again.
_COMPARED = (
    update(_entry)
    .where(_entry.c.key == bindparam("key_"), _entry.c.last_changed <= bindparam("now_"))
    .values(compared_at=bindparam("now_"))
)


def _gist_row(gist: Gist) -> dict[str, Any]:
    return {"entry_key": gist.key, "dated": gist.dated, "words": gist.text}


def _likeness_row(pair: Likeness, now: datetime) -> dict[str, Any]:
    return {
        "entry_key": pair.entry, "other_key": pair.other, "score": pair.score, "why": pair.why, "found_at": now,
    }  # fmt: skip


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
