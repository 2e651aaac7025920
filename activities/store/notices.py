"""Notices to officers and organisations, and each delivery of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from activities.store.base import Base


class Notice(Base):
    """Something an organisation should look at; neutral words are drawn when it is shown, ids and codes are kept."""

    __tablename__ = "notice"
    __table_args__ = (Index(None, "organisation_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    officer_id: Mapped[str | None]
    audience: Mapped[str] = mapped_column(default="officer")  # officer | coordinator | supervisor
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"))
    task_id: Mapped[str | None] = mapped_column(index=True)
    rung_id: Mapped[str | None]
    code: Mapped[str]
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None]


class Delivery(Base):
    """One notice on its way through one channel. Real times. `reached`: whose mailboxes have it, by officer or organisation id."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_pending", "next_at", postgresql_where=text("state = 'pending'")),
        Index("ix_delivery_undelivered", "notice_id", postgresql_where=text("state = 'undelivered'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notice.id"), index=True)
    notice: Mapped[Notice] = relationship(lazy="raise")  # a notice is written before its deliveries
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")  # pending | delivered | undelivered
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    reached: Mapped[list[str]] = mapped_column(default=list)
    next_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
