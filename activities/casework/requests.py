"""An agency asks for time, for facts, or for another holder: its clock runs until somebody decides, and waiting climbs."""

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal, outbox
from activities.casework.context import Office
from activities.casework.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from activities.casework.extending import within_bounds
from activities.casework.holders import directing, holder
from activities.casework.locks import lock_task
from activities.casework.notices import notify
from activities.casework.permits import demand, of_task
from activities.casework.winners import stands, still_answerable
from activities.domain.ids import new_id
from activities.domain.states import Role, TaskState
from activities.plan.access import Actor, Verb
from activities.plan.model import Kind, Plan
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.journeys import Journey
from activities.store.organisations import Officer
from activities.store.requests import Request
from activities.store.tasks import Rung, Task

COORDINATOR, SUPERVISOR, DISTRICT = "coordinator", "supervisor", "district"


class Asked(BaseModel):
    """What is asked for. `budget`: the time (P5WD) of an extension; `ground`: cited, for a statutory clock.

    `organisation`: code of the one who should have the task instead, where the asker knows it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["extend", "facts", "reassign"]
    reason: str
    ground: str = ""
    budget: str = ""
    organisation: str = ""


async def ask(
    session: AsyncSession, office: Office, actor: Actor, task_id: str, revision: int, asked: Asked
) -> Request:
    """Put a request before the one who may decide it; ConflictError where one of the kind waits, or the law knows no ground."""
    journey, task = await lock_task(session, task_id)
    demand(actor, Verb.ASK, of_task(journey, task))
    still_answerable(task, revision)
    _well_formed(office, asked)
    if task.state is not TaskState.OPEN:
        raise ConflictError("task-not-open", winner=stands(task))
    if await _waiting(session, task, asked.kind) is not None:
        raise ConflictError("request-waits", winner={"state": "open", "kind": asked.kind})
    request = await _written(session, office, actor, journey, task, asked)
    climbs = Rung(
        id=new_id("rung"), task_id=task.id, code=f"request-{asked.kind}", to=DISTRICT, merged=[], owed_at=request.due_at
    )
    session.add_all([request, climbs])
    notify(session, office, journey, request.decider_id, "request-asked", task=task.id, audience=request.decider)
    journal.write(
        session, office, journey, "request-asked", officer=actor.officer_id, task=task.id, kind=task.kind,
        asked=asked.kind, request=request.id,
    )  # fmt: skip
    await outbox.send(session, journey.id, "look", task=task.id)
    return request


async def _written(
    session: AsyncSession, office: Office, actor: Actor, journey: Journey, task: Task, asked: Asked
) -> Request:
    """The request's row, with who decides it and when it climbs."""
    plan = await office.shelf.ensure(session, journey.plan_hash)
    kind = plan.kind(task.kind)
    decider, decider_id = await _decider(session, office, actor, journey, task, plan, asked)
    request = Request(
        id=new_id("request"),
        task_id=task.id,
        journey_id=journey.id,
        kind=asked.kind,
        state="open",
        ground=asked.ground,
        budget=asked.budget,
        organisation=asked.organisation,
        sealed=b"",
        asked_by=actor.officer_id,
        asker_id=task.organisation_id,
        asked_at=office.now(),
        decider=decider,
        decider_id=decider_id,
        due_at=clocks.due_of(office, office.now(), kind.reply.budget or kind.grace) or office.now(),
    )
    write_words(office, request, {"reason": asked.reason})
    return request


async def take_back(session: AsyncSession, office: Office, actor: Actor, request_id: str) -> Request:
    """The agency no longer asks; ConflictError once it is decided."""
    journey, task, request = await lock_request(session, request_id)
    demand(actor, Verb.READ_TASK, of_task(journey, task), unknown="request-unknown")
    if request.asker_id != actor.organisation_id:
        raise ForbiddenError("not-your-verb")
    await close(session, office, journey, task, request, "withdrawn", actor.officer_id)
    return request


async def lock_request(session: AsyncSession, request_id: str) -> tuple[Journey, Task, Request]:
    """A request, its task and its journey: the journey's lock keeps them all. NotFoundError for an unknown id."""
    task_id = await session.scalar(select(Request.task_id).where(Request.id == request_id))
    if task_id is None:
        raise NotFoundError("request-unknown")
    journey, task = await lock_task(session, task_id)
    return journey, task, await session.get_one(Request, request_id)


