"""What every transaction needs besides its session: clock, calendar, keys, plans, the registry of kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.agencies.registry import REGISTRY
from activities.agencies.waiting import AgencyTask
from activities.casework.marks import changed
from activities.casework.shelf import SHIPPED, PlanShelf, carry_over
from activities.plan.calendar import WorkCalendar, load_calendar, local_day
from activities.plan.clock import Clock
from activities.plan.load import load_plan, shipped
from activities.security.keyring import Keyring
from activities.store.engine import Sessions
from activities.store.plans import ClockRow, PlanVersion

__all__ = ("SHIPPED", "ClockDiffersError", "Edition", "Office", "PlanShelf", "open_office")


@dataclass
class Edition:
    """What this process knows of days and plans that were set while it ran; `marks` say of which editions."""

    marks: str = ""
    calendar: WorkCalendar | None = None


@dataclass(frozen=True)
class Office:
    """The means of casework, the same for API and steps; made once a process."""

    clock: Clock
    calendar: WorkCalendar
    keyring: Keyring
    shelf: PlanShelf
    registry: Mapping[str, AgencyTask]
    shipped_calendar: WorkCalendar
    edition: Edition = field(default_factory=Edition, compare=False)

    def now(self) -> datetime:
        """Case time."""
        return self.clock.now()

    def today(self) -> date:
        """The local day it is in case time; roles and plans change at local midnight."""
        return self.calendar.day_of(self.now())


class ClockDiffersError(Exception):
    """The data folder lives at another scale than the settings ask for."""

    def __init__(self, kept: int, asked: int) -> None:
        super().__init__(f"clock-differs: this database runs at scale {kept}, the settings ask for {asked}")


async def open_office(
    sessions: Sessions, keyring: Keyring, *, scale: int | None = None, anchor: datetime | None = None
) -> Office:
    """Read, or at first start write, the clock and the plan versions. ClockDiffersError when the scale changed."""
    bodies = [shipped(code) for code in SHIPPED]
    plans = tuple(load_plan(body) for body in bodies)
    async with sessions.begin() as session:
        for plan, body in zip(plans, bodies, strict=True):
            kept: dict[str, Any] = {"hash": plan.hash, "code": plan.code, "body": body, "base": "", "edits": []}
            kept["loaded_at"] = datetime.now(UTC)
            put = insert(PlanVersion).values(kept).on_conflict_do_nothing().returning(PlanVersion.hash)
            if await session.scalar(put) is not None:  # a new release: processes of the one before meet its journeys
                await changed(session, "plans")
            await carry_over(session, plan, body)
        clock = await _clock(session, scale, anchor)
        shelf = PlanShelf(plans, {plan.hash: plan for plan in plans}, tuple(plan.hash for plan in plans))
        await shelf.restock(session)
    days = load_calendar(shipped("holidays"))
    return Office(clock=clock, calendar=days, keyring=keyring, shelf=shelf, registry=REGISTRY, shipped_calendar=days)


async def case_time(session: AsyncSession) -> datetime:
    """The case time for whoever opens no office; before the first start, when there is no clock yet, the real one."""
    row = await session.get(ClockRow, 1)
    return Clock(anchor=row.anchor, real0=row.real0, scale=row.scale).now() if row else datetime.now(UTC)


async def case_day(session: AsyncSession) -> date:
    """The local day of that time."""
    return local_day(await case_time(session))


async def _clock(session: AsyncSession, scale: int | None, anchor: datetime | None) -> Clock:
    real = datetime.now(UTC)
    first = {"id": 1, "anchor": anchor or real, "real0": real, "scale": scale or 1}
    await session.execute(insert(ClockRow).values(first).on_conflict_do_nothing())
    row = await session.get_one(ClockRow, 1)
    if scale is not None and row.scale != scale:
        raise ClockDiffersError(row.scale, scale)
    return Clock(anchor=row.anchor, real0=row.real0, scale=row.scale)
