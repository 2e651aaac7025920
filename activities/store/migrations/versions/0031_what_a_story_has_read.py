"""How far a journey's story has read its news stands in the row: none closes over news that was not read."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Stories that run have read what there is."""
    op.execute("ALTER TABLE journey ADD COLUMN news_read integer NOT NULL DEFAULT 0")
    op.execute(
        "UPDATE journey SET news_read = coalesce((SELECT max(seq) FROM journey_news WHERE journey_id = journey.id), 0)"
    )
