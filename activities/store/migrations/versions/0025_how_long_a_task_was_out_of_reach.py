"""Since when, and how long before, a task's messages came to nobody: that time is not its agency's."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns. What came to nobody before this is not known by its time, and counts for nothing."""
    op.add_column("task", sa.Column("undelivered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("task", sa.Column("undelivered_for", sa.Interval(), server_default=sa.text("'0'"), nullable=False))
    op.alter_column("task", "undelivered_for", server_default=None)
