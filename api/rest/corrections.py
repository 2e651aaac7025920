"""Corrections of what was answered, and journeys opened again."""

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from activities.casework import correction_decisions, corrections
from activities.casework.reopening import reopen
from activities.domain.states import JourneyState
from activities.store.corrections import Correction
from activities.store.journeys import Journey
from activities.store.tasks import Task
from api.deps import Desk, Key, SignedIn
from api.errors import documented
from api.moments import Moment
from api.reads.corrections import detail, one, shape, waiting
from api.rest.journeys import Limit, Page
from workflows.foresight import foresee

router = APIRouter(tags=["corrections"])
Word = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
VERB = documented(400, 401, 403, 404, 409, 412, 422)


class CorrectBody(corrections.Corrected):
    """What should have been answered, whole; its shape is that of the kind, see GET /task-kinds."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": {"took_place": True}, "reason": "wrong file"}]}
    )

    happened_at: Moment | None = None
    reason: Word


class DecideBody(BaseModel):
    """Agree to a correction, or refuse it with a reason. `effect`: the digest of the effect that was shown."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"grant": True, "effect": "…"}]})

    grant: bool
    reason: Word = ""
    effect: Annotated[str, Field(max_length=64)] = ""


class ReopenBody(BaseModel):
    """Why, and from which stage on, a closed journey goes on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "…", "stage": "community"}]})

    reason: Word
    stage: Annotated[str, Field(max_length=60)]


class Reopened(BaseModel):
    """The journey, open again."""

    id: str
    state: JourneyState
    stage: str


@router.post("/tasks/{task_id}/corrections/preview", responses=VERB)
async def post_preview(task_id: str, body: CorrectBody, caller: SignedIn) -> dict[str, Any]:
    """What a correction would change: tasks withdrawn, kinds opened, dates computed anew. Nothing is written."""
    async with caller.desk() as desk:
        return await corrections.preview(desk.session, desk.office, desk.actor, task_id, body, foresee)


@router.post("/tasks/{task_id}/corrections", status_code=201, responses=VERB, response_model=dict[str, Any])
async def post_correction(task_id: str, body: CorrectBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Correct an answer: at once where no way was chosen by it, else once coordinator and supervisor agree."""
    async with caller.desk() as desk:

        async def work() -> dict[str, Any]:
            made = await corrections.correct(desk.session, desk.office, desk.actor, task_id, body, foresee)
            return await _shown(desk, made)

        return await desk.once(key, f"corrections/{task_id}", body, 201, work)


@router.get("/corrections", responses=documented(400, 401, 422))
async def list_corrections(caller: SignedIn, cursor: str = "", limit: Limit = 50) -> Page:
    """Corrections that wait for the caller's agreement, those that climb first in front."""
    async with caller.desk() as desk:
        return Page(**await waiting(desk, cursor, limit))


@router.get("/corrections/{correction_id}", responses=documented(401, 403, 404, 422))
async def read_correction(correction_id: str, caller: SignedIn) -> dict[str, Any]:
    """One correction, with who asks, who relied on it, and what it would change at this moment."""
    async with caller.desk() as desk:
        return await detail(desk, await one(desk, correction_id))


@router.post("/corrections/{correction_id}/decision", responses=VERB, response_model=dict[str, Any])
async def post_decision(correction_id: str, body: DecideBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Agree or refuse; two people agree to the same effect, neither of whom asked. `asked_again`: who agreed to another."""
    async with caller.desk() as desk:

        async def work() -> dict[str, Any]:
            made = await correction_decisions.decide_correction(
                desk.session, desk.office, desk.actor, correction_id,
                grant=body.grant, reason=body.reason, digest=body.effect, foresee=foresee,
            )  # fmt: skip
            return await _shown(desk, made)

        return await desk.once(key, f"correction/{correction_id}", body, 200, work)


@router.post(
    "/journeys/{journey_id}/reopen", response_model=Reopened, responses=documented(400, 401, 403, 404, 409, 422)
)
async def post_reopening(journey_id: str, body: ReopenBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Open a closed journey again from a stage on."""
    async with caller.desk() as desk:

        async def work() -> Reopened:
            made = await reopen(desk.session, desk.office, desk.actor, journey_id, body.reason, body.stage)
            return Reopened(id=made.id, state=made.state, stage=made.stage)

        return await desk.once(key, f"reopen/{journey_id}", body, 200, work)


async def _shown(desk: Desk, row: Correction) -> dict[str, Any]:
    task = await desk.session.get_one(Task, row.task_id)
    journey = await desk.session.get_one(Journey, row.journey_id)
    plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
    return shape(desk, row, task, journey, plan.kind(task.kind))
