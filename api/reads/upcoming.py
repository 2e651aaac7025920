"""What may reach us if a journey goes on: derived from the order of stages in the plan's data.

Only of journeys our agency has a part in already. Not even a number tells others that there is one: an agency whose part
comes late, a school or a bank, would learn of somebody before their part came.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from activities.casework.facts import refused_by
from activities.casework.holders import held_on
from activities.casework.opening import not_entitled
from activities.domain.states import JourneyState, Role
from activities.plan.access import scope
from activities.plan.model import Kind, Plan
from activities.store.journeys import Journey
from activities.store.organisations import RoleHolder
from activities.store.scope import journeys_within
from activities.store.tasks import Task
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads import tasks

MOST = 50  # journeys looked at for one page


async def upcoming(desk: Desk, cursor: str) -> dict[str, Any]:
    """Kinds of later stages that would be ours in journeys we have a part in; label and reference, nothing else; one question.

    What the person refused, or is not entitled to, does not open, and is not announced.
    A page is of so many journeys, newest first, however few rows they give.
    """
    if Role.OFFICER not in desk.actor.roles:
        return {"items": [], "next": None}
    items, wanted = list[dict[str, Any]](), _wanted(desk)
    if cursor:
        wanted = wanted.where(tuple_(Journey.opened_at, Journey.id) < read_cursor(cursor))
    found = (await desk.session.execute(wanted.limit(MOST + 1))).all()
    for journey, known, unwanted, ours in found[:MOST]:
        plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
        items += [
            {
                "kind": kind.code,
                "label": kind.neutral.model_dump(),
                "journey": {"id": journey.id, "reference": journey.reference},
            }
            for kind in _later(plan, journey.stage, {*known, *unwanted})
            if _role(journey, kind) in (ours or ()) and not not_entitled(journey, kind)
            if tasks.journey_shape(desk, journey, kind.code)  # none where its agency is not to know whose it is
        ]
    last = found[MOST - 1][0] if len(found) > MOST else None
    return {"items": items, "next": cursor_of(last.opened_at, last.id) if last else None}


def _refused(journey: InstrumentedAttribute[str]) -> ScalarSelect[list[str]]:
    """The kinds of service the person does not want, to be asked within another question."""
    return select(func.array(refused_by(journey).scalar_subquery())).scalar_subquery()


def _wanted(desk: Desk) -> Select[Journey, list[str], list[str], list[str] | None]:
    """Open journeys, newest first, with the kinds each has had, those the person refused, and the roles that are ours."""
    known = select(func.array(select(Task.kind).where(Task.journey_id == Journey.id).scalar_subquery()))
    ours = _ours(desk.actor.organisation_id, desk.office.today())
    return (
        select(Journey, known.scalar_subquery(), _refused(Journey.id), ours)
        .where(Journey.state == JourneyState.OPEN, journeys_within(scope(desk.actor)))
        .order_by(Journey.opened_at.desc(), Journey.id.desc())
    )


def _ours(organisation_id: str, day: date) -> ScalarSelect[list[str]]:
    """The roles an organisation holds on a day and nobody holds since later, as `role@commune@territory`."""
    newer = aliased(RoleHolder)
    same = and_(
        newer.role == RoleHolder.role, newer.territory == RoleHolder.territory, newer.commune == RoleHolder.commune,
        newer.since > RoleHolder.since, newer.since <= day, (newer.until.is_(None) | (newer.until >= day)),
    )  # fmt: skip
    named = func.concat(RoleHolder.role, "@", RoleHolder.commune, "@", RoleHolder.territory)
    held = select(func.array_agg(named)).where(RoleHolder.organisation_id == organisation_id, held_on(day))
    return held.where(~select(newer.id).where(same).exists()).scalar_subquery()


def _later(plan: Plan, stage: str, known: Collection[str]) -> list[Kind]:
    """The kinds of this stage and later ones but for those already `known`."""
    order = [each.code for each in plan.stages]
    later = set(order[order.index(stage) :])
    return [kind for kind in plan.kinds if kind.stage in later and kind.code not in known]


def _role(journey: Journey, kind: Kind) -> str:
    """Who would answer, as the plan says it (see `casework.holders`); the receiver's part came first and is over."""
    role, _, where = kind.answerable.partition("@")
    commune = {"": "", "reception": journey.reception_commune}.get(
        where, journey.residence_commune or journey.reception_commune
    )
    return f"{role}@{commune}@{journey.territory}"
