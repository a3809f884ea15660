"""The preflight: what issues were sent despite, and which links answered not long ago."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both tables."""
    op.create_table(
        "override",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("issue", sa.Text, sa.ForeignKey("issue.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("check_name", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "link_answer",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("moved_to", sa.Text, nullable=False, server_default=""),
        sa.Column("size", sa.Integer, nullable=False, server_default="0"),
        sa.Column("kind", sa.Text, nullable=False, server_default=""),
        sqlite_with_rowid=False,
    )
