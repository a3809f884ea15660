"""The statements of events, as the driver's own SQL: these are run for every event that a provider tells of."""

from __future__ import annotations

import sqlite3

from digest.model.readers import EventKind, MailEvent
from digest.record.instants import to_instant

# One bundle, for as long as its transaction lasts.
MAKE_TOLD = """
CREATE TEMP TABLE IF NOT EXISTS told (
  issue TEXT, subscriber INTEGER, kind TEXT, identity BLOB, at INTEGER, address TEXT, letter TEXT, words TEXT,
  url TEXT, is_machine INTEGER, PRIMARY KEY (issue, subscriber, kind, identity)
) WITHOUT ROWID
"""

# Another programme may send through the same account and call something else an issue; and who was forgotten keeps a
# number, but no address.
TELL = """
INSERT OR IGNORE INTO temp.told VALUES (
  coalesce((SELECT id FROM issue WHERE id = ?), ''),
  coalesce((SELECT key FROM subscriber WHERE key = ? AND instr(address, '@')),
           (SELECT key FROM subscriber WHERE address = ?), 0),
  ?, ?, ?, ?, ?, ?, ?, ?)
"""

DROP_KNOWN = """
DELETE FROM temp.told WHERE EXISTS (
  SELECT 1 FROM mail_event AS known WHERE known.issue = told.issue AND known.subscriber = told.subscriber
  AND known.kind = told.kind AND known.identity = told.identity)
"""

OUTSIDERS = "SELECT count(*) FROM temp.told WHERE subscriber = 0"

INSERT = """
INSERT INTO mail_event (issue, subscriber, kind, identity, at, words, url, is_machine)
SELECT issue, subscriber, kind, identity, at, words, url, is_machine FROM temp.told
WHERE subscriber > 0 AND kind NOT IN ({passed_over})
"""

# Letters of which somebody told, and whose fate that may change.
IN_DOUBT = """
SELECT told.issue, told.subscriber, told.kind, told.letter, told.words, subscriber.address, letter.state,
       coalesce(letter.words, ''), letter.attempts
FROM temp.told CROSS JOIN letter ON letter.issue = told.issue AND letter.subscriber = told.subscriber
JOIN subscriber ON subscriber.key = told.subscriber
WHERE told.subscriber > 0 AND letter.state IN ('unknown', 'owed', 'refused')
ORDER BY told.issue, told.subscriber, told.at
"""

SETTLE = """
UPDATE letter SET state = :state, words = nullif(:words, ''), due = 0, settled_at = :now
WHERE issue = :issue AND subscriber = :number AND state = :before
"""

# What was told of a letter since it was claimed. Of times SendGrid tells whole seconds.
KEPT_OF_LETTER = """
SELECT mail_event.kind, mail_event.words FROM letter
JOIN batch ON batch.number = letter.batch
JOIN mail_event ON mail_event.issue = letter.issue AND mail_event.subscriber = letter.subscriber
WHERE letter.issue = ? AND letter.subscriber = ? AND mail_event.at >= batch.claimed_at - 1000000
ORDER BY mail_event.at
"""

TO_JUDGE = """
SELECT subscriber FROM temp.told WHERE subscriber > 0 AND kind IN ({telling})
UNION
SELECT told.subscriber FROM temp.told JOIN subscriber ON subscriber.key = told.subscriber
JOIN suppression ON suppression.address = subscriber.address AND suppression.ground = ?
"""

# The partial index has few rows beside the table's many; SQLite takes it only where its condition stands literally.
_TELLING = "FROM mail_event INDEXED BY mail_event_telling WHERE issue = ? AND kind = ? AND kind <> 'delivered'"
READERS_WITH = f"SELECT DISTINCT subscriber {_TELLING}"
COUNT_WITH = f"SELECT count(DISTINCT subscriber) {_TELLING}"

# Who is judged: the yes of reader or operator, the operator's, and how they stand.
READER = """
SELECT subscriber.address, yes_at,
       (SELECT max(at) FROM consent WHERE consent.subscriber = subscriber.key AND act = 'allowed'), ground, since
FROM subscriber LEFT JOIN suppression ON suppression.address = subscriber.address WHERE subscriber.key = ?
"""

ISSUES_OF_LETTERS = """
SELECT letter.issue FROM issue CROSS JOIN letter ON letter.issue = issue.id AND letter.subscriber = ?
WHERE letter.state = 'accepted' ORDER BY letter.issue
"""

_OF_READER = """
SELECT mail_event.issue, kind, identity, at, words, url, is_machine
FROM (SELECT id FROM issue UNION ALL SELECT '') AS known
CROSS JOIN mail_event ON mail_event.issue = known.id AND mail_event.subscriber = ?
ORDER BY at, kind, identity
"""


def quoted(kinds: frozenset[EventKind]) -> str:
    """Kinds as they stand in an `IN (…)`."""
    return ", ".join(f"'{kind.value}'" for kind in sorted(kinds))


def events_of(driver: sqlite3.Connection, number: int) -> tuple[MailEvent, ...]:
    """What is kept of one reader, the oldest first. By issue, because the table lies in their order."""
    return tuple(
        MailEvent(
            kind=EventKind(kind),
            at=to_instant(at),
            identity=identity,
            number=number,
            issue=issue,
            words=words,
            url=url,
            is_machine=bool(is_machine),
        )
        for issue, kind, identity, at, words, url, is_machine in driver.execute(_OF_READER, (number,))
    )
