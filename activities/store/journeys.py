"""Journeys and what happens to them: wishes, dangers, consents, and the news the story reads."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from activities.domain.states import JourneyState
from activities.store.base import Base


class Journey(Base):
    """One person's way back: ids, codes and dates; never who the person is."""

    __tablename__ = "journey"
    __table_args__ = (Index(None, "territory", "opened_at", "id"), Index(None, "opened_at", "id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    plan_hash: Mapped[str] = mapped_column(ForeignKey("plan_version.hash"))
    territory: Mapped[str]
    state: Mapped[JourneyState]
    stage: Mapped[str]
    lead_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    reporter_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    reception_commune: Mapped[str]
    residence_commune: Mapped[str] = mapped_column(default="")
    residence_stated: Mapped[str] = mapped_column(default="")  # the same at the start, before anybody answered
    happened_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closing_reason: Mapped[str] = mapped_column(default="")
    child: Mapped[bool] = mapped_column(default=False)
    foreigner: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="vi")
    way_of_return: Mapped[str] = mapped_column(default="")
    papers: Mapped[list[str]] = mapped_column(default=list)
    papers_brought: Mapped[list[str]] = mapped_column(default=list)  # those of the start
    wish: Mapped[str] = mapped_column(default="")  # centre | home | stay, when the person has said so
    rounds: Mapped[dict[str, Any]] = mapped_column(default=dict)  # "kind#round" of the story -> the row's round
    news_from: Mapped[int] = mapped_column(default=0)  # the story begins to hear after this piece of news
    news_read: Mapped[int] = mapped_column(default=0)  # the last news the story has read
    reopened: Mapped[int] = mapped_column(default=0)
    corrected: Mapped[int] = mapped_column(default=0)  # times its story had to be told anew, as after a correction
    heard: Mapped[int] = mapped_column(default=0)  # how many of them the story goes by
    chain_seq: Mapped[int] = mapped_column(default=0)
    chain_hash: Mapped[str] = mapped_column(default="")


class NewsRow(Base):
    """One thing the story must hear of, in order; `seq` is the cursor."""

    __tablename__ = "journey_news"

    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    round: Mapped[int] = mapped_column(default=1)


class Wish(Base):
    """What the person said they want: `choice`, `refuse_service` or `withdraw`."""

    __tablename__ = "wish"

    id: Mapped[str] = mapped_column(primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"), index=True)
    wish: Mapped[str]
    value: Mapped[str] = mapped_column(default="")  # centre | home | stay, or the kind refused
    at: Mapped[datetime]
    officer_id: Mapped[str]


class Danger(Base):
    """A danger somebody raised; what it is stays in the sealed note."""

    __tablename__ = "danger"

    id: Mapped[str] = mapped_column(primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"), index=True)
    round: Mapped[int]
    at: Mapped[datetime]
    officer_id: Mapped[str]
    organisation_id: Mapped[str]
    sealed: Mapped[bytes | None]


class Consent(Base):
    """What the person agreed to: purpose, recipients, until when, in which language it was explained."""

    __tablename__ = "consent"

    id: Mapped[str] = mapped_column(primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"), index=True)
    purpose: Mapped[str]
    recipients: Mapped[list[str]]
    until: Mapped[datetime | None]
    language: Mapped[str]
    at: Mapped[datetime]
    officer_id: Mapped[str]


class StatisticsFact(Base):
    """What one answer adds to the yearly figures, sealed, apart from the person, read by reports only."""

    __tablename__ = "statistics_fact"

    task_id: Mapped[str] = mapped_column(primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"), index=True)
    kind: Mapped[str]
    sealed: Mapped[bytes]
    at: Mapped[datetime]
