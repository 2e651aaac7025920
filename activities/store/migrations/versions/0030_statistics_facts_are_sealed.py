"""Facts for the yearly figures are sealed, one row for each answer, so that a corrected answer corrects them."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those of before are dropped, not sealed: they stood in the clear, and each stands in its answer, sealed where it must be."""
    op.execute("TRUNCATE statistics_fact")
    op.drop_column("statistics_fact", "facts")
    op.drop_column("statistics_fact", "id")
    op.add_column("statistics_fact", sa.Column("task_id", sa.String(), nullable=False))
    op.add_column("statistics_fact", sa.Column("sealed", sa.LargeBinary(), nullable=False))
    op.create_primary_key("pk_statistics_fact", "statistics_fact", ["task_id"])
