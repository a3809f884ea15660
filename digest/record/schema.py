"""The tables of the store. Migrations make them; a test holds the two together.

    source ──< entry ──< consideration >── issue ──< letter >── subscriber     roster ──< roster_fault
      ∨          ∨ ├──< article, gist         │ │        │
 source_page     │ ├──< likeness              │ │        │                     picture
                 └─┴──< correction >──────────┤ │        │
                                            │ │        ∨
                                            │ └────< batch >── sender           pace    used
                                            └──────< override                   suppression    instance    link_answer

    subscriber ──< consent     intake ──< subscriber     sign_up    attempt    errand        mail_event (of a letter)
    issue ─── back_issue, back_issue_story

A change here wants a new file in `migrations/versions` and its name at the end of `migrate.REVISIONS`.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from digest.record.instants import Instant
from digest.record.schema_back_issues import back_issue
from digest.record.schema_gathering import (
    article,
    correction,
    entry,
    gist,
    likeness,
    metadata,
    picture,
    source,
    source_page,
)
from digest.record.schema_readers import attempt, consent, errand, intake, mail_event, sign_up

__all__ = [
    "article",
    "attempt",
    "back_issue",
    "batch",
    "consent",
    "consideration",
    "correction",
    "entry",
    "errand",
    "gist",
    "instance",
    "intake",
    "issue",
    "letter",
    "likeness",
    "link_answer",
    "mail_event",
    "metadata",
    "override",
    "pace",
    "picture",
    "roster",
    "roster_fault",
    "sender",
    "sign_up",
    "source",
    "source_page",
    "subscriber",
    "suppression",
    "used",
]

# `owed` to `left_out` and `unknown` count the issue's letters by state. The ledger moves them in the transaction that
# moves the letters, so that nobody has to count a million rows to see how a send is going. `hold` is why nobody may
# send it, `slice_left` how many letters of the first slice are still to be claimed, `failures` how many batches in a
# row failed. `bounces` is `doubted` while so many letters bounced that a server must be the cause, and `believed` once
# the operator said that it is not.
issue = Table(
    "issue",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("opens", Instant, nullable=False),
    Column("closes", Instant, nullable=False),
    Column("composed_at", Instant, nullable=False),
    Column("planned_at", Instant),
    Column("fingerprint", Text, nullable=False),
    Column("owed", Integer, nullable=False, server_default="0"),
    Column("claimed", Integer, nullable=False, server_default="0"),
    Column("accepted", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("left_out", Integer, nullable=False, server_default="0"),
    CheckConstraint("state IN ('composed', 'sending', 'sent')", name="issue_state"),
    Column("unknown", Integer, nullable=False, server_default="0"),
    Column("sending_since", Instant),
    Column("stopped_at", Instant),
    Column("hold", Text, nullable=False, server_default=""),
    Column("held_until", Instant),
    Column("slice_left", Integer),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("segment", Text, nullable=False, server_default=""),
    Column("bounces", Text, nullable=False, server_default=""),
)

consideration = Table(
    "consideration",
    metadata,
    Column("issue", Text, ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True),
    Column("entry_key", Integer, ForeignKey("entry.key"), primary_key=True, index=True),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("title", Text, nullable=False),
    CheckConstraint("outcome IN ('story', 'cut')", name="consideration_outcome"),
    sqlite_with_rowid=False,
)

# Everybody who was ever on the list. A row keeps its key for good, and keys grow in the order of the list. Somebody is
# on the list while `listed` is the reading that `roster` names.
subscriber = Table(
    "subscriber",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("address", String(collation="NOCASE"), nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("categories", Text, nullable=False, server_default=""),
    Column("timezone", Text, nullable=False, server_default=""),
    Column("domain", Text, nullable=False, server_default=""),
    Column("line", Integer, nullable=False, server_default="0"),
    Column("listed", Integer, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("joined", Instant),
    Column("yes_at", Instant),
    Column("own", Boolean, nullable=False, server_default="0"),
    Column("rhythm", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default=""),
)
Index("subscriber_joined", subscriber.c.joined, sqlite_where=text("joined IS NOT NULL"))

# Of a million readers few may have chosen sections: what was chosen is found without looking at the others.
Index("subscriber_choice", subscriber.c.categories, sqlite_where=text("categories <> ''"))

# The last reading of the list: one row.
roster = Table(
    "roster",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reading", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("stamp", Text, nullable=False),
    Column("readers", Integer, nullable=False),
    Column("left_out", Text, nullable=False),
)

roster_fault = Table(
    "roster_fault",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("line", Integer, nullable=False),
    Column("address", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("column_name", Text, nullable=False, server_default=""),
)

# A process that sends, or sent. Its claims hold while it renews its lease. `boot` names the machine's start it runs in.
sender = Table(
    "sender",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False),
    Column("host", Text, nullable=False),
    Column("boot", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("lease_until", Instant, nullable=False),
    Column("ended_at", Instant),
)

# Letters claimed together. It is open until what became of each is on record. `journal` names the sender in whose
# journal its letters are noted; that stays when another sender takes the batch over. `letters` counts those that were
# claimed and, once it is settled, those that were accepted.
batch = Table(
    "batch",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False),
    Column("sender", Integer, ForeignKey("sender.key")),
    Column("journal", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("reference", Text, nullable=False, server_default=""),
    Column("send_at", Instant),
    Column("state", Text, nullable=False, server_default="open"),
    Column("settled_at", Instant),
    Column("provider_id", Text, nullable=False, server_default=""),
    CheckConstraint("state IN ('open', 'settled', 'recalled')", name="batch_state"),
)
Index("batch_open", batch.c.issue, batch.c.sender, sqlite_where=text("state = 'open'"))

# A letter's place in the campaign is its subscriber's key: a batch then lies on a few neighbouring pages. By address, a
# claim of a thousand letters would write nine hundred of them. No foreign keys: the rows are made out of the tables
# that they would name, and three look-ups a letter would double the time of a plan.
letter = Table(
    "letter",
    metadata,
    Column("issue", Text, primary_key=True),
    Column("subscriber", Integer, primary_key=True),
    Column("variant", Integer, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),
    Column("due", Instant, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("tried_at", Instant),
    Column("batch", Integer),
    Column("settled_at", Instant),
    Column("words", Text),
    Column("provider_id", Text),
    # Not `state IN (…)`, for which SQLite fills a table of its own a row: a plan would take twice as long.
    CheckConstraint(
        "state = 'owed' OR state = 'claimed' OR state = 'accepted' OR state = 'refused' OR state = 'unknown'"
        " OR state = 'left_out'",
        name="letter_state",
    ),
    sqlite_with_rowid=False,
)

# Holds the owed letters alone, in the order in which they are claimed. The claim names it (INDEXED BY): left to itself,
# SQLite may walk over every settled letter, and a campaign becomes quadratic.
Index("letter_owed", letter.c.issue, letter.c.due, letter.c.variant, sqlite_where=text("state = 'owed'"))

# How fast letters may leave now: one row. `used` counts those that left, by minute, and by domain if it is limited.
pace = Table(
    "pace",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rate", Float, nullable=False, server_default="0"),
    Column("rate_since", Instant),
    Column("free_at", Instant),
    Column("began", Instant),
)

used = Table(
    "used",
    metadata,
    Column("minute", Integer, primary_key=True),
    Column("domain", Text, primary_key=True),
    Column("letters", Integer, nullable=False),
    sqlite_with_rowid=False,
)

suppression = Table(
    "suppression",
    metadata,
    # Letter case is ignored: in doubt, somebody who said no is left alone.
    Column("address", String(collation="NOCASE"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("ground", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

# What the preflight found and somebody sent an issue despite.
override = Table(
    "override",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("check_name", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

# Addresses that answered not long ago, so that nobody is asked twice within minutes.
link_answer = Table(
    "link_answer",
    metadata,
    Column("address", Text, primary_key=True),
    Column("asked_at", Instant, nullable=False),
    Column("moved_to", Text, nullable=False, server_default=""),
    Column("size", Integer, nullable=False, server_default="0"),
    Column("kind", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

instance = Table(
    "instance",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
