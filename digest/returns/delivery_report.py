"""Delivery reports by the standard: RFC 3464's fields, one group for each recipient."""

from __future__ import annotations

import re
from collections.abc import Mapping

from digest.model.readers import EventKind
from digest.model.returns import Fate
from digest.returns.opened import Fields
from digest.returns.addresses import addresses_in
from digest.returns.verdict import Refusal, is_dead

_KINDS = {
    "delayed": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "relayed": EventKind.DELIVERED,
    "expanded": EventKind.DELIVERED,
}


def fates_of_report(reports: tuple[Fields, ...], told: Mapping[str, str], prose: str) -> tuple[Fate, ...]:
    """What the report tells of each recipient, each once. `told` is what the mail says of each address in words, `prose`
    all that it says: they are asked where the fields say nothing."""
    found: dict[str, Fate] = {}
    reporter = next((group["reporting-mta"] for group in reports if "reporting-mta" in group), "")
    for group in reports:
        address = recipient_of(group)
        if address and (group.keys() & {"action", "status"}):
            found.setdefault(address, _fate(address, group, told.get(address, prose), reporter))
    return tuple(found.values())


def recipient_of(group: Fields) -> str:
    """The address as the sender wrote it, where the report has it (Original-Recipient), else as it was tried last."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = group.get(name, "")
        found = addresses_in(value.partition(";")[2] or value)
        if found:
            return found[0]
    return ""


def _fate(address: str, group: Fields, prose: str, reporter: str) -> Fate:
    action = group.get("action", "failed").strip().lower().split(" ")[0].rstrip(";")
    words = group.get("diagnostic-code", "") or group.get("status", "").partition("(")[2]
    kind = _KINDS.get(action)
    if kind is None:
        refusal = Refusal(status=group.get("status", ""), words=words or prose, around=prose, reporter=reporter, fields=True)
        kind = EventKind.HARD_BOUNCE if is_dead(refusal) else EventKind.SOFT_BOUNCE
    said = re.sub(r"^\s*[\w/-]+\s*;\s*", "", words) or group.get("status", "")
    return Fate(address=address, kind=kind, words=" ".join(said.split()))
