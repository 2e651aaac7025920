"""The tally of live tasks: rows that triggers append in the change itself; summed, folded, compared, counted anew."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Identity,
    Insert,
    Select,
    case,
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
ELDEST = timedelta(days=90)  # local: the greatest age a board tells apart; older days may be folded into one


class Tally(Base):
    """So many live tasks more or less. Written by the database alone; only sums mean anything.

    Each live task is in it twice: by its `standing` and the week it is due (Monday; None where its clock stands or it is
    marked overdue), and by the day it was opened (`date.min`, in SQL `-infinity`, once folded with all that are older than
    ELDEST). Days are the district's.
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


def _of(rows: FromClause, eldest: date) -> list[ColumnElement[Any]]:
    """What rows of a tally agree in: the day they were opened only where a board tells it from the day before."""
    opened = rows.c.opened_on
    told = case((opened < eldest, literal(date.min, Date)), else_=opened).label(opened.name)
    return [told if name == opened.name else rows.c[name] for name in OF]


def _folded(eldest: date) -> Insert:
    same = _of(Tally.__table__, eldest)
    seen = select(Tally.id, func.count().over(partition_by=same).label("many")).cte("seen")
    gone = delete(Tally).where(Tally.id == seen.c.id, seen.c.many > 1).returning(*same, Tally.n).cte("gone")
    n, left = func.sum(gone.c.n), [gone.c[name] for name in OF]
    return insert(Tally).from_select([*OF, "n"], select(*left, n).group_by(*left).having(n != 0))


def _apart(eldest: date) -> Select[int]:
    counted = select(*_of(COUNTED, eldest), literal(-1).label("n"))
    both = union_all(select(*_of(Tally.__table__, eldest), Tally.n), counted).subquery()
    same = [both.c[name] for name in OF]
    differ = select(literal(1)).select_from(both).group_by(*same).having(func.sum(both.c.n) != 0)
    return select(func.count()).select_from(differ.subquery())


FORGOTTEN = """
UPDATE task SET undelivered = NOT undelivered WHERE standing IS NOT NULL AND undelivered <> EXISTS (
    SELECT FROM notice JOIN delivery ON delivery.notice_id = notice.id
    WHERE notice.task_id = task.id AND delivery.state = 'undelivered'
)
"""
ANEW = insert(Tally).from_select([*OF, "n"], select(COUNTED, func.count()).group_by(*COUNTED.c))


async def fold(session: AsyncSession, today: date) -> None:
    """Replace rows that agree in everything by their sum. Nobody waits for it; of several at once, one does it."""
    if await session.scalar(select(func.pg_try_advisory_xact_lock(FOLDING))):
        await session.execute(_folded(today - ELDEST))


async def apart(session: AsyncSession, today: date) -> int:
    """How many sums differ from the rows, counted in one question."""
    return int(await session.scalar(_apart(today - ELDEST)) or 0)


async def count_anew(session: AsyncSession) -> None:
    """Throw the tally away and count every live task; changes of tasks wait meanwhile."""
    await session.execute(select(func.pg_advisory_xact_lock(FOLDING)))
    await session.execute(text("LOCK TABLE task IN SHARE ROW EXCLUSIVE MODE"))
    for statement in (FORGOTTEN, "DELETE FROM task_tally"):
        await session.execute(text(statement))
    await session.execute(ANEW)
