"""How long an entry's sound or film runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Entries of before do not say; the next gather writes those that do."""
    op.add_column("entry", sa.Column("seconds", sa.Integer, nullable=False, server_default="0"))
