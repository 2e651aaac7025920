"""Journeys, persons and what happens to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Journeys, persons and what happens to them."""
    op.create_table(
        "journey",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("plan_hash", sa.String(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "ending", "closed", name="journeystate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("reporter_id", sa.String(), nullable=False),
        sa.Column("reception_commune", sa.String(), nullable=False),
        sa.Column("residence_commune", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_reason", sa.String(), nullable=False),
        sa.Column("child", sa.Boolean(), nullable=False),
        sa.Column("foreigner", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("way_of_return", sa.String(), nullable=False),
        sa.Column("papers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("chain_seq", sa.Integer(), nullable=False),
        sa.Column("chain_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["organisation.id"], name=op.f("fk_journey_lead_id_organisation")),
        sa.ForeignKeyConstraint(["plan_hash"], ["plan_version.hash"], name=op.f("fk_journey_plan_hash_plan_version")),
        sa.ForeignKeyConstraint(["reporter_id"], ["organisation.id"], name=op.f("fk_journey_reporter_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey")),
        sa.UniqueConstraint("reference", name=op.f("uq_journey_reference")),
    )
    op.create_index(op.f("ix_journey_lead_id"), "journey", ["lead_id"], unique=False)
    op.create_index(
        op.f("ix_journey_territory_journey_opened_at_journey_id"),
        "journey",
        ["territory", "opened_at", "id"],
        unique=False,
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("journey_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("recipients", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_consent_journey_id_journey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_journey_id"), "consent", ["journey_id"], unique=False)
    op.create_table(
        "danger",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("journey_id", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_danger_journey_id_journey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_danger")),
    )
    op.create_index(op.f("ix_danger_journey_id"), "danger", ["journey_id"], unique=False)
    op.create_table(
        "journey_news",
        sa.Column("journey_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_journey_news_journey_id_journey")),
        sa.PrimaryKeyConstraint("journey_id", "seq", name=op.f("pk_journey_news")),
    )
    op.create_table(
        "person",
        sa.Column("journey_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_person_journey_id_journey")),
        sa.PrimaryKeyConstraint("journey_id", name=op.f("pk_person")),
    )
    op.create_table(
        "person_index",
        sa.Column("journey_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_person_index_journey_id_journey")),
        sa.PrimaryKeyConstraint("journey_id", "field", name=op.f("pk_person_index")),
    )
    op.create_index(op.f("ix_person_index_digest"), "person_index", ["digest"], unique=False)
    op.create_table(
        "statistics_fact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("journey_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_statistics_fact_journey_id_journey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_fact")),
    )
    op.create_index(op.f("ix_statistics_fact_journey_id"), "statistics_fact", ["journey_id"], unique=False)
    op.create_table(
        "wish",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("journey_id", sa.String(), nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_wish_journey_id_journey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    op.create_index(op.f("ix_wish_journey_id"), "wish", ["journey_id"], unique=False)
