"""Journeys that are being entered: drafts, sealed until they are opened; and the rows of sheets that became journeys."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class JourneyDraft(Base):
    """What a coordinator has entered so far, sealed. `what`: start (one person) or import (a sheet). Case time."""

    __tablename__ = "journey_draft"

    id: Mapped[str] = mapped_column(primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), index=True)
    what: Mapped[str]
    sealed: Mapped[bytes]
    at: Mapped[datetime]


class ImportedRow(Base):
    """A row of a sheet and its journey. `digest`: of territory and the row's own key, by the index key; it tells nothing."""

    __tablename__ = "imported_row"

    digest: Mapped[str] = mapped_column(primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"))
    at: Mapped[datetime]
