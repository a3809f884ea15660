"""What became of a letter, in a line for people."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from digest.model import LetterRecord, LetterState
from digest.model.ledger import NOT_IN_SEGMENT
from digest.model.readers import MailEvent


def fate(letter: LetterRecord, timezone: ZoneInfo) -> str:
    """`accepted by smtp at 06:02 as 4F2A91`, `refused by smtp: 550 no such user`, and so on."""
    return _TOLD[letter.state](letter, timezone)


def instant(moment: datetime | None, timezone: ZoneInfo) -> str:
    """An instant in the publication's local time."""
    return f"{moment.astimezone(timezone):%Y-%m-%d %H:%M:%S %Z}" if moment else "?"


def event(one: MailEvent, timezone: ZoneInfo) -> str:
    """`hard bounce at 2026-11-20 06:05:10 HST: 550 no such user`, and so on."""
    return f"{one.kind.value} at {instant(one.at, timezone)}{f': {one.words}' if one.words else ''}"


def _owed(letter: LetterRecord, timezone: ZoneInfo) -> str:
    tried = f", tried {letter.attempts} times" if letter.attempts > 1 else ", tried once" if letter.attempts else ""
    later = f", again from {instant(letter.due, timezone)}" if letter.due and letter.due.year > 1970 else ""
    return f"owed{tried}{later}{_words(letter)}"


def _claimed(letter: LetterRecord, timezone: ZoneInfo) -> str:
    return f"with a sender since {instant(letter.claimed_at, timezone)}, through {letter.provider}"


def _accepted(letter: LetterRecord, timezone: ZoneInfo) -> str:
    name = f" as {letter.provider_id}" if letter.provider_id else ""
    held = f", which sends it at {instant(letter.send_at, timezone)}" if letter.send_at else ""
    return f"accepted by {letter.provider} at {instant(letter.settled_at, timezone)}{name}{held}{_words(letter)}"


def _refused(letter: LetterRecord, timezone: ZoneInfo) -> str:
    return f"refused by {letter.provider} at {instant(letter.settled_at, timezone)}{_words(letter)}"


def _unknown(letter: LetterRecord, timezone: ZoneInfo) -> str:
    reference = f", under {letter.reference}" if letter.reference else ""
    return f"unknown since {instant(letter.claimed_at, timezone)}, through {letter.provider}{reference}{_words(letter)}"


def _left_out(letter: LetterRecord, timezone: ZoneInfo) -> str:
    segment = f" ({letter.segment})" if letter.words == NOT_IN_SEGMENT else ""
    return f"left out{_words(letter)}{segment}"


def _words(letter: LetterRecord) -> str:
    return f": {letter.words}" if letter.words else ""


_TOLD = {
    LetterState.OWED: _owed,
    LetterState.CLAIMED: _claimed,
    LetterState.ACCEPTED: _accepted,
    LetterState.REFUSED: _refused,
    LetterState.UNKNOWN: _unknown,
    LetterState.LEFT_OUT: _left_out,
}
