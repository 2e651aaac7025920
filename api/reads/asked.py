"""What was asked, promised, handed down and corrected about a task, for those who may see it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, or_, select, tuple_
from sqlalchemy.orm import aliased

from activities.casework import reasons, reminders, request_decisions, requests
from activities.casework.delegating import GIVEN_BACK
from activities.casework.errors import NotFoundError
from activities.casework.permits import of_task
from activities.domain.states import LIVE
from activities.plan.access import scope
from activities.store.delegations import Delegation
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.reminders import Reminder
from activities.store.requests import Request
from activities.store.scope import tasks_within
from activities.store.tasks import Task
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads import tasks
from api.reads.names import named
from api.reads.tasks import THIS

REQUEST = (
    "id", "task_id", "kind", "state", "ground", "budget", "organisation", "asked_by", "asked_at", "decider", "due_at",
    "decided_by", "decided_at",
)  # fmt: skip
LINK = ("officer_id", "by_id", "at", "ended_at", "ended_by")
WHY = ("reason", "ended_reason")


def request_shape(desk: Desk, request: Request, task: Task) -> dict[str, Any]:
    """A request with its words: they may tell of the person, so only asker, lead and decider read them."""
    own = desk.actor.organisation_id
    facts: dict[str, Any] = {name: getattr(request, name) for name in REQUEST}
    if request.state == "open" and task.state.final:
        facts["state"] = "lapsed"  # its task ended: nobody waits for it
    heard = own in (request.asker_id, request.decider_id) or desk.actor.district
    return facts | (requests.read_words(desk.office, request) if heard else {})


_ABOVE, _BELOW = aliased(Organisation), aliased(Organisation)
REQUESTS, REMINDERS, CHAIN = (
    select(Request).where(Request.task_id == THIS).order_by(Request.asked_at),
    select(Reminder).where(Reminder.task_id == bindparam("reminded", type_=String)).order_by(Reminder.at),
    select(Delegation, _ABOVE, _BELOW)
    .join(_ABOVE, _ABOVE.id == Delegation.from_id)
    .join(_BELOW, _BELOW.id == Delegation.to_id)
    .where(Delegation.task_id == THIS)
    .order_by(Delegation.at),
)  # of the task that is shown; `reminded` is the same, or None for those to whom it was said


def hears_reminders(desk: Desk, task: Task, journey: Journey) -> bool:
    """Reminders are for the lead and for who watches, not for the agency that was reminded."""
    seen = scope(desk.actor)
    watches = task.organisation_id not in seen.organisations or journey.lead_id in seen.led_by
    return watches and seen.covers(of_task(journey, task))


def about(desk: Desk, task: Task, journey: Journey, found: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Requests, the chain of hands and, for those who may hear them, the reminders of a task, out of what was `found`."""
    whole: dict[str, Any] = {
        "requests": [
            request_shape(desk, each, task) | {"decides": request_decisions.waits_for(desk.actor, task, each)}
            for each in found["requests"]
        ],
        "chain": _chain(desk, task, found["chain"]),
    }
    if hears_reminders(desk, task, journey):
        whole["reminders"] = [reminder_shape(desk, row) for row in found["reminders"]]
    return whole


def reminder_shape(desk: Desk, row: Reminder) -> dict[str, Any]:
    """A reminder, with what was said."""
    facts = {name: getattr(row, name) for name in ("id", "officer_id", "at", "look_again_at")}
    return facts | reminders.words_of(desk.office, row)


def _chain(desk: Desk, task: Task, links: Sequence[Any]) -> list[dict[str, Any]]:
    """Every link there was, oldest first: who handed it to whom."""
    return [
        {name: getattr(link, name) for name in LINK}
        | {name: reasons.whole(desk.office, task.id, getattr(link, name)) for name in WHY}
        | _given_back(desk, task, link)
        | {"to": to.code, "above": named(giver), "below": named(to)}
        for link, giver, to in links
    ]


