"""The journal of a journey and the access log of identities: append-only, chained by hash."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class JournalEntry(Base):
    """One thing that happened to a journey. `chain` is the journey's id; `data` holds ids and codes only.

    `words`: what was typed as a reason, sealed; the chain holds its digest, so that it can be taken away and the chain stays whole.
    """

    __tablename__ = "journal"

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]  # case time
    event: Mapped[str]
    task_id: Mapped[str | None]
    officer_id: Mapped[str | None]
    data: Mapped[dict[str, Any]]
    words: Mapped[bytes | None]
    previous: Mapped[str]
    hash: Mapped[str]


class AccessEntry(Base):
    """One reading of an identity: who, which fields, why. `reason`: the digest of `words`, which are sealed."""

    __tablename__ = "access_log"

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    officer_id: Mapped[str]
    fields: Mapped[list[str]]
    reason: Mapped[str]
    words: Mapped[bytes | None]
    previous: Mapped[str]
    hash: Mapped[str]