async def close(
    session: AsyncSession, office: Office, journey: Journey, task: Task, request: Request, state: str, officer: str
) -> None:
    """The open request is granted, refused or withdrawn, once; ConflictError with how it ended for whoever comes second."""
    if request.state != "open":
        raise ConflictError("request-decided", winner={"state": request.state, "at": request.decided_at})
    request.state, request.decided_by, request.decided_at = state, officer, office.now()
    await clocks.lapse_rungs(session, office, task, codes=[f"request-{request.kind}"])
    journal.write(
        session, office, journey, f"request-{state}", officer=officer, task=task.id, kind=task.kind,
        asked=request.kind, request=request.id,
    )  # fmt: skip
    if state in ("granted", "refused"):
        asker = request.asked_by
        notify(session, office, journey, request.asker_id, f"request-{state}", task=task.id, officer=asker)


async def settle_open(
    session: AsyncSession,
    office: Office,
    journey: Journey,
    task: Task,
    kinds: tuple[str, ...],
    state: str,
    officer: str,
) -> None:
    """What was decided without a look at the request settles the request too."""
    for kind in kinds:
        request = await _waiting(session, task, kind)
        if request is not None:
            await close(session, office, journey, task, request, state, officer)


async def demand_not_own(session: AsyncSession, task: Task, kinds: tuple[str, ...], officer: str) -> None:
    """ForbiddenError for whoever asked for what they are about to decide."""
    for kind in kinds:
        request = await _waiting(session, task, kind)
        if request is not None and request.asked_by == officer:
            raise ForbiddenError("own-request")


def write_words(office: Office, request: Request, words: dict[str, str]) -> None:
    """Seal what was said: it may tell of the person."""
    request.sealed = seal_with_ring(office.keyring, f"{request.id}/words", json.dumps(words).encode())


def read_words(office: Office, request: Request) -> dict[str, str]:
    """What was said, by `reason`, `why` (of the decision) and `answer`."""
    words: dict[str, str] = json.loads(open_with_ring(office.keyring, f"{request.id}/words", request.sealed))
    return words


async def _waiting(session: AsyncSession, task: Task, kind: str) -> Request | None:
    waiting = select(Request).where(Request.task_id == task.id, Request.kind == kind, Request.state == "open")
    found: Request | None = await session.scalar(waiting)
    return found


def _well_formed(office: Office, asked: Asked) -> None:
    if not asked.reason.strip():
        raise InvalidError("reason-missing")
    if asked.kind == "extend":
        within_bounds(office, asked.budget)
    elif asked.budget or asked.ground:
        raise InvalidError("request-unfit")


async def _decider(
    session: AsyncSession, office: Office, actor: Actor, journey: Journey, task: Task, plan: Plan, asked: Asked
) -> tuple[str, str]:
    """Who decides: the coordinator of facts, the named body of a statutory clock, else the nearest head who did not ask."""
    kind, today = plan.kind(task.kind), office.today()
    if asked.kind == "facts":
        return COORDINATOR, journey.lead_id
    if asked.kind == "extend" and kind.clock.statutory:
        return SUPERVISOR, (await holder(session, _body(kind, asked.ground, task), journey.territory, today)).id
    above = (await directing(session, plan, journey, kind, today)).id
    for organisation in (task.answerable_id or task.organisation_id, above):
        head = select(Officer.id).where(
            Officer.organisation_id == organisation, Officer.active.is_(True), Officer.district.is_(False),
            Officer.roles.contains([Role.SUPERVISOR.value]), Officer.id != actor.officer_id,
        )  # fmt: skip
        if await session.scalar(head.limit(1)) is not None:
            return SUPERVISOR, organisation
    return DISTRICT, journey.lead_id


def _body(kind: Kind, ground: str, task: Task) -> str:
    """The role that may move this statutory clock on this ground; ConflictError where the plan cites none."""
    for each in kind.grounds:
        if each.code == ground:
            return each.by
    raise ConflictError("no-statutory-ground", winner={"state": task.state.value, "source": kind.clock.source.cites})
