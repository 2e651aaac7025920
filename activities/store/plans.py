"""Plan versions by content, and the one clock of this database."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class PlanVersion(Base):
    """The text of a plan as it was when a journey began under it.

    `base`: hash of the shipped text an administrator's version began from, empty for that text itself; `edits`: what was
    set in it since, oldest first, each {path, budget, cites}.
    """

    __tablename__ = "plan_version"

    hash: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    body: Mapped[str]
    loaded_at: Mapped[datetime]
    base: Mapped[str] = mapped_column(default="")
    edits: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)


class ClockRow(Base):
    """Case time = anchor + (real - real0) x scale; one row, written at first start, never changed."""

    __tablename__ = "clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    anchor: Mapped[datetime]
    real0: Mapped[datetime]
    scale: Mapped[int]
