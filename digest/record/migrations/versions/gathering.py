"""Gathering: every address of a source, how far its stories are covered, and what became known of them afterwards."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PICTURE_NUMBERS = ("original_width", "original_height", "width", "height", "bytes")


def upgrade() -> None:
    """Makes the tables and columns. What servers gave to ask with moves from the source to its address."""
    op.create_table(
        "source_page",
        sa.Column("source", sa.Text, sa.ForeignKey("source.url", ondelete="CASCADE"), primary_key=True),
        sa.Column("address", sa.Text, primary_key=True),
        *_texts("etag", "last_modified", "body_hash"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO source_page (source, address, etag, last_modified)"
        " SELECT url, url, etag, last_modified FROM source WHERE etag <> '' OR last_modified <> ''"
    )
    _extend_source()
    _extend_entry()
    _make_facts_of_entries()
    _make_corrections()


def _extend_source() -> None:
    op.drop_column("source", "etag")
    op.drop_column("source", "last_modified")
    columns: tuple[sa.Column[Any], ...] = (
        *_texts("api"),
        sa.Column("covered_since", sa.BigInteger),
        sa.Column("whole_at", sa.BigInteger),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("retry_at", sa.BigInteger),
        sa.Column("told_until", sa.BigInteger),
        sa.Column("retired_at", sa.BigInteger),
        sa.Column("complete", sa.Boolean, nullable=False, server_default="0"),
        *_texts("why"),
    )
    for column in columns:
        op.add_column("source", column)


def _extend_entry() -> None:
    op.add_column("entry", sa.Column("gone_since", sa.BigInteger))
    op.add_column("entry", sa.Column("compared_at", sa.BigInteger))
    op.create_index("entry_dated", "entry", ["source", "published", "first_seen"])
    op.create_index("entry_uncompared", "entry", ["key"], sqlite_where=sa.text("compared_at IS NULL"))


def _make_facts_of_entries() -> None:
    op.create_table(
        "gist",
        sa.Column("entry_key", sa.Integer, sa.ForeignKey("entry.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("dated", sa.BigInteger, nullable=False, index=True),
        *_texts("words"),
    )
    op.create_table(
        "article",
        sa.Column("entry_key", sa.Integer, sa.ForeignKey("entry.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        *_texts("error", "page"),
    )
    op.create_table(
        "picture",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("crop", sa.Text, primary_key=True),
        *_texts("name", "kind"),
        *(sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in _PICTURE_NUMBERS),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        *_texts("reason"),
        sa.Column("passing", sa.Boolean, nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "likeness",
        sa.Column("entry_key", sa.Integer, sa.ForeignKey("entry.key", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            "other_key", sa.Integer, sa.ForeignKey("entry.key", ondelete="CASCADE"), primary_key=True, index=True
        ),
        sa.Column("score", sa.Float, nullable=False),
        *_texts("why"),
        sa.Column("found_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _make_corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("issue", sa.Text, sa.ForeignKey("issue.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("entry_key", sa.Integer, sa.ForeignKey("entry.key"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
    )


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False, server_default="") for name in names)
