"""What officers write to one another about a task or a journey."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Comment(Base):
    """One comment; its words are sealed. `to`: roles; `agencies`: ids of those whose holder or head is meant."""

    __tablename__ = "comment"
    __table_args__ = (Index(None, "task_id", "at", "id"), Index(None, "journey_id", "at", "id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("task.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"))
    to: Mapped[list[str]]
    agencies: Mapped[list[str]]
    at: Mapped[datetime]
    sealed: Mapped[bytes]
