"""Notices to officers and organisations, morning digests, and each delivery of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Notice(Base):
    """Something an organisation should look at; neutral words are drawn when it is shown, ids and codes are kept.

    `spread_at`: real time its deliveries were written, one a channel; None: still to be.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(None, "organisation_id", "id"),
        Index(None, "organisation_id", "at", "id"),
        Index("ix_notice_unseen", "organisation_id", "audience", postgresql_where=text("seen_at IS NULL")),
        Index("ix_notice_district", "at", "id", postgresql_where=text("audience = 'district'")),
        Index("ix_notice_unspread", "at", postgresql_where=text("spread_at IS NULL")),
    )

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
    spread_at: Mapped[datetime | None]


class Digest(Base):
    """What one mailbox or organisation is told on a working day's morning: numbers of its tasks, nothing else.

    `recipient`: officer or organisation id, one digest a day; `officer_id` None: the organisation's own. Case time.
    """

    __tablename__ = "digest"
    __table_args__ = (Index(None, "day", "recipient", unique=True),)

    id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    recipient: Mapped[str]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    officer_id: Mapped[str | None] = mapped_column(ForeignKey("officer.id"))
    counts: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Delivery(Base):
    """One notice, or one digest, on its way through one channel. Real times.

    `reached`: whose addresses have it, by officer or organisation id. `at_once`: goes out in quiet hours too.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(None, "notice_id", "channel", unique=True),
        Index(None, "digest_id", "channel", unique=True),
        Index("ix_delivery_pending", "channel", "next_at", postgresql_where=text("state = 'pending'")),
        Index("ix_delivery_undelivered", "notice_id", postgresql_where=text("state = 'undelivered'")),
        CheckConstraint("(notice_id IS NULL) <> (digest_id IS NULL)", name="ck_delivery_one_content"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    notice_id: Mapped[str | None] = mapped_column(ForeignKey("notice.id"))
    digest_id: Mapped[str | None] = mapped_column(ForeignKey("digest.id"))
    channel: Mapped[str]  # in_app | mail | webhook
    state: Mapped[str] = mapped_column(default="pending")  # pending | delivered | undelivered
    at_once: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    reached: Mapped[list[str]] = mapped_column(default=list)
    next_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
