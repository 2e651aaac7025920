"""The tally of live tasks: rows that triggers append in the change itself; summed, folded, compared, counted anew."""

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Identity,
    Insert,
    Select,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    table,
    text,
    union_all,
)  # fmt: skip
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from activities.store.base import Base

FOLDING = 72044  # the advisory lock of whoever replaces rows of the tally by their sum


class Tally(Base):
    """So many live tasks more or less. Written by the database alone; only sums mean anything.

    Each live task is in it twice: by its `standing` and the week it is due (Monday; None where its clock stands or it is
    marked overdue), and by the day it was opened. Days are the district's.
    """

    __tablename__ = "task_tally"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    territory: Mapped[str]
    lead_id: Mapped[str]
    organisation_id: Mapped[str]
    answerable_id: Mapped[str | None]
    kind: Mapped[str]
    standing: Mapped[str | None]
    due_week: Mapped[date | None]
    opened_on: Mapped[date | None]
    n: Mapped[int]


OF = [each.name for each in Tally.__table__.columns if each.name not in ("id", "n")]
COUNTED = table("task_counted", *(column(name) for name in OF))  # a view: what each live task adds to the tally


def _of(rows: FromClause) -> list[ColumnElement[Any]]:
    """What rows of a tally agree in."""
    return [rows.c[name] for name in OF]


def _fold() -> Insert:
    whole = Tally.__table__
    seen = select(Tally.id, func.count().over(partition_by=_of(whole)).label("many")).cte("seen")
    gone = delete(Tally).where(Tally.id == seen.c.id, seen.c.many > 1).returning(*_of(whole), Tally.n).cte("gone")
    n = func.sum(gone.c.n)
    return insert(Tally).from_select([*OF, "n"], select(*_of(gone), n).group_by(*_of(gone)).having(n != 0))


def _apart() -> Select[int]:
    both = union_all(select(*_of(Tally.__table__), Tally.n), select(*_of(COUNTED), literal(-1).label("n"))).subquery()
    differ = select(literal(1)).select_from(both).group_by(*_of(both)).having(func.sum(both.c.n) != 0)
    return select(func.count()).select_from(differ.subquery())


FOLD, APART = _fold(), _apart()
FORGOTTEN = """
UPDATE task SET undelivered = NOT undelivered WHERE standing IS NOT NULL AND undelivered <> EXISTS (
    SELECT FROM notice JOIN delivery ON delivery.notice_id = notice.id
    WHERE notice.task_id = task.id AND delivery.state = 'undelivered'
)
"""
ANEW = insert(Tally).from_select([*OF, "n"], select(*_of(COUNTED), func.count()).group_by(*_of(COUNTED)))


async def fold(session: AsyncSession) -> None:
    """Replace rows that agree in everything by their sum. Nobody waits for it; of several at once, one does it."""
    if await session.scalar(select(func.pg_try_advisory_xact_lock(FOLDING))):
        await session.execute(FOLD)


async def apart(session: AsyncSession) -> int:
    """How many sums differ from the rows, counted in one question."""
    return int(await session.scalar(APART) or 0)


async def count_anew(session: AsyncSession) -> None:
    """Throw the tally away and count every live task; changes of tasks wait meanwhile."""
    await session.execute(select(func.pg_advisory_xact_lock(FOLDING)))
    await session.execute(text("LOCK TABLE task IN SHARE ROW EXCLUSIVE MODE"))
    for statement in (FORGOTTEN, "DELETE FROM task_tally"):
        await session.execute(text(statement))
    await session.execute(ANEW)
