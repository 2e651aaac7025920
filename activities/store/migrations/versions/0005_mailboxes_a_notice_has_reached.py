"""The mailboxes a notice has reached, so that a second try leaves them alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add `delivery.reached`."""
    op.add_column(
        "delivery",
        sa.Column("reached", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")),
    )
    op.alter_column("delivery", "reached", server_default=None)
