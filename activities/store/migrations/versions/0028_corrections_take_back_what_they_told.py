"""What was known of a person at the start stands apart from what answers told; an agreement names the effect it was given to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KNOWN = "UPDATE journey SET papers_brought = papers, residence_stated = residence_commune"
TOLD = (
    """
    UPDATE journey SET papers_brought = papers - 'poor_household' FROM task
    WHERE task.journey_id = journey.id AND task.kind = 'confirm_application' AND task.state = 'done'
        AND task.outcome ->> 'poor_household' = 'true'
    """,
    """
    UPDATE journey SET residence_stated = '' FROM task
    WHERE task.journey_id = journey.id AND task.kind = 'confirm_residence' AND task.state = 'done'
        AND task.outcome ->> 'result' = 'confirmed' AND residence_commune = reception_commune
    """,
)
UNKNOWN = """
UPDATE correction SET
    coordinator_digest = CASE WHEN coordinator_id IS NOT NULL THEN '' END,
    supervisor_digest = CASE WHEN supervisor_id IS NOT NULL THEN '' END
WHERE state = 'proposed'
"""


def upgrade() -> None:
    """What an answer tells too counts as told by it; to what somebody agreed before is not known: they are asked again.

    The defaults stay: a process of the version before still opens journeys.
    """
    op.add_column(
        "journey", sa.Column("papers_brought", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False)
    )
    op.add_column("journey", sa.Column("residence_stated", sa.String(), server_default="", nullable=False))
    for known in (KNOWN, *TOLD):
        op.execute(known)
    for name in ("coordinator_digest", "supervisor_digest"):
        op.add_column("correction", sa.Column(name, sa.String(), nullable=True))
    op.execute(UNKNOWN)
    op.add_column("task", sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True))
