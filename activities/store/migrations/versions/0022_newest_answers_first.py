"""What an agency answered is read newest first, what somebody has not seen without what they have."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two indexes: their entries come in the order, and are those, that the pages show."""
    ended = sa.text("state IN ('done','waived','declined','withdrawn')")
    op.create_index("ix_task_ended", "task", ["organisation_id", "ended_at", "id"], postgresql_where=ended)
    unseen = sa.text("seen_at IS NULL")
    op.create_index("ix_notice_unseen", "notice", ["organisation_id", "audience"], postgresql_where=unseen)
