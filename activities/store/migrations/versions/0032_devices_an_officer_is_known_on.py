"""Devices an officer has signed in on count their own wrong passwords: a stranger's lock nobody out of theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every device is met anew at its next sign-in."""
    op.create_table(
        "known_device",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", "officer_id", name=op.f("pk_known_device")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_known_device_officer_id_officer")),
    )
    op.create_index(op.f("ix_known_device_officer_id"), "known_device", ["officer_id"])
