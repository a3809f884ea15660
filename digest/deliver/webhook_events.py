"""What SendGrid's event webhook tells, in the words of the trade. Pure.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event: events come in any order, more than once (the
same one with another `sg_event_id` each time), and with fields missing. Which letter one is about stand in the two
custom arguments of the request that sent it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from digest.deliver.receipts import said
from digest.deliver.smtp_replies import Reply, no_such_reader
from digest.model.readers import EventKind, MailEvent

_KINDS: Mapping[str, EventKind] = {
    "processed": EventKind.PROCESSED,
    "delivered": EventKind.DELIVERED,
    "deferred": EventKind.DEFERRED,
    "bounce": EventKind.SOFT_BOUNCE,
    "dropped": EventKind.DROPPED,
    "open": EventKind.OPEN,
    "click": EventKind.CLICK,
    "spamreport": EventKind.COMPLAINT,
    "unsubscribe": EventKind.UNSUBSCRIBE,
    "group_unsubscribe": EventKind.UNSUBSCRIBE,
    # Not group_resubscribe: only here, and with a confirmation, does somebody come back.
}
_DROPPED_FOR: Mapping[str, EventKind] = {
    "unsubscribed address": EventKind.DROPPED_UNSUBSCRIBED,
    "spam reporting address": EventKind.DROPPED_COMPLAINED,
}
_WORDLESS = frozenset({EventKind.PROCESSED, EventKind.DELIVERED, EventKind.OPEN, EventKind.CLICK})

# `bounce_classification`: what SendGrid makes of the server's words. The others leave it to the words themselves.
_ABOUT_THE_ADDRESS = "Invalid Address"
_ABOUT_US = frozenset({"Content", "Frequency or Volume Too High", "Reputation", "Technical Failure"})

_REPLY_CODE = re.compile(r"^\d{3}[ -]")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_BAD_HOST = "5.1.2"  # RFC 3463, section 3.2
_NO_SUCH_HOST = re.compile(
    r"(?:domain|host)\b.{0,60}\b(?:unknown|not found|(?:does not|doesn't) exist)|(?:unknown|no such) (?:domain|host)\b",
    re.IGNORECASE,
)
_SOMEBODY_ELSE = re.compile(r"sender|from|your|client|h?elo\b|ehlo|relay", re.IGNORECASE)
_LONGEST_URL = 2000


def translate(
    posts: Iterable[object], *, normalise: Callable[[str], str], now: datetime
) -> tuple[list[MailEvent], int]:
    """The events among what was posted, in their order, and how many posts make no sense or are of no use to us.

    `normalise` gives an address its one spelling, or raises ValueError; an event is then about nobody that we know. An
    event that bears no time, or one after `now`, happened when we were told.
    """
    events, passed_over = [], 0
    for post in posts:
        event = _event(post, normalise, now) if isinstance(post, dict) else None
        if event is None:
            passed_over += 1
        else:
            events.append(event)
    return events, passed_over


def _event(post: dict[str, Any], normalise: Callable[[str], str], now: datetime) -> MailEvent | None:
    name = _text(post, "event")
    kind = _kind(name, post)
    if kind is None:
        return None
    address, at = _address(post, normalise), _instant(post)
    issue, letter = _text(post, "issue"), _text(post, "letter")
    ours = bool(issue and letter)
    url = _text(post, "url")[:_LONGEST_URL] if kind is EventKind.CLICK else ""
    return MailEvent(
        kind=kind,
        at=now if at is None or at > now else at,
        identity=_identity(name, kind, address, f"{issue}.{letter}" if ours else _message(post), url, post),
        address=address,
        issue=issue if ours else "",
        letter=letter if ours else "",
        words="" if kind in _WORDLESS else _words(name, post),
        url=url,
        is_machine=post.get("sg_machine_open") is True,
    )


def _kind(name: str, post: Mapping[str, Any]) -> EventKind | None:
    if name == "bounce" and _is_the_address(post):
        return EventKind.HARD_BOUNCE
    if name == "dropped":
        return _DROPPED_FOR.get(_text(post, "reason").strip().lower(), EventKind.DROPPED)
    return _KINDS.get(name)


def _is_the_address(post: Mapping[str, Any]) -> bool:
    """Whether a bounce says that there is no such reader or no such host. A `blocked` one is about this letter, its
    sender or the moment, whatever its words."""
    classified = _text(post, "bounce_classification")
    if post.get("type") == "blocked" or classified in _ABOUT_US:
        return False
    return classified == _ABOUT_THE_ADDRESS or _say_no_such_reader(_text(post, "status"), _text(post, "reason"))


def _say_no_such_reader(status: str, reason: str) -> bool:
    reason = _REPLY_CODE.sub("", reason)
    telling = bool(_ENHANCED.fullmatch(status)) and not status.endswith(".0.0") and not _ENHANCED.match(reason)
    text = f"{status} {reason}" if telling else reason
    code = _ENHANCED.match(text)
    no_host = code[0] == _BAD_HOST if code else _NO_SUCH_HOST.search(text) and not _SOMEBODY_ELSE.search(text)
    return bool(no_host) or no_such_reader(Reply(code=550, text=text.encode("utf-8", "replace")))


def _identity(name: str, kind: EventKind, address: str, letter: str, url: str, post: Mapping[str, Any]) -> bytes:
    """The same for every repeat: what happened, to whom, when, and to which letter; but not its id, which changes."""
    who = address or _text(post, "email")
    told = f"{name}\0{kind.value}\0{who}\0{letter}\0{url}\0{post.get('timestamp')}\0{post.get('attempt')}"
    return blake2b(told.encode("utf-8", "replace"), digest_size=16).digest()


def _message(post: Mapping[str, Any]) -> str:
    return _text(post, "sg_message_id") or _text(post, "smtp-id")


def _words(event: str, post: Mapping[str, Any]) -> str:
    """What the server said; of a drop `dropped: Bounced Address`, because there the provider itself speaks."""
    why = _text(post, "reason") or _text(post, "response")
    return said(": ".join(filter(None, (event, why))) if event == "dropped" else why)


def _text(post: Mapping[str, Any], name: str) -> str:
    value = post.get(name)
    return value if isinstance(value, str) else ""


def _address(post: Mapping[str, Any], normalise: Callable[[str], str]) -> str:
    try:
        return normalise(_text(post, "email"))
    except ValueError:
        return ""


def _instant(post: Mapping[str, Any]) -> datetime | None:
    seconds = post.get("timestamp")
    try:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float | str):
            return None
        return datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
