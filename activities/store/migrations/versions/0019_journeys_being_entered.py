"""Journeys that are being entered, sealed; and which rows of sheets became journeys."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add `journey_draft` and `imported_row`."""
    op.create_table(
        "journey_draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_journey_draft_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey_draft")),
    )
    op.create_index(op.f("ix_journey_draft_officer_id"), "journey_draft", ["officer_id"])
    op.create_table(
        "imported_row",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("journey_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_imported_row_journey_id_journey")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_imported_row")),
    )
