"""The delivery engine: subscribers and batches beside the letters, senders with leases, pacing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the new tables and takes the letters of before over; those that were claimed are unknown."""
    _issues()
    _subscribers()
    _senders()
    op.rename_table("letter", "letter_before")
    op.drop_index("letter_owed")
    _letters()
    _take_over()
    op.drop_table("letter_before")
    op.drop_table("run")
    _pace()


def _issues() -> None:
    for column in (
        sa.Column("unknown", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sending_since", sa.BigInteger),
        sa.Column("stopped_at", sa.BigInteger),
        sa.Column("hold", sa.Text, nullable=False, server_default=""),
        sa.Column("held_until", sa.BigInteger),
        sa.Column("slice_left", sa.Integer),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    ):
        op.add_column("issue", column)


def _subscribers() -> None:
    op.create_table(
        "subscriber",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("address", sa.String(collation="NOCASE"), nullable=False, unique=True),
        *(
            sa.Column(name, sa.Text, nullable=False, server_default="")
            for name in ("name", "categories", "timezone", "domain")
        ),
        sa.Column("line", sa.Integer, nullable=False, server_default="0"),
        sa.Column("listed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("detail", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reading", sa.Integer, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("readers", sa.Integer, nullable=False),
        sa.Column("left_out", sa.Text, nullable=False),
    )
    op.create_table(
        "roster_fault",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("line", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("address", "reason", "detail")),
    )


def _senders() -> None:
    op.create_table(
        "sender",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("issue", sa.Text, sa.ForeignKey("issue.id"), nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("boot", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_table(
        "batch",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("issue", sa.Text, sa.ForeignKey("issue.id"), nullable=False),
        sa.Column("sender", sa.Integer, sa.ForeignKey("sender.key")),
        sa.Column("journal", sa.Text, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("letters", sa.Integer, nullable=False),
        sa.Column("claimed_at", sa.BigInteger, nullable=False),
        sa.Column("reference", sa.Text, nullable=False, server_default=""),
        sa.Column("send_at", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False, server_default="open"),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("provider_id", sa.Text, nullable=False, server_default=""),
        sa.CheckConstraint("state IN ('open', 'settled', 'recalled')", name="batch_state"),
    )
    op.create_index("batch_open", "batch", ["issue", "sender"], sqlite_where=sa.text("state = 'open'"))


def _letters() -> None:
    op.create_table(
        "letter",
        sa.Column("issue", sa.Text, primary_key=True),
        sa.Column("subscriber", sa.Integer, primary_key=True),
        sa.Column("variant", sa.Integer, nullable=False, server_default="0"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("tried_at", sa.BigInteger),
        sa.Column("batch", sa.Integer),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("words", sa.Text),
        sa.Column("provider_id", sa.Text),
        sa.CheckConstraint(
            "state = 'owed' OR state = 'claimed' OR state = 'accepted' OR state = 'refused' OR state = 'unknown'"
            " OR state = 'left_out'",
            name="letter_state",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("letter_owed", "letter", ["issue", "due"], sqlite_where=sa.text("state = 'owed'"))


def _take_over() -> None:
    op.execute(
        "INSERT INTO subscriber (address, name, domain)"
        " SELECT address, max(name), substr(address, instr(address, '@') + 1)"
        " FROM letter_before GROUP BY address ORDER BY min(key)"
    )
    op.execute(
        "INSERT INTO batch (issue, journal, provider, letters, claimed_at, state)"
        " SELECT issue, '', provider, count(*), coalesce(min(claimed_at), 0), 'settled'"
        " FROM letter_before WHERE claimed_at IS NOT NULL GROUP BY issue, provider"
    )
    op.execute(
        "INSERT INTO letter (issue, subscriber, state, attempts, tried_at, batch, settled_at, words, provider_id)"
        " SELECT before.issue, subscriber.key, CASE before.state WHEN 'claimed' THEN 'unknown' ELSE before.state END,"
        " before.attempts, before.claimed_at, batch.number, before.settled_at, before.words, before.provider_id"
        " FROM letter_before AS before JOIN subscriber ON subscriber.address = before.address"
        " LEFT JOIN batch ON before.claimed_at IS NOT NULL"
        " AND batch.issue = before.issue AND batch.provider = before.provider"
    )
    op.execute("UPDATE issue SET unknown = claimed, claimed = 0")


def _pace() -> None:
    op.create_table(
        "pace",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rate", sa.Float, nullable=False, server_default="0"),
        sa.Column("rate_since", sa.BigInteger),
        sa.Column("free_at", sa.BigInteger),
        sa.Column("began", sa.BigInteger),
    )
    op.create_table(
        "used",
        sa.Column("minute", sa.Integer, primary_key=True),
        sa.Column("domain", sa.Text, primary_key=True),
        sa.Column("letters", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
