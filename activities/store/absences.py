"""Who is away, and the hand-overs of everything an officer held."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Absence(Base):
    """An officer is away from `since` to `until`, both days included; whoever stands in acts on what they hold.

    `substitute_id` None: what they hold is their agency's. `ended_at`: taken back, or ended early.
    """

    __tablename__ = "absence"

    id: Mapped[str] = mapped_column(primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), index=True)
    substitute_id: Mapped[str | None] = mapped_column(ForeignKey("officer.id"), index=True)
    since: Mapped[date]
    until: Mapped[date]
    by_id: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class Handover(Base):
    """All live tasks of one officer given to a colleague, or with `to_id` None to their agency's queue."""

    __tablename__ = "handover"

    id: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    from_id: Mapped[str] = mapped_column(ForeignKey("officer.id"))
    to_id: Mapped[str | None] = mapped_column(ForeignKey("officer.id"))
    reason: Mapped[str]
    tasks: Mapped[int]
    by_id: Mapped[str]
    at: Mapped[datetime]
