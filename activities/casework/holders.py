"""Which organisation answers for a kind in this journey, on this day."""

from datetime import date
from typing import TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.plan.model import Kind, Plan
from activities.store.journeys import Journey
from activities.store.organisations import Organisation, RoleHolder


class NobodyHoldsError(LookupError):
    """No organisation holds the role on the day: the plan's data or the dates of the roles are wrong."""


Day: TypeAlias = date | BindParameter[date]
Code: TypeAlias = str | BindParameter[str]


def held_on(day: Day) -> ColumnElement[bool]:
    """Roles held on a day; `until` is the last of them."""
    return and_(RoleHolder.since <= day, or_(RoleHolder.until.is_(None), RoleHolder.until >= day))


def holding(role: Code, territory: Code, day: Day, commune: Code = "") -> Select[Organisation]:
    """The organisation that holds a role on a day (in a commune, for roles of communes)."""
    rows = (
        select(Organisation)
        .join(RoleHolder, RoleHolder.organisation_id == Organisation.id)
        .where(
            RoleHolder.role == role,
            RoleHolder.territory == territory,
            RoleHolder.commune == commune,
            held_on(day),
        )
    )
    return rows.order_by(RoleHolder.since.desc()).limit(1)


async def holder(session: AsyncSession, role: str, territory: str, day: date, commune: str = "") -> Organisation:
    """That organisation; NobodyHoldsError where there is none."""
    found = await session.scalar(holding(role, territory, day, commune))
    if found is None:
        raise NobodyHoldsError(f"nobody holds {role} in {territory} {commune} on {day}")
    return found


# The two questions after who answers, put together once: that takes longer than asking them.
REPORTING = select(Organisation).where(Organisation.id == bindparam("reporter"))
HOLDING = holding(bindparam("role"), bindparam("territory"), bindparam("day"), bindparam("commune"))


def by_reporter(kind: Kind) -> bool:
    """REPORTING tells who answers for the kind; else HOLDING."""
    return kind.answerable == "reporter"


def seat(journey: Journey, kind: Kind, day: date) -> dict[str, object]:
    """What they are asked with, by the plan's rule: `reporter`, a role, `role@reception` or `role@residence` (reception's while unknown)."""
    role, _, where = kind.answerable.partition("@")
    commune = {"": "", "reception": journey.reception_commune}.get(
        where, journey.residence_commune or journey.reception_commune
    )
    asked = {"role": role, "territory": journey.territory, "day": day, "commune": commune}
    return {"reporter": journey.reporter_id} if by_reporter(kind) else asked


async def answerable(session: AsyncSession, journey: Journey, kind: Kind, day: date) -> Organisation:
    """That organisation; NobodyHoldsError where there is none."""
    found = await session.scalar(REPORTING if by_reporter(kind) else HOLDING, seat(journey, kind, day))
    if found is None:
        raise nobody(journey, kind, day)
    return found


def nobody(journey: Journey, kind: Kind, day: date) -> NobodyHoldsError:
    """What is missing for this kind."""
    return NobodyHoldsError(f"nobody answers for {kind.code} ({kind.answerable}) in {journey.territory} on {day}")


async def directing(session: AsyncSession, plan: Plan, journey: Journey, kind: Kind, day: date) -> Organisation:
    """The organisation that directs the answerable one (its role's directing role, else its parent, else the lead)."""
    own = await answerable(session, journey, kind, day)
    role = kind.answerable.partition("@")[0]
    above = plan.role(role).directing if role != "reporter" else ""
    if above:
        return await holder(session, above, journey.territory, day)
    return await session.get_one(Organisation, own.parent_id or journey.lead_id)
