"""The tally of live tasks: rows that triggers append in the change itself; summed, folded, compared, counted anew."""

from datetime import date

from sqlalchemy import BigInteger, Identity, func, select, text
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


OF = "territory, lead_id, organisation_id, answerable_id, kind, standing, due_week, opened_on"
FOLD = text(
    f"WITH seen AS (SELECT id, count(*) OVER (PARTITION BY {OF}) AS many FROM task_tally),"  # noqa: S608 - OF is written above; nothing a caller sends comes in
    " gone AS (DELETE FROM task_tally USING seen WHERE seen.id = task_tally.id AND seen.many > 1 RETURNING task_tally.*)"
    f" INSERT INTO task_tally ({OF}, n) SELECT {OF}, sum(n) FROM gone GROUP BY {OF} HAVING sum(n) <> 0"
)
APART = text(
    f"SELECT count(*) FROM (SELECT FROM (SELECT {OF}, n FROM task_tally UNION ALL SELECT {OF}, -1 FROM task_counted)"  # noqa: S608 - OF is written above; nothing a caller sends comes in
    f" AS both_ways GROUP BY {OF} HAVING sum(n) <> 0) AS apart"
)
FORGOTTEN = """
UPDATE task SET undelivered = NOT undelivered WHERE standing IS NOT NULL AND undelivered <> EXISTS (
    SELECT FROM notice JOIN delivery ON delivery.notice_id = notice.id
    WHERE notice.task_id = task.id AND delivery.state = 'undelivered'
)
"""
ANEW = text(f"INSERT INTO task_tally ({OF}, n) SELECT {OF}, count(*) FROM task_counted GROUP BY {OF}")  # noqa: S608 - OF is written above; nothing a caller sends comes in


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
