"""What administrators did, chained by hash; and the invitations by which officers choose their passwords."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class AdministrationEntry(Base):
    """One act of an administrator. Case time; `officer_id`: who, or the command's name; `subject`: code, username, day or path."""

    __tablename__ = "administration_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    officer_id: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    data: Mapped[dict[str, Any]]
    previous: Mapped[str]
    hash: Mapped[str]


class Invitation(Base):
    """A token by which an officer chooses a password, once. Real times; only the digest is kept."""

    __tablename__ = "invitation"

    digest: Mapped[str] = mapped_column(primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
