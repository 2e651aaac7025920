"""What may reach us if a journey goes on: derived from the order of stages in the plan's data."""

from typing import Any

from sqlalchemy import select

from activities.casework.holders import NobodyHolds, answerable
from activities.domain.states import JourneyState, Role
from activities.plan.access import scope
from activities.store.journeys import Journey
from activities.store.scope import journeys_within
from activities.store.tasks import Task
from api.deps import Desk

MOST = 50


async def upcoming(desk: Desk) -> dict[str, Any]:
    """Kinds of later stages that would be ours in journeys we have a part in; label and reference, nothing else."""
    if Role.OFFICER not in desk.actor.roles:
        return {"items": [], "next": None}
    today, items = desk.office.today(), list[dict[str, Any]]()
    open_ones = select(Journey).where(Journey.state == JourneyState.OPEN, journeys_within(scope(desk.actor)))
    for journey in await desk.session.scalars(open_ones.order_by(Journey.opened_at.desc()).limit(MOST)):
        plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
        known = set(await desk.session.scalars(select(Task.kind).where(Task.journey_id == journey.id)))
        order = [stage.code for stage in plan.stages]
        later = set(order[order.index(journey.stage) :])
        for kind in plan.kinds:
            if kind.code in known or kind.stage not in later or kind.answerable == "reporter":
                continue
            try:
                ours = (await answerable(desk.session, journey, kind, today)).id == desk.actor.organisation_id
            except NobodyHolds:
                ours = False
            if ours:
                items.append(
                    {
                        "kind": kind.code,
                        "label": kind.neutral.model_dump(),
                        "journey": {"id": journey.id, "reference": journey.reference},
                    }
                )
    return {"items": items, "next": None}
