"""Agency tasks and what is kept of their clocks: pauses, extensions, rungs, decisions."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.domain.states import TaskState
from activities.store.base import Base

STANDING = """
CASE WHEN state IN ('open', 'paused', 'returned') THEN state
    || CASE WHEN state = 'open' AND officer_id IS NOT NULL THEN '+claimed' ELSE '' END
    || CASE WHEN overdue_at IS NOT NULL THEN '+overdue' ELSE '' END
    || CASE WHEN undelivered THEN '+undelivered' ELSE '' END
END
"""
DUE_WEEK = """
CASE WHEN state IN ('open', 'returned') AND overdue_at IS NULL
    THEN date_trunc('week', due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date END
"""
OPENED_ON = "(opened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"


class Task(Base):
    """One task of one agency. Case times; `deadline_at` is the open generation's, `due_at` what late is measured against."""

    __tablename__ = "task"
    __table_args__ = (
        Index(None, "journey_id", "kind"),
        Index(
            "ix_task_inbox",
            "organisation_id",
            "due_at",
            "id",
            postgresql_where=text("state IN ('open','paused','returned')"),
        ),
        Index(
            "ix_task_handed_down",
            "answerable_id",
            "due_at",
            "id",
            postgresql_where=text("answerable_id IS NOT NULL AND state IN ('open','paused','returned')"),
        ),
        Index(
            "ix_task_final",
            "organisation_id",
            "due_at",
            "id",
            postgresql_where=text("state IN ('done','waived','declined','withdrawn')"),
        ),
        Index(
            "ix_task_ended",
            "organisation_id",
            "ended_at",
            "id",
            postgresql_where=text("state IN ('done','waived','declined','withdrawn')"),
        ),
        Index("ix_task_live", "due_at", "id", postgresql_where=text("state IN ('open','paused','returned')")),
        Index(
            "ix_task_standing",
            "organisation_id",
            "kind",
            "standing",
            "opened_at",
            postgresql_where=text("standing IS NOT NULL"),
        ),
        Index(
            "ix_task_overdue",
            "organisation_id",
            "kind",
            "standing",
            "overdue_at",
            postgresql_where=text("standing IS NOT NULL AND overdue_at IS NOT NULL"),
        ),
        Index(
            "ix_task_returned",
            "organisation_id",
            "kind",
            "standing",
            "returned_at",
            postgresql_where=text("state = 'returned'"),
        ),
        Index(
            "ix_task_claimed",
            "organisation_id",
            "claimed_at",
            postgresql_where=text("standing IS NOT NULL AND claimed_at IS NOT NULL"),
        ),
        Index(
            "ix_task_unmarked",
            "due_at",
            "id",
            postgresql_where=text("overdue_at IS NULL AND state IN ('open','returned')"),
        ),
        Index("ix_task_paused", "organisation_id", "due_at", "id", postgresql_where=text("state = 'paused'")),
        Index(
            "ix_task_held",
            "officer_id",
            "due_at",
            "id",
            postgresql_where=text("officer_id IS NOT NULL AND state IN ('open','paused','returned')"),
        ),
        Index("ix_task_undelivered", "due_at", "id", postgresql_where=text("undelivered AND standing IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"))
    kind: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    stage: Mapped[str]
    state: Mapped[TaskState]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    answerable_id: Mapped[str | None] = mapped_column(
        ForeignKey("organisation.id")
    )  # who handed it down; None = holder
    officer_id: Mapped[str | None] = mapped_column(ForeignKey("officer.id"))
    generation: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    start_at: Mapped[datetime]
    due_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    reply_due_at: Mapped[datetime | None]
    stretched: Mapped[bool] = mapped_column(default=False)
    overdue_at: Mapped[datetime | None]
    overdue_marks: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(default="")
    returned_by: Mapped[str | None]  # who sent it back last; None: it came home by itself
    return_review_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    happened_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[int] = mapped_column(default=0)
    answered_by: Mapped[str | None]
    on_behalf_of: Mapped[dict[str, Any] | None]
    entered_at: Mapped[datetime | None]  # when somebody else corrected what they had entered from the paper
    code: Mapped[str] = mapped_column(default="")
    flags: Mapped[list[str]] = mapped_column(default=list)
    outcome: Mapped[dict[str, Any] | None]
    sealed: Mapped[bytes | None]
    draft: Mapped[bytes | None]
    superseded: Mapped[bool] = mapped_column(
        default=False
    )  # withdrawn by a correction: the story asks in another round
    handed_over: Mapped[dict[str, Any] | None]  # plain values of the task this one works on
    undelivered: Mapped[bool] = mapped_column(default=False)  # kept by the database: a message about it came to nobody
    undelivered_at: Mapped[datetime | None]  # case time since when that is so
    undelivered_for: Mapped[timedelta] = mapped_column(default=timedelta())  # and how long it was so before
    standing: Mapped[str | None] = mapped_column(Computed(STANDING, persisted=True))  # as it is tallied; None = final
    due_week: Mapped[date | None] = mapped_column(Computed(DUE_WEEK, persisted=True))  # Monday; None = no date ahead
    opened_on: Mapped[date | None] = mapped_column(Computed(OPENED_ON, persisted=True))


class PauseRow(Base):
    """One entry of a task's ledger of pauses; `until` None while it runs."""

    __tablename__ = "task_pause"

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    reason: Mapped[str]
    officer_id: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Extension(Base):
    """Time added to a task's clock: a budget such as `P5WD`, its reason and its ground."""

    __tablename__ = "task_extension"

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    budget: Mapped[str]
    reason: Mapped[str]
    ground: Mapped[str] = mapped_column(default="")
    officer_id: Mapped[str]
    at: Mapped[datetime]


class Rung(Base):
    """One rung of a task's ladder: owed, then fired or lapsed, exactly one of them."""

    __tablename__ = "rung"
    __table_args__ = (
        Index("ix_rung_owed", "task_id", "owed_at", postgresql_where=text("fired_at IS NULL AND lapsed_at IS NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    code: Mapped[str]
    to: Mapped[str]
    merged: Mapped[list[str]] = mapped_column(default=list)
    owed_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]


class Decision(Base):
    """What a supervisor or a coordinator decided of a task, and why."""

    __tablename__ = "decision"

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    kind: Mapped[str]
    reason: Mapped[str]
    officer_id: Mapped[str]
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
