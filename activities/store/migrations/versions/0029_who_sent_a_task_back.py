"""Who sent a task back is in its row: they do not withdraw it themselves."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KNOWN = """
UPDATE task SET returned_by = (
    SELECT officer_id FROM journal
    WHERE journal.task_id = task.id AND event = 'task-returned' ORDER BY seq DESC LIMIT 1
) WHERE state = 'returned'
"""


def upgrade() -> None:
    """What waits for the coordinator now is as its journal tells."""
    op.execute("ALTER TABLE task ADD COLUMN returned_by varchar")
    op.execute(KNOWN)
