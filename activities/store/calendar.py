"""Holidays and swap days added beside the shipped list, and the edition by which every process notices a change."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class CalendarDay(Base):
    """A day added by an administrator. `source`: what announced it, or `local`; `instead_of`: the weekday a swap day replaces."""

    __tablename__ = "calendar_day"
    __table_args__ = (Index("ix_calendar_day_listed", "day", unique=True, postgresql_where=text("removed_at IS NULL")),)

    id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[str]  # holiday | swap
    name_vi: Mapped[str]
    name_en: Mapped[str]
    source: Mapped[str]
    instead_of: Mapped[date | None]
    at: Mapped[datetime]
    by_id: Mapped[str]
    removed_at: Mapped[datetime | None]


class Edition(Base):
    """Which edition of `calendar` or `plans` is in use; a new mark with every change."""

    __tablename__ = "edition"

    name: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str]
