"""From what comes back of letters to who must not be written to: one table of rules. Pure.

    hard bounce       at once            only what is really the address: unknown reader, unknown host, moved
    complaint         at once, for good
    unsubscribe       at once
    soft bounce       after five issues in a row over at least 30 days; who is reached again gets letters again
    dropped           never; but what the provider was told before, and drops for, counts unless a yes came since

A reader's history is judged as a whole, so that it does not matter in which order it became known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from digest.model.consent import counts, is_stronger
from digest.model.feedback import ARRIVED, DROPS, History, Ruling
from digest.model.readers import EventKind, Ground, MailEvent

IN_A_ROW = 5
AT_LEAST = timedelta(days=30)
_AT_ONCE = {
    EventKind.HARD_BOUNCE: Ground.BOUNCED,
    EventKind.COMPLAINT: Ground.COMPLAINED,
    EventKind.UNSUBSCRIBE: Ground.UNSUBSCRIBED,
    EventKind.DROPPED_COMPLAINED: Ground.COMPLAINED,
    EventKind.DROPPED_UNSUBSCRIBED: Ground.UNSUBSCRIBED,
}
_UNDATED = frozenset({EventKind.DROPPED_COMPLAINED, EventKind.DROPPED_UNSUBSCRIBED})
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 200
_ENOUGH_TO_JUDGE = 20


def ruling(history: History) -> Ruling | None:
    """Why this reader is not to be written to, by what is known of their letters; None if they may be.

    Of several grounds the strongest counts, of one that was given twice the first time.
    """
    found: Ruling | None = None
    for each in sorted(_rulings(history), key=lambda one: (one.at, one.reason)):
        if found is None or is_stronger(each.ground, found.ground):
            found = each
    return found


def suppression_reason(no_mailbox: bool, words: str) -> str | None:
    """Why an address is never written to again after a permanent refusal; None if it may be.

    Only a mailbox that is not there counts: a letter refused for its content or its size says nothing of the reader.
    The provider's `words` are kept on one line, 200 characters at most.
    """
    return _reason(Ground.BOUNCED, words) if no_mailbox else None


def mass_refusal(accepted: int, refused: int) -> bool:
    """Whether a server, not its readers, is the likely cause of refusals: of at least 20 letters more than half had no
    mailbox. Then nobody is suppressed. `refused` counts those with no mailbox only."""
    answered = accepted + refused
    return answered >= _ENOUGH_TO_JUDGE and 2 * refused > answered


def _rulings(history: History) -> Iterator[Ruling]:
    for event in history.events:
        ground = _AT_ONCE.get(event.kind)
        if ground and _counts(history, ground, event) and not _is_in_doubt(history, event):
            yield Ruling(ground=ground, at=event.at, reason=_reason(ground, event.words))
    yield from _out_of_reach(history)


def _counts(history: History, ground: Ground, event: MailEvent) -> bool:
    said_at = _LONG_AGO if event.kind in _UNDATED else event.at
    return counts(ground, said_at, yes_at=history.yes_at, allowed_at=history.allowed_at)


def _is_in_doubt(history: History, event: MailEvent) -> bool:
    return event.kind is EventKind.HARD_BOUNCE and event.issue in history.doubted


def _out_of_reach(history: History) -> Iterator[Ruling]:
    """The ground of softly bounced letters: of the last issues in a row, as long as no later letter got through."""
    events = [event for event in history.events if event.issue and _counts(history, Ground.SOFT, event)]
    arrived = {event.issue for event in events if event.kind in ARRIVED}
    bounced: dict[str, MailEvent] = {}
    for event in sorted(events, key=lambda one: (one.at, one.words)):
        if event.kind is EventKind.SOFT_BOUNCE and event.issue not in arrived:
            bounced.setdefault(event.issue, event)
    # Of these letters it is known that they did not arrive, and that the mailbox had no part in it.
    aside = {event.issue for event in events if event.kind in DROPS or event.kind is EventKind.HARD_BOUNCE}
    row: list[MailEvent] = []
    for issue in sorted({*history.issues, *bounced, *arrived} - (aside - bounced.keys() - arrived)):
        row = [*row, bounced[issue]] if issue in bounced else []
    for number, event in enumerate(row, start=1):
        if number >= IN_A_ROW and event.at - row[0].at >= AT_LEAST:
            yield Ruling(ground=Ground.SOFT, at=event.at, reason=_reason(Ground.SOFT, event.words))
            return


def _reason(ground: Ground, words: str) -> str:
    """`bounced: 550 5.1.1 no such user`"""
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())[:_LONGEST].rstrip()
    return f"{ground.value}: {said}" if said else ground.value
