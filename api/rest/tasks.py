"""Tasks: boxes, one task, and the verbs on it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from activities.casework import decisions
from activities.casework import tasks as verbs
from activities.casework.papers import Paper
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from api.deps import Desk, Key, Revision, SignedIn
from api.errors import documented
from api.moments import Moment
from api.reads import task, tasks
from api.reads.upcoming import upcoming
from api.rest.journeys import Limit, Page

router = APIRouter(prefix="/tasks", tags=["tasks"])
PAPER: dict[str, Any] = {
    "number": "18/CV",
    "date": "2024-03-04",
    "signer": "…",
    "received_on": "2024-03-05",
    "scan": "attachment-…",
}
VERB = documented(400, 401, 403, 404, 409, 412, 422, 428)


class ReturnBody(BaseModel):
    """Why a task is sent back: not_ours, wrong_place, missing_facts or other."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "missing_facts", "note": "…"}]}
    )

    reason: str = Field(max_length=60)
    note: str = Field("", max_length=2000)


class DraftBody(BaseModel):
    """What has been typed so far."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"draft": {"took_place": True}}]})

    draft: dict[str, Any]


class PaperBody(Paper):
    """The paper an agency answered with. `received_on` is not before `date`; `scan`: id of a file attached to this task."""

    model_config = ConfigDict(json_schema_extra={"examples": [PAPER]})

    number: str = Field(max_length=100, pattern=r"^[^\x00]*$")
    signer: str = Field(max_length=200, pattern=r"^[^\x00]*$")
    scan: str = Field(max_length=80, pattern=r"^[^\x00]*$")


class OutcomeBody(BaseModel):
    """An agency's answer; its shape is that of the kind, see GET /task-kinds."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"outcome": {}, "happened_at": "2024-03-05T02:00:00Z"}]}
    )

    outcome: dict[str, Any]
    happened_at: Moment
    on_behalf_of: PaperBody | None = None


class DecideBody(decisions.Decide):
    """A decision. `budget` extends (P5WD), `until` pauses, `organisation` (a code) takes over."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "extend", "reason": "the file is awaited", "ground": "", "budget": "P5WD"}]
        }
    )

    reason: str = Field(max_length=2000)
    ground: str = Field("", max_length=500)
    budget: str = Field("", max_length=20)
    until: Moment | None = None
    organisation: str = Field("", max_length=60)


@router.get("", responses=documented(400, 401, 422))
async def list_tasks(
    caller: SignedIn,
    box: str = "mine",
    cursor: str = "",
    limit: Limit = 50,
    state: str = "",
    organisation: str = "",
    kind: Annotated[str, Query(max_length=200)] = "",
    not_kind: Annotated[str, Query(max_length=400)] = "",
) -> Page:
    """A box of tasks, soonest due first: mine, agency, upcoming, done, returned, or board with a state."""
    async with caller.desk() as desk:
        if box == "upcoming":
            return Page(**await upcoming(desk, cursor))
        wanted = tasks.box(desk, box, state, organisation)
        wanted = wanted.where(Task.kind.in_(kind.split(","))) if kind else wanted
        wanted = wanted.where(Task.kind.not_in(not_kind.split(","))) if not_kind else wanted
        return Page(**await tasks.page(desk, wanted, cursor, limit))


@router.get("/{task_id}", responses=documented(401, 404, 422))
async def read_task(task_id: str, caller: SignedIn, response: Response) -> dict[str, Any]:
    """One task, with its form and how its date came about."""
    async with caller.desk() as desk:
        whole = await task.detail(desk, task_id)
        response.headers["ETag"] = f'"{whole["revision"]}"'
        return whole


async def shown(desk: Desk, changed: Task) -> dict[str, Any]:
    """A task after a verb; its new holder may be another agency, so the row is shown without the scope."""
    await desk.session.flush()
    journey = await desk.session.get_one(Journey, changed.journey_id)
    return tasks.shape(desk, changed, journey, await desk.session.get_one(Organisation, changed.organisation_id))


@router.post("/{task_id}/claim", responses=VERB)
async def claim(task_id: str, caller: SignedIn, revision: Revision) -> dict[str, Any]:
    """Take a task on."""
    async with caller.desk() as desk:
        return await shown(desk, await verbs.claim(desk.session, desk.office, desk.actor, task_id, revision))


@router.post("/{task_id}/release", responses=VERB)
async def release(task_id: str, caller: SignedIn, revision: Revision) -> dict[str, Any]:
    """Put a task back for the agency."""
    async with caller.desk() as desk:
        return await shown(desk, await verbs.release(desk.session, desk.office, desk.actor, task_id, revision))


@router.post("/{task_id}/return", responses=VERB)
async def give_back(task_id: str, body: ReturnBody, caller: SignedIn, revision: Revision) -> dict[str, Any]:
    """Return a task to the coordinator; the legal clock runs on."""
    async with caller.desk() as desk:
        return await shown(
            desk,
            await verbs.give_back(desk.session, desk.office, desk.actor, task_id, revision, body.reason, body.note),
        )


@router.put("/{task_id}/draft", status_code=204, responses=VERB)
async def put_draft(task_id: str, body: DraftBody, caller: SignedIn, revision: Revision) -> Response:
    """Keep a draft; nothing is checked."""
    async with caller.desk() as desk:
        await verbs.save_draft(desk.session, desk.office, desk.actor, task_id, revision, body.draft)
    return Response(status_code=204)


@router.post("/{task_id}/outcome", responses=VERB, response_model=dict[str, Any])
async def post_outcome(task_id: str, body: OutcomeBody, caller: SignedIn, revision: Revision, key: Key) -> JSONResponse:
    """Answer a task. What does not fit is told field by field, and the draft stays."""
    async with caller.desk() as desk:

        async def work() -> dict[str, Any]:
            answered = await verbs.submit(
                desk.session,
                desk.office,
                desk.actor,
                task_id,
                revision,
                body.outcome,
                body.happened_at,
                body.on_behalf_of,
            )
            return await shown(desk, answered)

        return await desk.once(key, f"outcome/{task_id}", body, 200, work)


@router.post("/{task_id}/decisions", responses=VERB, response_model=dict[str, Any])
async def post_decision(task_id: str, body: DecideBody, caller: SignedIn, revision: Revision, key: Key) -> JSONResponse:
    """Decide: a supervisor extends, reassigns, pauses, resumes, waives; the coordinator re-sends, reassigns, withdraws a returned task."""
    async with caller.desk() as desk:

        async def work() -> dict[str, Any]:
            return await shown(
                desk, await decisions.decide(desk.session, desk.office, desk.actor, task_id, revision, body)
            )

        return await desk.once(key, f"decisions/{task_id}", body, 200, work)
