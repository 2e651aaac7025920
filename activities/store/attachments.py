"""Files attached to tasks: what is known of each in the open, its bytes in sealed chunks."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Attachment(Base):
    """One file. `number`: of its journey's; `sha256`: of the clean bytes; no data key = struck out, nothing opens it."""

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "journey_id", "number", unique=True),)

    id: Mapped[str] = mapped_column(primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"))
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    number: Mapped[int]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"))
    at: Mapped[datetime]
    type: Mapped[str]  # pdf | jpeg | png | docx
    size: Mapped[int]
    chunks: Mapped[int]
    sha256: Mapped[str]
    key_id: Mapped[str]
    data_key: Mapped[bytes | None]
    name: Mapped[bytes | None]  # as its owner called it: sealed, it may be a person's
    retention: Mapped[str]
    kept_until: Mapped[date]
    struck_at: Mapped[datetime | None]
    struck_by: Mapped[str | None]


class AttachmentChunk(Base):
    """A piece of a file, sealed for its place."""

    __tablename__ = "attachment_chunk"

    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
