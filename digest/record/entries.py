"""What the feeds said, kept: each entry once, with the time at which it was first seen."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, or_, select, update

from digest.model import Entry, IssueState, SeenEntry, Window
from digest.record import schema
from digest.record.database import Database
from digest.record.instants import to_number
from digest.record.serial import article_from_json, pictures_from_json, pictures_to_json

OUT = (IssueState.SENDING.value, IssueState.SENT.value)
"""The states of an issue that readers have got, in part at least."""

_CHUNK = 5_000
_TAG, _WORD = re.compile(r"<[^>]*>"), re.compile(r"\w+")
_entry, _source, _issue, _considered = schema.entry, schema.source, schema.issue, schema.consideration


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Rows to write: entries never seen before, and entries that say something else than last time."""

    new: Sequence[dict[str, Any]]
    changed: Sequence[dict[str, Any]]


class Entries:
    """The entries of the store, for the edit room."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def in_window(
        self, window: Window, *, issue: str = "", seen_since: datetime | None = None
    ) -> tuple[SeenEntry, ...]:
        """Every entry that may concern the issue, in the order of first sight.

        Those published (or, without that date, changed) after `window.opens`, or first seen after it (after
        `seen_since`, which reaches back for what a gather wrote while the last issue was made up); whether they are
        early is for the edit room to say.
        Left out are entries that an issue which has gone out has cut; what has run in one is marked with `ran_in`. What
        `issue` itself, the one that is being made up, has settled does not count. An entry's `source` is the name
        that the source has in the configuration.
        """
        settled = and_(_considered.c.entry_key == _entry.c.key, _is_out(apart_from=issue))
        columns = (_entry, _source.c.name.label("source_name"), _source.c.first_read_at, schema.article.c.page)
        query = (
            select(*columns, _settled_by(settled, "story").label("ran_in"))
            .join(_source)
            .outerjoin(schema.article, schema.article.c.entry_key == _entry.c.key)
            .where(
                or_(
                    _entry.c.published > window.opens,
                    and_(_entry.c.published.is_(None), _entry.c.updated > window.opens),
                    _entry.c.first_seen > (seen_since or window.opens),
                ),
                _settled_by(settled, "cut").is_(None),
            )
            .order_by(_entry.c.key)
        )
        with self._database.reading() as connection:
            return tuple(seen_entry(row) for row in connection.execute(query))

    def already_ran(self, *, before: str) -> Mapping[str, str]:
        """The stories of all issues that have gone out, but for that of `before`: canonical address to issue id.

        A story that ran twice has the first of its issues.
        """
        query = (
            select(_considered.c.address, func.min(_issue.c.id).label("issue"))
            .join(_issue)
            .where(_considered.c.outcome == "story", _considered.c.address != "", _is_out(apart_from=before))
            .group_by(_considered.c.address)
        )
        with self._database.reading() as connection:
            return {row.address: row.issue for row in connection.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """An entry whose headline or text says something else than before: its row, its link, both headlines."""

    key: int
    link: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many entries were new and how many said something else, and of the latter those that were corrected."""

    new: int
    updated: int
    corrected: tuple[Corrected, ...]


def keep_entries(connection: Connection, url: str, entries: Iterable[Entry], now: datetime) -> Kept:
    """Writes what is new or was corrected, and nothing else."""
    rows = rows_by_identity(entries, url, now)
    to_write = sort_rows(rows, _known_hashes(connection, url, rows))
    if to_write.new:
        connection.execute(insert(_entry), to_write.new)
    corrected = _corrected(connection, url, to_write.changed)
    if to_write.changed:
        connection.execute(_CORRECT, [_correction(row) for row in to_write.changed])
    return Kept(new=len(to_write.new), updated=len(to_write.changed), corrected=corrected)


def _corrected(connection: Connection, url: str, changed: Sequence[dict[str, Any]]) -> tuple[Corrected, ...]:
    news = {row["identity"]: row for row in changed}
    columns = (_entry.c.key, _entry.c.identity, _entry.c.title, _entry.c.summary, _entry.c.content)
    query = select(*columns).where(_entry.c.source == url)
    return tuple(
        Corrected(key=old.key, link=news[old.identity]["link"], before=old.title, after=news[old.identity]["title"])
        for chunk in _chunks(news)
        for old in connection.execute(query.where(_entry.c.identity.in_(chunk)))
        if any(
            _words(getattr(old, name)) != _words(news[old.identity][name]) for name in ("title", "summary", "content")
        )
    )


