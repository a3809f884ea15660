"""A newsroom to keep records of, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from digest.model import (
    Audience,
    Entry,
    Fate,
    FetchedSource,
    Issue,
    LeftOut,
    Note,
    Receipt,
    RenderedIssue,
    Slot,
    SourceStatus,
    Subscriber,
    Window,
)
from digest.record.store import Store

FEED = "https://docket.example/feed/"
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = Window(opens=datetime(2026, 11, 13, 14, tzinfo=UTC), closes=datetime(2026, 11, 20, 14, tzinfo=UTC))
ISSUE = "2026-11-20"


def entry(number: int = 1, **fields: Any) -> Entry:
    defaults = {"source": "The Docket", "identity": f"guid-{number}", "title": f"Story {number}"}
    return Entry(**{**defaults, **fields})


def fetched(*entries: Entry, **fields: Any) -> FetchedSource:
    defaults = {"name": "The Docket", "url": FEED, "status": SourceStatus.OK, "entries": entries}
    return FetchedSource(**{**defaults, **fields})


def issue(day: str = ISSUE, *, number: int = 1) -> Issue:
    closes = datetime.combine(date.fromisoformat(day), WEEK.closes.timetz())
    return Issue(
        date=date.fromisoformat(day),
        number=number,
        window=Window(opens=closes - 7 * DAY, closes=closes),
        lead=None,
        sections=(),
        note=Note(paragraphs=("Good morning.",)),
    )


def rendered(day: str = ISSUE, **fields: Any) -> RenderedIssue:
    defaults = {
        "issue": day,
        "subject": "Closing Arguments",
        "preheader": "The week in court",
        "html": "<p>Ōkina ʻ “quotes”</p>\r\n",
        "text": "Ōkina ʻ\n",
        "slots": {Slot.GREETING: "slot-greeting-1f"},
        "fingerprint": "f" * 64,
    }
    return RenderedIssue(**{**defaults, **fields})


def audience(readers: int, *, left_out: tuple[LeftOut, ...] = ()) -> Audience:
    return Audience(readers=tuple(reader(number) for number in range(1, readers + 1)), left_out=left_out)


def reader(number: int) -> Subscriber:
    # The order of the list is not the order of the addresses.
    return Subscriber(address=f"r{number * 7919 % 100_003}@reader.example", name=f"Reader {number}")


def composed(store: Store, day: str = ISSUE, **fields: Any) -> None:
    """An issue in the store, made up and no more."""
    kept: dict[str, Any] = {"stories": [], "cuts": [], "now": NOW, **fields}
    store.issues.keep_composed(issue(day), "fingerprint", **kept)


def planned(store: Store, readers: int, day: str = ISSUE) -> None:
    """An issue whose letters are owed."""
    composed(store, day)
    store.ledger.plan(day, audience(readers), now=NOW)


def gone_out(store: Store, day: str, **fields: Any) -> None:
    """An issue that was sent."""
    composed(store, day, **fields)
    store.issues.mark_sending(day)
    store.issues.mark_sent(day)


def receipts(readers: tuple[Subscriber, ...], fate: Fate, **fields: Any) -> list[Receipt]:
    return [Receipt(address=one.address, fate=fate, **fields) for one in readers]
