"""Commands to Temporal, committed with the fact they follow from; and the answers kept under an idempotency key."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Command(Base):
    """`start`, `complete` (of a generation, with code and flags) or `look`. Real times."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_pending", "next_at", "id", postgresql_where=text("state = 'pending'")),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    journey_id: Mapped[str] = mapped_column(index=True)
    command: Mapped[str]
    task_id: Mapped[str] = mapped_column(default="")
    generation: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(default="")
    flags: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="pending")  # pending | done | poison
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]


class Idempotency(Base):
    """The answer given to a key, for a time, so that the same request gets the same answer. Real times.

    `sealed`: what was asked (its digest) and what was answered, which may hold all that is sealed elsewhere.
    """

    __tablename__ = "idempotency"

    officer_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[int]
    sealed: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(index=True)
