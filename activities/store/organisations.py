"""Organisations, the roles they hold by date, their officers and the officers' sessions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Organisation(Base):
    """A body of the plan, in a tree per territory. `commune`: the code of its commune, empty above it.

    `heard_at`: case time one of its officers last signed in; None = nobody ever has.
    """

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    territory: Mapped[str]
    commune: Mapped[str] = mapped_column(default="")
    mail: Mapped[str] = mapped_column(default="")
    heard_at: Mapped[datetime | None]


class RoleHolder(Base):
    """Which organisation holds a role of the plan, from a day to a day (`until` is the last day, None = open)."""

    __tablename__ = "role_holder"
    __table_args__ = (Index(None, "role", "territory", "commune"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    territory: Mapped[str]
    commune: Mapped[str] = mapped_column(default="")
    since: Mapped[date]
    until: Mapped[date | None]


class Officer(Base):
    """Somebody who signs in. `roles`: coordinator, officer, supervisor, administrator; `district`: supervises the whole of it."""

    __tablename__ = "officer"

    id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    roles: Mapped[list[str]]
    district: Mapped[bool] = mapped_column(default=False)
    mail: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="vi")
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class SignIn(Base):
    """A session of an officer: real times; only the token's digest is kept.

    `seen_at`: last use, to the minute; `locked_at`: its screen is locked, nothing is shown until the password is given.
    `idle_minutes`: so long without use lock it as well; None for a program's, which nobody reads over a shoulder.
    """

    __tablename__ = "sign_in"

    digest: Mapped[str] = mapped_column(primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    idle_minutes: Mapped[int | None]


class KnownDevice(Base):
    """A browser in which an officer has signed in, by the digest of a cookie: it counts the wrong passwords tried there. Real times."""

    __tablename__ = "known_device"

    digest: Mapped[str] = mapped_column(primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), primary_key=True, index=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    used_at: Mapped[datetime]
