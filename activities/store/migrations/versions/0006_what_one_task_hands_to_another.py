"""What one task hands to another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add `task.handed_over`."""
    op.add_column("task", sa.Column("handed_over", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
