"""Complaints: reports of abuse (RFC 5965), and those that Hotmail sends in a form of its own."""

from __future__ import annotations

import re

from digest.model.readers import EventKind
from digest.model.returns import Fate
from digest.returns.addresses import addresses_in
from digest.returns.opened import Opened

_NO_COMPLAINTS = frozenset({"not-spam", "auth-failure", "dmarc", "virus", "other"})
"""Kinds of feedback (RFC 5965, section 7.3; RFC 6430; RFC 6591) that no reader gave, or that take a complaint back."""
_OF_HOTMAIL = re.compile(r"^complaint about message from ", re.IGNORECASE)
_READER = ("x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "to")


def is_complaint(mail: Opened) -> bool:
    """Whether a reader complains of a letter."""
    kind = mail.feedback.get("feedback-type", "").strip().lower()
    if kind:
        return kind not in _NO_COMPLAINTS
    return bool(mail.original) and _OF_HOTMAIL.match(mail.headers.get("subject", "")) is not None


def fates_of_complaint(mail: Opened) -> tuple[Fate, ...]:
    """Who complains. Some providers do not tell: then it is an empty address, and the letter's own marks must do."""
    named = addresses_in(mail.feedback.get("original-rcpt-to", ""))
    readers = named or next(filter(None, (addresses_in(mail.original.get(name, "")) for name in _READER)), ())
    words = mail.feedback.get("feedback-type", "") or mail.headers.get("subject", "")
    return tuple(Fate(address=address, kind=EventKind.COMPLAINT, words=words) for address in readers or ("",))
