"""The first schema: sources and entries, issues, the ledger, suppressions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes all tables."""
    _sources()
    _issues()
    _ledger()


def _sources() -> None:
    op.create_table(
        "source",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False, server_default=""),
        sa.Column("last_modified", sa.Text, nullable=False, server_default=""),
        sa.Column("moved_to", sa.Text, nullable=False, server_default=""),
        sa.Column("first_read_at", sa.BigInteger),
        sa.Column("last_good_at", sa.BigInteger),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("last_error", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "entry",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, sa.ForeignKey("source.url"), nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("last_changed", sa.BigInteger, nullable=False),
        sa.Column("published", sa.BigInteger),
        sa.Column("updated", sa.BigInteger),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("categories", sa.Text, nullable=False),
        sa.Column("pictures", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.UniqueConstraint("source", "identity"),
    )
    op.create_index("ix_entry_first_seen", "entry", ["first_seen"])
    op.create_index("ix_entry_published", "entry", ["published"])


def _issues() -> None:
    op.create_table(
        "issue",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opens", sa.BigInteger, nullable=False),
        sa.Column("closes", sa.BigInteger, nullable=False),
        sa.Column("composed_at", sa.BigInteger, nullable=False),
        sa.Column("planned_at", sa.BigInteger),
        sa.Column("fingerprint", sa.Text, nullable=False),
        *(
            sa.Column(state, sa.Integer, nullable=False, server_default="0")
            for state in ("owed", "claimed", "accepted", "refused", "left_out")
        ),
        sa.CheckConstraint("state IN ('composed', 'sending', 'sent')", name="issue_state"),
    )
    op.create_table(
        "consideration",
        sa.Column("issue", sa.Text, sa.ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("entry_key", sa.Integer, sa.ForeignKey("entry.key"), primary_key=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.CheckConstraint("outcome IN ('story', 'cut')", name="consideration_outcome"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_consideration_entry_key", "consideration", ["entry_key"])


def _ledger() -> None:
    op.create_table(
        "run",
        sa.Column("issue", sa.Text, sa.ForeignKey("issue.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("issue", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "letter",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("issue", sa.Text, sa.ForeignKey("issue.id"), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False, server_default=""),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("from_run", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_by", sa.Integer),
        sa.Column("claimed_at", sa.BigInteger),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("provider", sa.Text, nullable=False, server_default=""),
        sa.Column("provider_id", sa.Text, nullable=False, server_default=""),
        sa.CheckConstraint("state IN ('owed', 'claimed', 'accepted', 'refused', 'left_out')", name="letter_state"),
        sa.UniqueConstraint("issue", "address"),
    )
    op.create_index("letter_owed", "letter", ["issue", "from_run"], sqlite_where=sa.text("state = 'owed'"))
    op.create_table(
        "suppression",
        sa.Column("address", sa.String(collation="NOCASE"), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "instance",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
