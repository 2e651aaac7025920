"""The roles of a plan, held from a day to a day: given and ended by date, never so that a running journey finds nobody."""

from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import administration
from activities.casework.context import Office
from activities.casework.errors import ConflictError, FieldProblem, InvalidError, NotFoundError
from activities.casework.organising import organisation_of
from activities.casework.permits import demand
from activities.domain.ids import new_id
from activities.domain.states import JourneyState
from activities.plan.access import Actor, Verb
from activities.plan.checks import first_gap
from activities.plan.model import Plan
from activities.store.journeys import Journey
from activities.store.organisations import RoleHolder

DAY = timedelta(days=1)


async def give_role(
    session: AsyncSession, office: Office, actor: Actor, code: str, role: str, since: date, until: date | None
) -> RoleHolder:
    """An organisation holds a role from a day on; of two that hold it, the one that began last is asked."""
    demand(actor, Verb.ADMINISTER)
    own = await organisation_of(session, actor, code)
    plans = office.shelf.current
    if role not in {each.code for plan in plans for each in plan.roles}:
        raise _unfit("role", "role-unknown", "no plan in use has this role")
    local = any(is_local(plan, role) for plan in plans)
    if local and not own.commune:
        raise _unfit("role", "role-of-communes", "only an organisation of a commune holds it")
    if until is not None and until < since:
        raise _unfit("until", "ends-before-it-begins", "the last day lies before the first")
    known = select(RoleHolder.id).where(
        RoleHolder.organisation_id == own.id, RoleHolder.role == role,
        or_(RoleHolder.until.is_(None), RoleHolder.until >= since),
    )  # fmt: skip
    if until is not None:
        known = known.where(RoleHolder.since <= until)
    if (held := await session.scalar(known.limit(1))) is not None:
        raise ConflictError("role-held-already", winner={"role": held})
    row = RoleHolder(
        id=new_id("holder"), role=role, organisation_id=own.id, territory=own.territory,
        commune=own.commune if local else "", since=since, until=until,
    )  # fmt: skip
    session.add(row)
    await administration.record(
        session, office, actor.officer_id, "role-given", code, role=role, since=since, until=until or ""
    )
    return row


async def end_role(
    session: AsyncSession, office: Office, actor: Actor, code: str, holder_id: str, until: date
) -> RoleHolder:
    """Set the last day of a role. ConflictError where, on a day after it, a running journey would find nobody who holds it."""
    demand(actor, Verb.ADMINISTER)
    own = await organisation_of(session, actor, code)
    row = await session.get(RoleHolder, holder_id, with_for_update=True)
    if row is None or row.organisation_id != own.id:
        raise NotFoundError("role-unknown")
    if until < max(row.since, office.today()):
        raise _unfit("until", "role-ends-in-the-past", "the last day is today or later, and not before the first")
    gap = await _gap(session, row, until)
    if gap is not None and (journeys := await _running(session, office, row)):
        raise ConflictError("role-would-be-empty", role=row.role, on=gap.isoformat(), journeys=journeys)
    row.until = until
    await administration.record(session, office, actor.officer_id, "role-ended", code, role=row.role, until=until)
    return row


def is_local(plan: Plan, role: str) -> bool:
    """Whether each commune has a holder of its own for the role."""
    return any(kind.answerable.startswith(f"{role}@") for kind in plan.kinds)


async def _gap(session: AsyncSession, row: RoleHolder, until: date) -> date | None:
    """The first day on which the role, held so far, would be held by nobody; None where others cover them all."""
    if row.until is not None and until >= row.until:
        return None
    others = await session.execute(
        select(RoleHolder.since, RoleHolder.until).where(
            RoleHolder.role == row.role, RoleHolder.territory == row.territory, RoleHolder.commune == row.commune,
            RoleHolder.id != row.id,
        )
    )  # fmt: skip
    return first_gap([(each.since, each.until) for each in others], until + DAY, row.until)


async def _running(session: AsyncSession, office: Office, row: RoleHolder) -> int:
    """How many running journeys may still ask for the role."""
    running = select(Journey.plan_hash, func.count()).where(
        Journey.state != JourneyState.CLOSED, Journey.territory == row.territory
    )
    if row.commune:
        where = or_(Journey.reception_commune == row.commune, Journey.residence_commune == row.commune)
        running = running.where(where)
    counted = 0
    for hash_, journeys in (await session.execute(running.group_by(Journey.plan_hash))).all():
        plan = await office.shelf.ensure(session, hash_)
        needed = {kind.answerable.partition("@")[0] for kind in plan.kinds} | {each.directing for each in plan.roles}
        counted += journeys if row.role in needed | {plan.lead} else 0
    return counted


def _unfit(field: str, code: str, message: str) -> InvalidError:
    return InvalidError("role-unfit", (FieldProblem((field,), code, message),))
