"""Notices of Amazon SES, which come as JSON in a mail of its notification service.

https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from digest.model.readers import EventKind
from digest.model.returns import Fate, ReturnKind
from digest.returns.opened import Opened
from digest.returns.verdict import Refusal, is_dead

_MOST = 50


def fates_of_notice(mail: Opened) -> tuple[ReturnKind, tuple[Fate, ...]] | None:
    """What a notice tells; None for a mail that is none."""
    if "amazon" not in mail.headers.get("from", "").lower():
        return None
    notice = _notice(mail.prose)
    kind = str(notice.get("notificationType") or notice.get("eventType") or "")
    if kind == "Bounce":
        return ReturnKind.REPORT, _bounced(_table(notice, "bounce"))
    if kind == "Complaint":
        named = _rows(_table(notice, "complaint"), "complainedRecipients")
        return ReturnKind.COMPLAINT, tuple(_fate(row, EventKind.COMPLAINT) for row in named)
    if kind == "Delivery":
        taken = _table(notice, "delivery").get("recipients")
        readers = taken if isinstance(taken, list) else []
        return ReturnKind.REPORT, tuple(
            Fate(address=str(to).lower(), kind=EventKind.DELIVERED) for to in readers[:_MOST]
        )
    return None


def _bounced(bounce: Mapping[str, Any]) -> tuple[Fate, ...]:
    gave_up = bounce.get("bounceType") == "Permanent"
    return tuple(_fate(row, _kind(row, gave_up)) for row in _rows(bounce, "bouncedRecipients"))


def _kind(row: Mapping[str, Any], gave_up: bool) -> EventKind:
    refusal = Refusal(status=str(row.get("status", "")), words=str(row.get("diagnosticCode", "")))
    return EventKind.HARD_BOUNCE if gave_up and is_dead(refusal) else EventKind.SOFT_BOUNCE


def _fate(row: Mapping[str, Any], kind: EventKind) -> Fate:
    return Fate(address=str(row.get("emailAddress", "")).lower(), kind=kind, words=str(row.get("diagnosticCode", "")))


def _notice(prose: str) -> Mapping[str, Any]:
    """The notice, which may be wrapped into one of the notification service. Lines were broken on the way."""
    start = prose.find("{")
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(prose, start) if start >= 0 else ({}, 0)
        inner = found.get("Message") if isinstance(found, dict) else None
        found = json.loads(inner, strict=False) if isinstance(inner, str) else found
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _table(notice: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = notice.get(name)
    return found if isinstance(found, dict) else {}


def _rows(table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = table.get(name)
    return [row for row in found[:_MOST] if isinstance(row, dict)] if isinstance(found, list) else []
