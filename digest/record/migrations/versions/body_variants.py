"""Letters of one body lie together among those that are owed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the index of owed letters anew, and one of those who chose."""
    op.drop_index("letter_owed")
    op.create_index("letter_owed", "letter", ["issue", "due", "variant"], sqlite_where=sa.text("state = 'owed'"))
    op.create_index("subscriber_choice", "subscriber", ["categories"], sqlite_where=sa.text("categories <> ''"))
