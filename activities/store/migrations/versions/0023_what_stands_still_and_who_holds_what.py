"""What stands still in an agency, and what an officer holds, are few among many: each has an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two indexes in the order in which lists show their rows."""
    paused = sa.text("state = 'paused'")
    op.create_index("ix_task_paused", "task", ["organisation_id", "due_at", "id"], postgresql_where=paused)
    held = sa.text("officer_id IS NOT NULL AND state IN ('open','paused','returned')")
    op.create_index("ix_task_held", "task", ["officer_id", "due_at", "id"], postgresql_where=held)
