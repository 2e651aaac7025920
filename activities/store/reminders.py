"""A reminder by hand: whom somebody spoke to, what was promised, when to look again."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Reminder(Base):
    """One reminder. `sealed`: whom and what was promised. `look_again_at`: case time the row comes back, None = never."""

    __tablename__ = "reminder"

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), index=True)
    at: Mapped[datetime]
    sealed: Mapped[bytes]
    look_again_at: Mapped[datetime | None]
    rung_id: Mapped[str | None]
