"""The ledger's hot statements, as the driver's own SQL: these are run for every letter or every batch of them."""

from __future__ import annotations

from collections.abc import Mapping

_PLAN = """
INSERT INTO letter (issue, subscriber, state, due, words, variant)
SELECT :issue, subscriber.key,
       CASE WHEN suppression.address IS NOT NULL {without} THEN 'left_out' ELSE {state} END,
       {due},
       CASE WHEN suppression.address IS NOT NULL THEN 'suppressed' {because} ELSE {words} END,
       {variant}
FROM subscriber
LEFT JOIN suppression ON suppression.address = subscriber.address
{hours}
{choices}
WHERE subscriber.listed = :reading OR subscriber.joined IS NOT NULL
ORDER BY subscriber.key
"""
_SAME = {
    "state": "'owed'", "words": "NULL", "variant": "0", "due": ":due", "hours": "", "choices": "",
}  # fmt: skip
_HOURS = {
    "due": "coalesce(hour.due, :due)",
    "hours": "LEFT JOIN temp.hour AS hour ON hour.timezone = subscriber.timezone",
}
_CHOICES = {
    "state": "CASE WHEN choice.variant < 0 THEN 'left_out' ELSE 'owed' END",
    "words": "CASE WHEN choice.variant < 0 THEN :too_little END",
    "variant": "max(coalesce(choice.variant, 0), 0)",
    "choices": "LEFT JOIN temp.choice AS choice ON choice.categories = subscriber.categories",
}
HAS_MONTHLY = "subscriber.rhythm = 'monthly'"

# The month's issues so far went to segments: whoever was in none of them has had nothing yet.
HAS_MONTHLY_OF_SEGMENT = f"""({HAS_MONTHLY} AND EXISTS (
    SELECT 1 FROM letter AS earlier JOIN issue ON issue.id = earlier.issue AND issue.state <> 'composed'
    WHERE earlier.issue >= :month AND earlier.issue < :issue AND earlier.subscriber = subscriber.key
      AND earlier.state <> 'left_out'))"""


def plan(*, hours: bool, choices: bool, without: Mapping[str, str] | None = None) -> str:
    """A letter for each reader, whom the last reading of the list had or who joined beside it, by number; left out
    where the address is suppressed, or one of the conditions of `without` is true: each has the parameter that holds
    the reason.

    `:due` is the instant from which readers get theirs; with `hours` those of a time zone that `hour` has get it as
    that says. With `choices`, `choice` has the body that a choice of sections comes to, -1 where it comes to none.
    """
    out = without or {}
    conditions = "".join(f" OR {condition}" for condition in out)
    because = " ".join(f"WHEN {condition} THEN :{reason}" for condition, reason in out.items())
    own = (_HOURS if hours else {}) | (_CHOICES if choices else {})
    return _PLAN.format(**_SAME | own, without=conditions, because=because)


ANY_MONTHLY = "SELECT EXISTS (SELECT 1 FROM subscriber WHERE rhythm = 'monthly')"
NOT_OWED = "SELECT count(*) FROM letter WHERE issue = :issue AND state = 'left_out'"

# How many of them are left out, found from the few that are suppressed: to count a million letters takes half a second.
LEFT_OUT = """
SELECT count(*) FROM suppression CROSS JOIN subscriber ON subscriber.address = suppression.address
WHERE subscriber.listed = :reading OR subscriber.joined IS NOT NULL
"""

# Who stays on the list: an empty one is an accident of an export, and takes out nobody whom it ever had.
_STAYS = "(subscriber.listed = :reading OR subscriber.joined IS NOT NULL OR (:empty AND subscriber.listed > 0))"

# What is owed, in order, those with the same body together, and whether its reader may be written to at this moment. It
# is read as far as needed: the index gives the order, so nothing is sorted, and what was taken has left it, so nothing
# is passed over twice.
OWED = f"""
SELECT owed.subscriber, subscriber.address, subscriber.name, owed.attempts, owed.tried_at, owed.variant,
       owed.due, subscriber.domain,
       {_STAYS},
       EXISTS (SELECT 1 FROM suppression WHERE suppression.address = subscriber.address)
FROM letter AS owed INDEXED BY letter_owed CROSS JOIN subscriber ON subscriber.key = owed.subscriber
WHERE owed.issue = :issue AND owed.state = 'owed' AND owed.due <= :now
ORDER BY owed.due, owed.variant, owed.subscriber
"""
NEXT_DUE = """
SELECT due FROM letter INDEXED BY letter_owed WHERE issue = ? AND state = 'owed' ORDER BY due LIMIT 1
"""

LAST_DUE = NEXT_DUE.replace("ORDER BY due", "ORDER BY due DESC")

_THIS = "WHERE issue = :issue AND subscriber = :key"
CLAIM = f"UPDATE letter SET state = 'claimed', batch = :batch {_THIS}"
CLAIM_RUN = """
UPDATE letter SET state = 'claimed', batch = :batch
WHERE issue = :issue AND subscriber BETWEEN :first AND :last AND state = 'owed' AND due = :due
  AND variant = :variant
"""
LEAVE_OUT = f"UPDATE letter SET state = 'left_out', words = :words, settled_at = :now {_THIS}"
PUT_OFF = f"UPDATE letter SET due = :due {_THIS}"

WITHDRAW = f"""
UPDATE letter SET state = 'left_out', words = :words, settled_at = :now
WHERE issue = :issue AND state = 'owed'
  AND subscriber IN (SELECT key FROM subscriber WHERE NOT coalesce({_STAYS}, 0))
"""

_CLAIMED = f"{_THIS} AND batch = :batch AND state = 'claimed'"
_SAID = "words = nullif(:words, ''), provider_id = nullif(:provider_id, '')"
_TRIED = f"{_SAID}, attempts = attempts + :tried"
_SINCE = "tried_at = CASE WHEN :tried THEN coalesce(tried_at, :now) ELSE tried_at END"

SETTLE = {
    "accepted": f"UPDATE letter SET state = 'accepted', settled_at = :now, {_TRIED} {_CLAIMED}",
    "refused": f"UPDATE letter SET state = 'refused', settled_at = :now, {_TRIED} {_CLAIMED}",
    "unknown": f"UPDATE letter SET state = 'unknown', {_TRIED}, {_SINCE} {_CLAIMED}",
    "owed": f"UPDATE letter SET state = 'owed', due = :due, {_TRIED}, {_SINCE} {_CLAIMED}",
    "left_out": f"UPDATE letter SET state = 'left_out', settled_at = :now, words = :words {_CLAIMED}",
}
ACCEPT_RUN = """
UPDATE letter SET state = 'accepted', settled_at = :now, words = NULL, provider_id = NULL, attempts = attempts + 1
WHERE issue = :issue AND subscriber BETWEEN :first AND :last AND batch = :batch AND state = 'claimed'
"""

# A sender that was taken for dead comes back with an answer. Unless somebody else has the letter by now, or it was
# called back, the answer counts.
ACCEPT_LATE = f"""
UPDATE letter SET state = 'accepted', settled_at = :now, {_TRIED}
{_THIS} AND batch = :batch AND state = :before
  AND NOT EXISTS (SELECT 1 FROM batch WHERE number = :batch AND state = 'recalled')
"""

SUPPRESS = """
INSERT INTO suppression (address, reason, since, ground)
SELECT address, :suppress, :now, 'bounced' FROM subscriber WHERE key = :key
ON CONFLICT DO NOTHING
"""

CALL_BACK = """
UPDATE letter SET state = 'left_out', words = :words, settled_at = :now
WHERE issue = :issue AND batch = :batch AND state = 'accepted'
"""
