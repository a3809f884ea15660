"""The ledger's hot statements, as the driver's own SQL: these are run for every letter or every batch of them."""

from __future__ import annotations

from digest.model import Fate

PLAN = """
INSERT INTO letter (issue, address, name, state, words) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""

# What is owed to a run, in order, and whether its reader is suppressed at this moment. It is read as far as needed: the
# index gives the order, so nothing is sorted, and what was taken has left it, so nothing is passed over twice.
OWED = """
SELECT owed.key, owed.address, owed.name, EXISTS (SELECT 1 FROM suppression WHERE suppression.address = owed.address)
FROM letter AS owed INDEXED BY letter_owed
WHERE owed.issue = ? AND owed.state = 'owed' AND owed.from_run <= ?
ORDER BY owed.from_run, owed.key
"""
CLAIM = "UPDATE letter SET state = 'claimed', claimed_by = ?, claimed_at = ? WHERE key = ?"
LEAVE_OUT = "UPDATE letter SET state = 'left_out', words = ?, settled_at = ? WHERE key = ?"

STILL_OWED = "SELECT key, address FROM letter INDEXED BY letter_owed WHERE issue = ? AND state = 'owed'"

_SAID = "words = :words, provider = :provider, provider_id = :provider_id"
_TRIED = f"{_SAID}, attempts = attempts + 1"
_FINAL = f"{_TRIED}, settled_at = :now"
_OWED = "state = 'owed', claimed_by = NULL, claimed_at = NULL"
_THIS = "WHERE issue = :issue AND address = :address"
_CLAIMED = f"{_THIS} AND state = 'claimed'"

SETTLE = {
    Fate.ACCEPTED: f"UPDATE letter SET state = 'accepted', {_FINAL} {_CLAIMED}",
    Fate.REFUSED: f"UPDATE letter SET state = 'refused', {_FINAL} {_CLAIMED}",
    Fate.UNKNOWN: f"UPDATE letter SET {_TRIED} {_CLAIMED}",
    Fate.DEFERRED: f"UPDATE letter SET from_run = claimed_by + 1, {_OWED}, {_TRIED} {_CLAIMED}",
    Fate.UNSENT: f"UPDATE letter SET {_OWED}, {_SAID} {_CLAIMED}",
}

# A letter that was put back among the owed while its sender still lived: the provider has it, so it is owed no more.
ACCEPT_OWED = f"UPDATE letter SET state = 'accepted', {_FINAL} {_THIS} AND state = 'owed'"
