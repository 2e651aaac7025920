"""A notice becomes deliveries, one a channel; in the application it has arrived with that."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.recipients import Whom, address_book
from activities.domain.ids import new_id
from activities.plan.quiet import held_until
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.tasks import Task

MOST = 500  # notices at a time
DANGER = frozenset({"danger-raised"})  # notices that wait for no morning, whatever task they are of


async def spread(session: AsyncSession, office: Office, channels: Collection[str], most: int = MOST) -> int:
    """Write the deliveries of notices nobody else is spreading; how many notices they were.

    Two statements where there is no channel but the application itself, five where there is one, however many notices.
    """
    real = datetime.now(UTC)
    fresh = select(Notice.id).where(Notice.spread_at.is_(None)).order_by(Notice.at).limit(most)
    taken = fresh.with_for_update(skip_locked=True).cte("taken")
    marked = update(Notice).where(Notice.id.in_(select(taken.c.id))).values(spread_at=real).returning(Notice)
    outside = {"synchronize_session": False}
    notices = list(await session.scalars(marked, execution_options=outside))
    if not notices:
        return 0
    rows = [_delivery(notice, "in_app", real) | {"state": "delivered", "delivered_at": real} for notice in notices]
    if channels:
        rows += await _outside(session, office, notices, channels, real)
    await session.execute(insert(Delivery).values(rows))
    return len(notices)


async def _outside(
    session: AsyncSession, office: Office, notices: Sequence[Notice], channels: Collection[str], real: datetime
) -> list[dict[str, Any]]:
    """Deliveries of the channels on which somebody can be reached."""
    book, urgent = await address_book(session), await _urgent(session, office, notices)
    return [
        _delivery(notice, channel, when(office, real, at_once=notice.id in urgent), at_once=notice.id in urgent)
        for notice in notices
        for channel in channels
        if book.addresses(channel, Whom.of(notice))
    ]


def _delivery(notice: Notice, channel: str, next_at: datetime, *, at_once: bool = False) -> dict[str, Any]:
    """A row with every column: many are written in one statement."""
    return delivery_row(channel, next_at) | {"notice_id": notice.id, "at_once": at_once}


def delivery_row(channel: str, next_at: datetime) -> dict[str, Any]:
    """What every new delivery is."""
    return {
        "id": new_id("delivery"),
        "channel": channel,
        "state": "pending",
        "at_once": False,
        "tries": 0,
        "error": "",
        "reached": [],
        "next_at": next_at,
        "delivered_at": None,
    }


def when(office: Office, real: datetime, *, at_once: bool) -> datetime:
    """The real time something may go out that is ready at `real`: in quiet hours it waits for their end, but duties at once."""
    case = office.clock.case_of(real)
    quiet = office.shelf.on(office.calendar.day_of(case)).quiet
    held = None if at_once else held_until(quiet, case)
    return real if held is None else max(real, office.clock.real_of(held))


async def _urgent(session: AsyncSession, office: Office, notices: Sequence[Notice]) -> set[str]:
    """Ids of the notices of danger, and of duties at once."""
    tasks = {notice.task_id for notice in notices if notice.task_id}
    kinds = select(Task.id, Task.kind, Journey.plan_hash).join(Journey, Journey.id == Task.journey_id)
    found = (await session.execute(kinds.where(Task.id.in_(tasks)))).all() if tasks else []
    duties = {row.id for row in found if (await office.shelf.ensure(session, row.plan_hash)).kind(row.kind).at_once}
    return {notice.id for notice in notices if notice.code in DANGER or notice.task_id in duties}
