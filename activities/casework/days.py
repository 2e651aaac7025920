"""The calendar in use: the shipped list with the days administrators added."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.domain.text import Text
from activities.plan.added_days import AddedDay, with_days
from activities.plan.calendar import WorkCalendar
from activities.store.calendar import CalendarDay


async def calendar_of(session: AsyncSession, shipped: WorkCalendar) -> WorkCalendar:
    """The shipped list with what was added and not taken away again."""
    rows = await session.scalars(select(CalendarDay).where(CalendarDay.removed_at.is_(None)).order_by(CalendarDay.day))
    return with_days(shipped, [added(row) for row in rows])


def added(row: CalendarDay) -> AddedDay:
    """A row as the plan's rules see it."""
    name = Text(vi=row.name_vi, en=row.name_en)
    return AddedDay(row.day, name, row.source, swap=row.kind == "swap", instead_of=row.instead_of)
