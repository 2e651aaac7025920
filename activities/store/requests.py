"""What an agency asks of those who may decide: more time, missing facts, another holder."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Request(Base):
    """One request; the clock of its task runs until it is decided.

    `kind`: extend | facts | reassign. `state`: open | granted | refused | withdrawn | lapsed. `decider`: coordinator |
    supervisor, of `decider_id`. `sealed`: reason and answer, which may tell of the person. `due_at`: when it climbs.
    """

    __tablename__ = "request"
    __table_args__ = (
        Index("ix_request_open", "task_id", "kind", unique=True, postgresql_where=text("state = 'open'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    ground: Mapped[str] = mapped_column(default="")
    budget: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")  # code of the one asked for, or of nobody in particular
    sealed: Mapped[bytes]
    asked_by: Mapped[str]
    asker_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_at: Mapped[datetime]
    decider: Mapped[str]
    decider_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    due_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
