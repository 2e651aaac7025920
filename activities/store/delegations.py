"""A task handed down: each link of the chain, from the agency that stays answerable to whoever does the work."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Delegation(Base):
    """One link. `officer_id`: who at `to_id` was named, if anybody; `ended_at` None while the link holds."""

    __tablename__ = "delegation"

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    from_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    officer_id: Mapped[str | None]
    reason: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_reason: Mapped[str] = mapped_column(default="")
