"""A correction of what an agency answered: the old value is kept, and where it changes the way, two people agree to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Correction(Base):
    """One correction. `state`: proposed | applied | refused | lapsed.

    `old`, `new`: sealed outcomes with the fact's own time. `fields`: names of what differs. `effect`: which tasks are
    withdrawn, opened, recomputed; `digest`: of the effect that was agreed to. `objection`: raised by the agency whose
    paper somebody else entered. `coordinator_digest`, `supervisor_digest`: of the effect each agreed to; one beside no
    `…_id` is of an agreement that no longer counts, for the effect is another.
    """

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_open", "task_id", unique=True, postgresql_where=text("state = 'proposed'")),)

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"), index=True)
    state: Mapped[str]
    objection: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bytes]
    fields: Mapped[list[str]]
    effect: Mapped[dict[str, Any]]
    digest: Mapped[str]
    by_id: Mapped[str]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    coordinator_id: Mapped[str | None]
    coordinator_digest: Mapped[str | None]
    supervisor_id: Mapped[str | None]
    supervisor_digest: Mapped[str | None]
    decided_at: Mapped[datetime | None]
