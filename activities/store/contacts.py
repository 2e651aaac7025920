"""How an office is reached while it is on duty."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Contact(Base):
    """An organisation's duty telephone, hours, and the officers on call (their ids); never anybody's own number."""

    __tablename__ = "contact"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    phone: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    on_call: Mapped[list[str]] = mapped_column(default=list)
    at: Mapped[datetime]
    by_id: Mapped[str]
