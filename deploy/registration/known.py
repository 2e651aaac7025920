"""What is known before a file is read: the shipped plans, and who is in the database."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import SHIPPED
from activities.plan.clock import Clock
from activities.plan.load import load_plan, shipped
from activities.plan.model import OrganisationEntry, Plan
from activities.store.organisations import Officer, Organisation, RoleHolder
from activities.store.plans import ClockRow

Held = Mapping[tuple[str, date], RoleHolder]


@dataclass(frozen=True)
class Known:
    """`day`: today in case time. `entries`: the plans' organisations by code, those in force today first.

    `held`: by organisation's code, the roles it holds, each by name and first day.
    """

    day: date
    plans: tuple[Plan, ...]
    entries: Mapping[str, tuple[OrganisationEntry, ...]]
    organisations: Mapping[str, Organisation]
    held: Mapping[str, Held]
    officers: Mapping[str, Officer]

    @property
    def roles(self) -> frozenset[str]:
        """Roles of the plans."""
        return frozenset(role.code for plan in self.plans for role in plan.roles)

    @property
    def of_communes(self) -> frozenset[str]:
        """Roles that are held commune by commune."""
        answering = (kind.answerable.partition("@") for plan in self.plans for kind in plan.kinds)
        return frozenset(role for role, at, _ in answering if at)

    @property
    def leads(self) -> frozenset[str]:
        """Roles that lead a journey."""
        return frozenset(plan.lead for plan in self.plans)

    @property
    def territories(self) -> frozenset[str]:
        """Territories some plan is for."""
        return frozenset(plan.territory for plan in self.plans)

    def code_of(self, organisation_id: str | None) -> str:
        """The code behind an id of the database; empty for None."""
        return next((each.code for each in self.organisations.values() if each.id == organisation_id), "")

    def leading(self) -> str:
        """Code of the organisation that leads today: the database's, else the plan's."""
        for code, held in self.held.items():
            if any(row.role in self.leads and _covers(row, self.day) for row in held.values()):
                return code
        found = (e for entries in self.entries.values() for e in entries if e.role in self.leads)
        return max(found, key=lambda each: (_covers(each, self.day), each.since)).code


def _covers(span: RoleHolder | OrganisationEntry, day: date) -> bool:
    return span.since <= day and (span.until is None or day <= span.until)


async def read_known(session: AsyncSession) -> Known:
    """Read it all: a district has hundreds of officers, not millions."""
    row = await session.get(ClockRow, 1)
    clock = Clock(anchor=row.anchor, real0=row.real0, scale=row.scale) if row else Clock.live()
    day = clock.now().date()
    plans = tuple(load_plan(shipped(code)) for code in SHIPPED)
    entries: defaultdict[str, list[OrganisationEntry]] = defaultdict(list)
    for plan in sorted(plans, key=lambda each: not (each.since <= day and (each.until is None or day <= each.until))):
        for entry in plan.organisations:
            entries[entry.code].append(entry)
    organisations = list(await session.scalars(select(Organisation)))
    codes = {each.id: each.code for each in organisations}
    held: dict[str, dict[tuple[str, date], RoleHolder]] = {code: {} for code in codes.values()}
    for holder in await session.scalars(select(RoleHolder)):
        held[codes[holder.organisation_id]][holder.role, holder.since] = holder
    return Known(
        day=day,
        plans=plans,
        entries={code: tuple(each) for code, each in entries.items()},
        organisations={each.code: each for each in organisations},
        held=held,
        officers={each.username: each for each in await session.scalars(select(Officer))},
    )
