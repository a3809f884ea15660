"""Issues that were sent, and events of their letters, with what a test does not care about filled in."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from digest.audience.bounces import mass_refusal, ruling
from digest.model.feedback import PASSING, Kept, Rules
from digest.model.readers import EventKind, MailEvent, Origin
from digest.record.store import Store
from tests.unit.record.newsroom import composed, reader

FIRST = datetime(2026, 1, 2, 14, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = 7 * DAY
PROVIDER = Origin(how="provider")


def of_any_letter(issue: str, address: str) -> Collection[str]:
    """The key of every letter in these tests."""
    return ("key",)


RULES = Rules(judge=ruling, is_server=mass_refusal, keys_of=of_any_letter)
TRACKED = replace(RULES, passed_over=PASSING)


def issue(week: int) -> str:
    return f"{FIRST.date() + week * WEEK}"


def sent(store: Store, week: int, readers: Iterable[int], state: str = "accepted", **fields: Any) -> None:
    """An issue whose letters to these readers have left; `state` is what is known of them."""
    numbers = list(readers)
    composed(store, issue(week))
    values = {"attempts": 1, "words": None, **fields}
    with closing(sqlite3.connect(store.path)) as driver, driver:
        driver.executemany(
            "INSERT INTO letter (issue, subscriber, state, attempts, words) VALUES (?, ?, ?, ?, ?)",
            [(issue(week), number, state, values["attempts"], values["words"]) for number in numbers],
        )
        driver.execute(
            f"UPDATE issue SET state = 'sending', planned_at = 0, {state} = ? WHERE id = ?", (len(numbers), issue(week))
        )
    store.issues.mark_sent(issue(week))


def event(whom: int, kind: EventKind, week: int = 0, **fields: Any) -> MailEvent:
    """An event of a reader's letter, two hours after it left."""
    told: dict[str, Any] = {
        "kind": kind,
        "at": FIRST + week * WEEK + timedelta(hours=2),
        "address": reader(whom).address if whom else "outsider@elsewhere.example",
        "issue": issue(week),
        "letter": "key",
        **fields,
    }
    identity = blake2b(repr(sorted(told.items())).encode(), digest_size=16).digest()
    return MailEvent(**{"identity": identity, **told})


def keep(store: Store, *events: MailEvent, rules: Rules = RULES, now: datetime = LATER) -> Kept:
    return store.mail_events.keep(events, rules, PROVIDER, now=now)


def confirmed(store: Store, number: int, at: datetime) -> None:
    """A reader signs up and confirms it."""
    from digest.model.readers import Choice

    waiting = store.readers.ask(reader(number).address, Choice(), Origin(how="page"), now=at)
    assert store.readers.confirm(waiting.key, waiting.nonce, since=at, now=at)


def look(store: Store, statement: str) -> list[tuple[Any, ...]]:
    """What the store's file says."""
    with closing(sqlite3.connect(store.path)) as driver:
        return driver.execute(statement).fetchall()


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All that events change, but for what tells in which order things became known: the record of consent, and the
    words of a letter that was dropped for two reasons."""
    return {
        "suppressions": look(store, "SELECT address, ground, since, reason FROM suppression ORDER BY address"),
        "events": look(store, "SELECT issue, subscriber, kind, identity, at FROM mail_event ORDER BY 1, 2, 3, 4"),
        "letters": look(store, "SELECT issue, subscriber, state FROM letter ORDER BY 1, 2"),
        "issues": look(store, "SELECT id, state, bounces, accepted, refused, unknown, owed FROM issue ORDER BY id"),
        "waiting": look(store, "SELECT address FROM sign_up ORDER BY address"),
    }