def _words(text: str) -> list[str]:
    """What a reader reads. A site tells one story in two forms: an emoji as a picture, say, or as a character."""
    return _WORD.findall(html.unescape(_TAG.sub(" ", text)))


def rows_by_identity(entries: Iterable[Entry], url: str, now: datetime) -> dict[str, dict[str, Any]]:
    """A row for each identity; where a feed has one twice, the first (feeds put the newest first)."""
    rows: dict[str, dict[str, Any]] = {}
    for entry in entries:
        identity = storable(entry.identity)
        if identity not in rows:
            rows[identity] = _row_of(entry, url, identity, now)
    return rows


def sort_rows(rows: Mapping[str, dict[str, Any]], known: Mapping[str, str]) -> Sorted:
    """Decides what to write, given the content hashes of the identities that are `known`."""
    return Sorted(
        new=[row for identity, row in rows.items() if identity not in known],
        changed=[row for identity, row in rows.items() if identity in known and known[identity] != row["content_hash"]],
    )


_CORRECT = update(_entry).where(_entry.c.source == bindparam("source_"), _entry.c.identity == bindparam("identity_"))


def _correction(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a corrected entry changes: all but where it is from and when it was first seen."""
    changes = {name: value for name, value in row.items() if name not in {"source", "identity", "first_seen"}}
    return {**changes, "source_": row["source"], "identity_": row["identity"]}


def _known_hashes(connection: Connection, url: str, identities: Iterable[str]) -> dict[str, str]:
    query = select(_entry.c.identity, _entry.c.content_hash).where(_entry.c.source == url)
    known: dict[str, str] = {}
    for chunk in _chunks(identities):
        known.update(
            (row.identity, row.content_hash) for row in connection.execute(query.where(_entry.c.identity.in_(chunk)))
        )
    return known


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _row_of(entry: Entry, url: str, identity: str, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "title": storable(entry.title),
        "link": storable(entry.link),
        "author": storable(entry.author),
        "summary": storable(entry.summary),
        "content": storable(entry.content),
        "categories": storable(json.dumps(entry.categories, ensure_ascii=False)),
        "pictures": storable(pictures_to_json(entry.pictures)),
    }
    row["content_hash"] = _hash_of(row, entry)
    row |= {
        "seconds": entry.seconds,
        "published": entry.published,
        "updated": entry.updated,
        "first_seen": now,
        "last_changed": now,
        "compared_at": None,
    }
    return row | {"source": url, "identity": identity}


def _hash_of(row: Mapping[str, str], entry: Entry) -> str:
    dates = [to_number(instant) if instant else None for instant in (entry.published, entry.updated)]
    # Only where there is a length: entries that were kept before lengths were have not changed.
    length = [entry.seconds] if entry.seconds else []
    return hashlib.sha256(json.dumps([*row.values(), *dates, *length]).encode()).hexdigest()


def storable(text: str) -> str:
    """`text` without halves of surrogate pairs, which feeds can hold (JSON's `\\ud800`) and no file can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def seen_entry(row: Row[Any]) -> SeenEntry:
    """The entry of a row with its source's name and first reading, what its page said, and where it ran."""
    entry = Entry(
        source=row.source_name,
        identity=row.identity,
        title=row.title,
        link=row.link,
        author=row.author,
        summary=row.summary,
        content=row.content,
        categories=tuple(json.loads(row.categories)),
        published=row.published,
        updated=row.updated,
        pictures=pictures_from_json(row.pictures),
        seconds=row.seconds,
    )
    return SeenEntry(
        key=row.key,
        entry=entry,
        first_seen=row.first_seen,
        source_since=row.first_read_at,
        ran_in=row.ran_in or "",
        is_gone=row.gone_since is not None,
        page=article_from_json(row.page) if row.page else None,
    )


def _is_out(*, apart_from: str) -> ColumnElement[bool]:
    return and_(_issue.c.state.in_(OUT), _issue.c.id != apart_from)


def _settled_by(settled: ColumnElement[bool], outcome: str) -> Any:
    """The first issue that settled an entry with that outcome, or null."""
    return (
        select(func.min(_considered.c.issue))
        .join(_issue)
        .where(settled, _considered.c.outcome == outcome)
        .correlate(_entry)
        .scalar_subquery()
    )
