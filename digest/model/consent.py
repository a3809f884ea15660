"""Which word about a reader counts: what outlives what, which no is older than a yes, and who may take it back."""

from __future__ import annotations

from datetime import datetime

from digest.model.readers import Act, Ground

OPERATORS_ALONE = frozenset({Ground.BY_HAND, Ground.COMPLAINED})
"""Grounds that no yes of the reader's takes back."""

ACT_OF = {
    Ground.SOFT: Act.BOUNCED,
    Ground.BOUNCED: Act.BOUNCED,
    Ground.UNSUBSCRIBED: Act.LEFT,
    Ground.FORGOTTEN: Act.LEFT,
    Ground.BY_HAND: Act.SUPPRESSED,
    Ground.COMPLAINED: Act.COMPLAINED,
}
"""What the record of consent calls it when a ground is laid."""

_STRENGTH = {ground: strength for strength, ground in enumerate(Ground)}


def is_stronger(ground: Ground, known: Ground | None) -> bool:
    """Whether a ground takes the place of the one that is known."""
    return known is None or _STRENGTH[ground] > _STRENGTH[known]


def is_lifted_by_reader(ground: Ground) -> bool:
    """Whether it ends when the reader asks for letters and confirms it."""
    return ground not in OPERATORS_ALONE


def is_said(ground: Ground) -> bool:
    """Whether somebody said it. That a mailbox could not be reached is found out; it takes back no sign-up."""
    return ground not in (Ground.SOFT, Ground.BOUNCED)


def counts(ground: Ground, at: datetime, *, yes_at: datetime | None, allowed_at: datetime | None) -> bool:
    """Whether a no that was said at an instant still holds: no yes that could have lifted it came after.

    `yes_at` is the last yes of the reader or the operator, `allowed_at` the last one of the operator. So the words of
    providers, which come late and in any order, come to the same as if they had come when they were said.
    """
    lifted_at = allowed_at if ground in OPERATORS_ALONE else yes_at
    return lifted_at is None or at >= lifted_at


def after_forgetting(known: Ground | None) -> Ground:
    """The ground that stays with the hash of somebody who was erased: being erased takes no complaint back."""
    return known if known in OPERATORS_ALONE else Ground.FORGOTTEN
