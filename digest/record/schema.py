"""The tables of the store. Migrations make them; a test holds the two together.

    source ──< entry ──< consideration >── issue ──< letter
                                             └─────< run        suppression    instance

A change here wants a new file in `migrations/versions` and its name at the end of `migrate.REVISIONS`.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from digest.record.instants import Instant

metadata = MetaData()

source = Table(
    "source",
    metadata,
    Column("url", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("etag", Text, nullable=False, server_default=""),
    Column("last_modified", Text, nullable=False, server_default=""),
    Column("moved_to", Text, nullable=False, server_default=""),
    Column("first_read_at", Instant),
    Column("last_good_at", Instant),
    Column("failing_since", Instant),
    Column("last_error", Text, nullable=False, server_default=""),
)

# The long texts come last, so that a look at the other columns reads no overflow pages.
entry = Table(
    "entry",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("source", Text, ForeignKey("source.url"), nullable=False),
    Column("identity", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("first_seen", Instant, nullable=False, index=True),
    Column("last_changed", Instant, nullable=False),
    Column("published", Instant, index=True),
    Column("updated", Instant),
    Column("title", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("categories", Text, nullable=False),
    Column("pictures", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("source", "identity"),
)

# The last five columns count the issue's letters by state. The ledger moves them in the transaction that moves the
# letters, so that nobody has to count a million rows to see how a send is going.
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

# One go of a sender over an issue's letters, numbered within the issue.
run = Table(
    "run",
    metadata,
    Column("issue", Text, ForeignKey("issue.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    UniqueConstraint("issue", "name"),
    sqlite_with_rowid=False,
)

# `key` grows in the order of the list. A batch then lies on a few neighbouring pages: by address, a claim of a thousand
# letters writes nine hundred of them.
letter = Table(
    "letter",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("from_run", Integer, nullable=False, server_default="0"),
    Column("claimed_by", Integer),
    Column("claimed_at", Instant),
    Column("settled_at", Instant),
    Column("provider", Text, nullable=False, server_default=""),
    Column("provider_id", Text, nullable=False, server_default=""),
    CheckConstraint("state IN ('owed', 'claimed', 'accepted', 'refused', 'left_out')", name="letter_state"),
    UniqueConstraint("issue", "address"),
)

# Holds the owed letters alone, in the order in which they are claimed. The claim names it (INDEXED BY): left to itself,
# SQLite may walk over every settled letter, and a campaign becomes quadratic.
Index("letter_owed", letter.c.issue, letter.c.from_run, sqlite_where=text("state = 'owed'"))

suppression = Table(
    "suppression",
    metadata,
    # Letter case is ignored: in doubt, somebody who said no is left alone.
    Column("address", String(collation="NOCASE"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)

instance = Table(
    "instance",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
