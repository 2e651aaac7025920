"""One journey whole: where it stands, its tasks, whom to call, and for the lead what was agreed to and what of each service is still owed."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import String, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from activities.casework.contacts import reaching
from activities.casework.facts import refused_by
from activities.domain.states import TaskState
from activities.plan.access import Scope, scope
from activities.store.journeys import Consent, Journey
from activities.store.organisations import Organisation
from activities.store.scope import tasks_within
from activities.store.tasks import Task
from activities.store.together import Answers, Together
from api.deps import Desk
from api.reads import choices, contacts, tasks
from api.reads.entitlements import SERVED
from api.reads.journeys import one, shape

OF_LEAD = (
    "child", "foreigner", "language", "way_of_return", "reception_commune", "residence_commune", "wish", "happened_at",
)  # fmt: skip
OF_CONSENT = ("id", "purpose", "recipients", "until", "language", "at")
_JOURNEY, _LED = bindparam("journey", type_=String), bindparam("led", type_=String)


async def detail(desk: Desk, journey_id: str) -> dict[str, Any]:
    """Where a journey stands: for the lead the whole, for others the part the policy leaves them."""
    journey = await one(desk, journey_id)
    return await whole_of(desk, journey, await belongings(desk, journey))


async def belongings(desk: Desk, journey: Journey) -> Answers:
    """All that belongs to it, as far as the caller may know of it, in one question."""
    seen = scope(desk.actor)
    given = {"journey": journey.id, "led": journey.id if journey.lead_id in seen.led_by else None}
    return await _asked(seen).ask(desk.session, given | {"lead": journey.lead_id} | choices.places(desk))


@lru_cache(maxsize=128)
def _asked(seen: Scope) -> Together:
    known = tasks.rows().where(Task.journey_id == _JOURNEY, tasks_within(seen))
    holders = known.with_only_columns(Task.organisation_id)
    lead, back = Organisation.id == bindparam("lead", type_=String), aliased(Task)
    returned = exists().where(back.journey_id == _LED, back.state == TaskState.RETURNED)
    return Together(
        tasks=known.order_by(Task.opened_at, Task.id),
        offices=reaching(tasks.TODAY).where(or_(lead, Organisation.id.in_(holders))),
        consents=select(Consent).where(Consent.journey_id == _LED).order_by(Consent.at),
        served=SERVED.where(Task.journey_id == _LED),
        refused=refused_by(_JOURNEY),
        others=choices.OTHERS.where(returned),
    )


async def whole_of(desk: Desk, journey: Journey, found: Answers) -> dict[str, Any]:
    """The same of a journey that was found, with what belongs to it."""
    seen = scope(desk.actor)
    plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
    whole: dict[str, Any] = shape(journey, seen) | {
        "plan": {"code": plan.code, "hash": journey.plan_hash},
        "tasks": [tasks.shape(desk, *row) for row in found["tasks"]],
        "contacts": contacts.of_journey(found["offices"], journey),
    }
    if journey.lead_id not in seen.led_by:
        return whole
    return (
        whole
        | {name: getattr(journey, name) for name in OF_LEAD}
        | {"chosen": _chosen(row[0] for row in found["tasks"])}
        | {"consents": [{name: getattr(each, name) for name in OF_CONSENT} for each in found["consents"]]}
    )


def _chosen(found: Iterable[Task]) -> str:
    """Where the person last said they want to be, once the task that asks is answered; empty before."""
    answered = [task for task in found if task.kind == "record_choice" and task.outcome]
    return str((answered[-1].outcome or {}).get("choice", "")) if answered else ""
