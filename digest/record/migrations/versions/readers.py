"""Readers: what they said and when, their choices, and what came back of their letters."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables and columns."""
    _extend_subscriber()
    _extend_suppression()
    for name in ("segment", "bounces"):
        op.add_column("issue", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("roster_fault", sa.Column("column_name", sa.Text, nullable=False, server_default=""))
    _make_sign_up()
    _make_consent()
    _make_intake()
    _make_attempt()
    _make_errand()
    _make_mail_event()
    _make_back_issue()
    _note_how_far_old_letters_reach()


def _extend_subscriber() -> None:
    op.add_column("subscriber", sa.Column("joined", sa.BigInteger))
    op.add_column("subscriber", sa.Column("yes_at", sa.BigInteger))
    op.add_column("subscriber", sa.Column("own", sa.Boolean, nullable=False, server_default="0"))
    for name in ("rhythm", "language"):
        op.add_column("subscriber", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.create_index("subscriber_joined", "subscriber", ["joined"], sqlite_where=sa.text("joined IS NOT NULL"))


def _extend_suppression() -> None:
    """What was suppressed before bounced, as its reason says, or was suppressed by hand."""
    op.add_column("suppression", sa.Column("ground", sa.Text, nullable=False, server_default=""))
    op.execute(
        "UPDATE suppression SET ground = CASE WHEN reason LIKE 'bounced%' THEN 'bounced'"
        " WHEN reason LIKE 'unsubscribed%' THEN 'unsubscribed' ELSE 'by hand' END"
    )


def _make_sign_up() -> None:
    op.create_table(
        "sign_up",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("address", sa.String(collation="NOCASE"), nullable=False, unique=True),
        sa.Column("nonce", sa.Text, nullable=False),
        *_texts("name", "categories", "rhythm", "language", "timezone"),
        sa.Column("asked_at", sa.BigInteger, nullable=False, index=True),
        sa.Column("letters", sa.Integer, nullable=False, server_default="0"),
        sa.Column("last_letter_at", sa.BigInteger),
        *_texts("how", "network", "form", "words", "words_language"),
    )


def _make_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column(
            "subscriber", sa.Integer, sa.ForeignKey("subscriber.key", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        *_texts("how", "network", "form", "words", "words_language"),
    )


def _make_intake() -> None:
    op.create_table(
        "intake",
        sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
        *_texts("how", "form", "words"),
        sqlite_with_rowid=False,
    )


def _make_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("bucket", sa.Text, primary_key=True),
        sa.Column("opens", sa.BigInteger, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _make_errand() -> None:
    op.create_table(
        "errand",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        sa.Column("address", sa.String(collation="NOCASE"), nullable=False, index=True),
        *_texts("payload"),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        *_texts("words", "network"),
    )


def _make_mail_event() -> None:
    op.create_table(
        "mail_event",
        sa.Column("issue", sa.Text, primary_key=True),
        sa.Column("subscriber", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("identity", sa.LargeBinary, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        *_texts("words", "url"),
        sa.Column("is_machine", sa.Boolean, nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
    op.create_index("mail_event_telling", "mail_event", ["issue", "kind"], sqlite_where=sa.text("kind <> 'delivered'"))


def _note_how_far_old_letters_reach() -> None:
    """Letters until now have links without a reader's number, and ids by the secret that was configured."""
    for name, newest in (
        ("links without a number until", "SELECT max(key) AS newest FROM subscriber"),
        ("ids by the configured secret until", "SELECT max(id) AS newest FROM issue"),
    ):
        op.execute(
            f"INSERT INTO instance (key, value) SELECT '{name}', newest FROM ({newest}) WHERE newest IS NOT NULL"
        )


def _make_back_issue() -> None:
    op.create_table(
        "back_issue",
        sa.Column("issue", sa.Text, sa.ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True),
        *_texts("shown", "fault"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "CREATE VIRTUAL TABLE back_issue_story USING fts5"
        "(headline, deck, about, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    )


def _texts(*names: str) -> tuple[sa.Column[Any], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False, server_default="") for name in names)
