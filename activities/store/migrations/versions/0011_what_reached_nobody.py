"""What reached nobody is found without reading every delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index of the few deliveries that failed for good."""
    lost = sa.text("state = 'undelivered'")
    op.create_index("ix_delivery_undelivered", "delivery", ["notice_id"], postgresql_where=lost)
