"""Tasks handed down, requests, reminders by hand, corrections, journeys opened again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT, TIME, JSON = sa.String(), sa.DateTime(timezone=True), postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    """Add the columns and the four tables."""
    op.add_column("task", sa.Column("answerable_id", TEXT, sa.ForeignKey("organisation.id"), nullable=True))
    op.add_column("task", sa.Column("superseded", sa.Boolean(), nullable=False, server_default=sa.false()))
    live = sa.text("answerable_id IS NOT NULL AND state IN ('open','paused','returned')")
    op.create_index("ix_task_handed_down", "task", ["answerable_id", "due_at", "id"], postgresql_where=live)
    op.add_column("journey", sa.Column("rounds", JSON, nullable=False, server_default="{}"))
    for name in ("news_from", "reopened", "corrected", "heard"):
        op.add_column("journey", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for table, names in (
        ("task", ["superseded"]),
        ("journey", ["rounds", "news_from", "reopened", "corrected", "heard"]),
    ):
        for name in names:
            op.alter_column(table, name, server_default=None)
    _delegation()
    _request()
    _reminder()
    _correction()


def _delegation() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("task_id", TEXT, sa.ForeignKey("task.id"), nullable=False),
        sa.Column("from_id", TEXT, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("to_id", TEXT, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("officer_id", TEXT),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("by_id", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("ended_by", TEXT),
        sa.Column("ended_reason", TEXT, nullable=False),
    )
    op.create_index(op.f("ix_delegation_task_id"), "delegation", ["task_id"])


def _request() -> None:
    op.create_table(
        "request",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("task_id", TEXT, sa.ForeignKey("task.id"), nullable=False),
        sa.Column("journey_id", TEXT, sa.ForeignKey("journey.id"), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("kind", "state", "ground", "budget", "organisation")),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", TEXT, nullable=False),
        sa.Column("asker_id", TEXT, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("decider", TEXT, nullable=False),
        sa.Column("decider_id", TEXT, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("decided_by", TEXT),
        sa.Column("decided_at", TIME),
    )
    for name in ("task_id", "asker_id", "decider_id"):
        op.create_index(op.f(f"ix_request_{name}"), "request", [name])
    still = sa.text("state = 'open'")
    op.create_index("ix_request_open", "request", ["task_id", "kind"], unique=True, postgresql_where=still)


def _reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("task_id", TEXT, sa.ForeignKey("task.id"), nullable=False),
        sa.Column("officer_id", TEXT, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("look_again_at", TIME),
        sa.Column("rung_id", TEXT),
    )
    for name in ("task_id", "officer_id"):
        op.create_index(op.f(f"ix_reminder_{name}"), "reminder", [name])


def _correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("task_id", TEXT, sa.ForeignKey("task.id"), nullable=False),
        sa.Column("journey_id", TEXT, sa.ForeignKey("journey.id"), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("objection", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("effect", JSON, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("by_id", TEXT, nullable=False),
        sa.Column("organisation_id", TEXT, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("due_at", TIME),
        sa.Column("coordinator_id", TEXT),
        sa.Column("supervisor_id", TEXT),
        sa.Column("decided_at", TIME),
    )
    for name in ("task_id", "journey_id"):
        op.create_index(op.f(f"ix_correction_{name}"), "correction", [name])
    still = sa.text("state = 'proposed'")
    op.create_index("ix_correction_open", "correction", ["task_id"], unique=True, postgresql_where=still)
