"""Who the person is: sealed field by field under a data key of their own."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base


class Person(Base):
    """Identity of one journey's person. `sealed`: field name -> base64 of the sealed value; no data key = erased."""

    __tablename__ = "person"

    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"), primary_key=True)
    key_id: Mapped[str]
    data_key: Mapped[bytes | None]
    sealed: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)


class PersonIndex(Base):
    """Keyed blind index: finds an exact name or number without holding it."""

    __tablename__ = "person_index"

    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(index=True)
