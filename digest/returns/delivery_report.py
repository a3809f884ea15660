"""Delivery reports by the standard: RFC 3464's fields, one group for each recipient."""

from __future__ import annotations

import re
from collections.abc import Mapping

from digest.model.readers import EventKind
from digest.model.returns import Fate
from digest.returns.addresses import addresses_in
from digest.returns.opened import Fields
from digest.returns.verdict import Refusal, is_dead

_KINDS = {
    "delayed": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "relayed": EventKind.DELIVERED,
    "expanded": EventKind.DELIVERED,
}
_KIND_OF_CODE = re.compile(r"^\s*[\w/-]+\s*;\s*")
_MOST = 200


def fates_of_report(reports: tuple[Fields, ...], told: Mapping[str, str], prose: str) -> tuple[Fate, ...]:
    """What the report tells of each recipient, each once. `told` is what the mail says of each address in words,
    `prose` all that it says: they are asked where the fields say nothing."""
    found: dict[str, Fate] = {}
    reporter = next((group["reporting-mta"] for group in reports if "reporting-mta" in group), "")
    for group in reports[:_MOST]:
        address = recipient_of(group)
        if address and group.keys() & {"action", "status"}:
            around = prose if len(told) < 2 else told.get(address, prose)
            words = _words(group) or told.get(address, prose)
            refusal = Refusal(
                words=words, around=around, status=group.get("status", ""), reporter=reporter, is_standard=True
            )
            found.setdefault(address, Fate(address=address, kind=_kind(group, refusal), words=" ".join(words.split())))
    return tuple(found.values())


def recipient_of(group: Fields) -> str:
    """The address as the sender wrote it, where the report has it (Original-Recipient), else as it was tried last."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = group.get(name, "")
        if found := addresses_in(value.partition(";")[2] or value):
            return found[0]
    return ""


def _kind(group: Fields, refusal: Refusal) -> EventKind:
    action = re.split(r"[\s;(]", group.get("action", "failed").strip().lower())[0]
    if action in _KINDS:
        return _KINDS[action]
    return EventKind.HARD_BOUNCE if is_dead(refusal) else EventKind.SOFT_BOUNCE


def _words(group: Fields) -> str:
    """What the other server said; some servers put it behind the status."""
    return _KIND_OF_CODE.sub("", group.get("diagnostic-code", "")) or group.get("status", "").partition("(")[2]
