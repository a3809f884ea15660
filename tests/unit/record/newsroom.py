"""A newsroom to keep records of, with what a test does not care about filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from digest.model import (
    Allowance,
    Claim,
    Entry,
    FetchedSource,
    Issue,
    LetterRecord,
    LetterState,
    Note,
    RenderedIssue,
    RosterRow,
    Settled,
    Settlement,
    Slot,
    SourceStatus,
    Subscriber,
    Window,
    Wish,
)
from digest.record.store import Store

FEED = "https://docket.example/feed/"
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
DAY = timedelta(days=1)
SOON = NOW + timedelta(minutes=10)
WEEK = Window(opens=datetime(2026, 11, 13, 14, tzinfo=UTC), closes=datetime(2026, 11, 20, 14, tzinfo=UTC))
ISSUE = "2026-11-20"
OTHER = "2026-11-27"


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


def reader(number: int) -> Subscriber:
    # The order of the list is not the order of the addresses.
    return Subscriber(address=f"r{number * 7919 % 100_003}@reader.example", name=f"Reader {number}")


def row(number: int, **fields: Any) -> RosterRow:
    one = reader(number)
    domain = one.address.rpartition("@")[2]
    return RosterRow(line=number + 1, address=one.address, name=one.name, domain=domain)._replace(**fields)


def listed(store: Store, readers: int | Iterable[RosterRow]) -> None:
    """A list of so many readers, or of these rows, that was read just now. Readers have the keys 1, 2 and so on."""
    rows = [row(number) for number in range(1, readers + 1)] if isinstance(readers, int) else list(readers)
    store.subscribers.keep(rows, path="subscribers.csv", stamp=repr(rows), now=NOW)


def composed(store: Store, day: str = ISSUE, **fields: Any) -> None:
    """An issue in the store, made up and no more."""
    kept: dict[str, Any] = {"stories": [], "cuts": [], "now": NOW, **fields}
    store.issues.keep_composed(issue(day), "fingerprint", **kept)


def planned(store: Store, readers: int, day: str = ISSUE) -> None:
    """An issue whose letters are owed."""
    composed(store, day)
    listed(store, readers)
    store.ledger.plan(day, now=NOW)


def gone_out(store: Store, day: str, **fields: Any) -> None:
    """An issue that was sent."""
    composed(store, day, **fields)
    store.ledger.plan(day, now=NOW)
    store.issues.mark_sending(day)
    assert store.issues.mark_sent(day)


def sender(store: Store, name: str = "first", *, now: datetime = NOW) -> int:
    """A sender without a journal: whoever looks on this machine takes it for dead."""
    return store.senders.enter(ISSUE, name, now=now)


def claim(store: Store, sender: int, letters: int = 100, *, now: datetime = NOW, **fields: Any) -> Claim:
    return store.ledger.claim(ISSUE, wish(sender, letters, **fields), now=now)


def settle(store: Store, claim: Claim, state: LetterState, *, now: datetime = NOW, **fields: Any) -> Settled:
    return store.ledger.settle(ISSUE, claim.number, settlements(claim, state, **fields), now=now)


def counts(store: Store, day: str = ISSUE) -> dict[str, int]:
    return {state.value: number for state, number in store.ledger.counts(day).items() if number}


def letters(store: Store, state: LetterState | None = None, day: str = ISSUE) -> list[LetterRecord]:
    with store.ledger.letters(day, state) as found:
        return list(found)


def in_the_rows(store: Store, day: str = ISSUE) -> dict[str, int]:
    """The counts as the letters themselves tell them."""
    return dict(Counter(letter.state.value for letter in letters(store, day=day)))


def keys(claim: Claim) -> list[int]:
    return [letter.key for letter in claim.letters]


def wish(sender: int, letters: int = 100, **fields: Any) -> Wish:
    defaults: dict[str, Any] = {
        "journal": "first",
        "provider": "smtp",
        "allow": lambda usage, wanted: Allowance(letters=wanted),
    }
    return Wish(letters=letters, sender=sender, **{**defaults, **fields})


def settlements(claim: Claim, state: LetterState, **fields: Any) -> list[Settlement]:
    return [Settlement(key=letter.key, state=state, **fields) for letter in claim.letters]


def too_many(accepted: int, refused: int) -> str:
    """Why the first slice is not gone beyond, if it is not."""
    return "kept back" if refused > accepted else ""