def _given_back(desk: Desk, task: Task, link: Delegation) -> dict[str, str]:
    """Why whoever it was handed down to gave it up, and their note beside it; empty where they did not."""
    why, _, note = reasons.whole(desk.office, task.id, link.ended_reason).partition(": ")
    if link.from_id == link.to_id or not link.ended_reason.startswith(GIVEN_BACK):
        return {"return_reason": "", "return_note": ""}
    return {"ended_reason": why, "return_reason": why.removeprefix(GIVEN_BACK), "return_note": note}


async def requests_page(desk: Desk, box: str, cursor: str, limit: int) -> dict[str, Any]:
    """Requests: `asked` by the caller's agency, or `to_decide` by the caller; those that climb first come first."""
    found, next_ = await _requests(desk, box, cursor, limit)
    return {"items": [request_shape(desk, request, task) for request, task, _, _ in found], "next": next_}


async def requests_with_tasks(desk: Desk, box: str, cursor: str, limit: int) -> dict[str, Any]:
    """The same, each with the task it is about."""
    found, next_ = await _requests(desk, box, cursor, limit)
    return {"items": [_with_task(desk, *row) for row in found], "next": next_}


async def request_with_task(desk: Desk, request_id: str) -> dict[str, Any]:
    """One request about a task the caller may know of; NotFoundError otherwise.

    `to`: the agency it names; `law`: the label of the ground it names.
    """
    found = (await desk.session.execute(_with_tasks(desk).where(Request.id == request_id))).first()
    if found is None:
        raise NotFoundError("request-unknown")
    request, task, journey, _ = found
    to = select(Organisation).where(
        Organisation.code == request.organisation, Organisation.territory == journey.territory
    )
    agency = (await desk.session.scalars(to)).first() if request.organisation else None
    grounds = (await desk.office.shelf.ensure(desk.session, journey.plan_hash)).kind(task.kind).grounds
    law = next((each.label.model_dump() for each in grounds if each.code == request.ground), None)
    return _with_task(desk, *found) | {"to": named(agency) if agency else None, "law": law}


async def _requests(desk: Desk, box: str, cursor: str, limit: int) -> tuple[Sequence[Any], str | None]:
    actor, wanted = desk.actor, _with_tasks(desk)
    if box == "asked":
        wanted = wanted.where(Request.asker_id == actor.organisation_id)
    else:
        ours = _named(desk)
        waits = and_(Request.state == "open", Task.state.in_(list(LIVE)), Request.asked_by != actor.officer_id)
        wanted = wanted.where(waits, or_(ours, Request.decider != "coordinator") if actor.district else ours)
    if cursor:
        wanted = wanted.where(tuple_(Request.due_at, Request.id) > read_cursor(cursor))
    found = (await desk.session.execute(wanted.order_by(Request.due_at, Request.id).limit(limit + 1))).all()
    last = found[limit - 1][0] if len(found) > limit else None
    return found[:limit], cursor_of(last.due_at, last.id) if last else None


def _with_tasks(desk: Desk) -> Select[Request, Task, Journey, Organisation]:
    return (
        select(Request, Task, Journey, Organisation)
        .join(Task, Task.id == Request.task_id)
        .join(Journey, Journey.id == Task.journey_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(or_(tasks_within(scope(desk.actor)), _named(desk)))
    )


def _named(desk: Desk) -> ColumnElement[bool]:
    """Requests that wait for the caller's body, also where it watches nothing else of the journey."""
    roles = [role.value for role in desk.actor.roles]
    return and_(Request.decider_id == desk.actor.organisation_id, Request.decider.in_(roles))


def _with_task(desk: Desk, request: Request, task: Task, journey: Journey, holder: Organisation) -> dict[str, Any]:
    return request_shape(desk, request, task) | {"task": tasks.shape(desk, task, journey, holder)}
