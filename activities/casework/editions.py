"""What may change while the office works: holidays and plan versions. Every transaction begins by looking at their edition.

An act on staff, roles, days or plans has the office for itself: it waits until the transactions under way have ended,
and those that come meanwhile wait for it. So no task is claimed by somebody who is leaving, or dated by yesterday's list.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.days import calendar_of
from activities.casework.errors import ConflictError

LOCKED_OUT = "55P03"  # PostgreSQL: lock_not_available


async def attend(session: AsyncSession, office: Office, *, alone: bool = False) -> Office:
    """The office as this transaction finds it; its first statement. ConflictError where it cannot be had `alone` in time."""
    async with had_alone(session, alone=alone):
        marks = await session.scalar(text("SELECT attend_office(:alone)"), {"alone": alone})
    return await renewed(session, office, str(marks))


@asynccontextmanager
async def had_alone(session: AsyncSession, *, alone: bool) -> AsyncIterator[None]:
    """What is asked in here waits a bounded time for the office; ConflictError where it cannot be had in time."""
    if alone:
        await session.execute(text("SET LOCAL lock_timeout = '5s'"))
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != LOCKED_OUT:
            raise
        raise ConflictError("office-busy") from error
    if alone:
        await session.execute(text("SET LOCAL lock_timeout TO DEFAULT"))


async def renewed(session: AsyncSession, office: Office, marks: str) -> Office:
    """The office with the days and plans of these marks; they are read again where they changed."""
    known = office.edition
    if marks != known.marks:
        await office.shelf.restock(session)
        known.calendar, known.marks = await calendar_of(session, office.shipped_calendar), marks
    return office if known.calendar is None else replace(office, calendar=known.calendar)
