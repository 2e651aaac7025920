"""The plans by content: the shipped ones, what administrators set in them, and those older journeys are pinned to."""

import logging
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.plan.load import PlanError, load_plan, plan_for
from activities.plan.model import Plan
from activities.store.plans import PlanVersion

SHIPPED = ("plan-2024", "plan-2025")
log = logging.getLogger(__name__)


@dataclass
class PlanShelf:
    """Plans by content hash. `current`: one a code, used by journeys that start now; `shipped`: hashes of the package's own."""

    current: tuple[Plan, ...]
    by_hash: dict[str, Plan] = field(default_factory=dict)
    shipped: tuple[str, ...] = ()

    async def ensure(self, session: AsyncSession, hash_: str) -> Plan:
        """The plan of this hash, read from the rows when this process has not met it yet."""
        if hash_ not in self.by_hash:
            row = await session.get_one(PlanVersion, hash_)
            self.by_hash[hash_] = load_plan(row.body)
        return self.by_hash[hash_]

    def on(self, day: date) -> Plan:
        """The plan in force on a day; the earliest for a day before them all."""
        try:
            return plan_for(day, self.current)
        except LookupError:
            return min(self.current, key=lambda plan: plan.since)

    async def restock(self, session: AsyncSession) -> None:
        """Read every version there is; of each shipped plan the version set last is current."""
        rows = list(await session.scalars(select(PlanVersion).order_by(PlanVersion.loaded_at, PlanVersion.hash)))
        for row in rows:
            if row.hash not in self.by_hash:
                try:
                    self.by_hash[row.hash] = load_plan(row.body)
                except PlanError:  # of an earlier release; whoever needs it is told by `ensure`
                    log.warning("plan_unreadable", extra={"code": row.code})
        line = {own: [row for row in rows if own in (row.hash, row.base)] for own in self.shipped}
        latest = [max(line[own], key=lambda row: (len(row.edits), row.loaded_at)).hash for own in self.shipped]
        if latest:
            self.current = tuple(self.by_hash[each] for each in latest)
