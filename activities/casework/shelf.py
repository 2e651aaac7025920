"""The plans by content: the shipped ones, what administrators set in them, and those older journeys are pinned to."""

import logging
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.plan.checks import unknown_rules
from activities.plan.edits import Edit, with_edit
from activities.plan.load import PlanError, body_hash, load_plan, plan_for
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
        known = [row for row in rows if row.hash in self.by_hash]
        line = {own: [row for row in known if own in (row.hash, row.base)] for own in self.shipped}
        latest = [max(line[own], key=lambda row: (len(row.edits), row.loaded_at)).hash for own in self.shipped]
        if latest:
            self.current = tuple(self.by_hash[each] for each in latest)


async def carry_over(session: AsyncSession, plan: Plan, body: str) -> None:
    """What administrators set in an earlier release's text is set in this release's too, where it still is unknown."""
    rows = select(PlanVersion).where(PlanVersion.code == plan.code).order_by(PlanVersion.loaded_at.desc())
    versions = list(await session.scalars(rows))
    earlier = next((row for row in versions if row.edits), None)
    if earlier is None or any(row.base == plan.hash for row in versions):
        return
    text, kept = body, list[dict[str, Any]]()
    for given in earlier.edits:
        edit = Edit.model_validate(given)
        if edit.path in unknown_rules(load_plan(text)):
            text, kept = with_edit(text, edit), [*kept, given]
    if kept:
        values = {"hash": body_hash(text), "code": plan.code, "body": text, "base": plan.hash, "edits": kept}
        row = insert(PlanVersion).values(values | {"loaded_at": datetime.now(UTC)})
        await session.execute(row.on_conflict_do_nothing())
