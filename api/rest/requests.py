"""What agencies ask and hand down: delegation, requests and their decisions, reminders by hand."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from activities.casework import delegating, reminders, requests
from activities.casework.request_decisions import Answer, decide_request
from activities.store.tasks import Task
from api.deps import Key, Revision, SignedIn
from api.errors import documented
from api.reads.asked import reminder_shape, request_shape, requests_page
from api.rest.journeys import Limit, Page
from api.rest.tasks import VERB, shown

router = APIRouter(tags=["between agencies"])
Word = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
Code = Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]


class DelegateBody(BaseModel):
    """To whom a task is handed down: a subordinate organisation (code), a named officer (username), or both."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"organisation": "school-one", "reason": "…"}]}
    )

    organisation: Code = ""
    officer: Code = ""
    reason: Word


class RecallBody(BaseModel):
    """Why a task is taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "…"}]})

    reason: Word


class AskBody(requests.Asked):
    """What is asked for: more time, facts from the coordinator, or another holder."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "extend", "reason": "the school is closed for Tết", "budget": "P5WD"}]}
    )

    reason: Word
    ground: Code = ""
    budget: Annotated[str, Field(max_length=20)] = ""
    organisation: Code = ""


class AnswerBody(BaseModel):
    """The decision on a request. `answer`: the facts; `budget` or `organisation`: other than what was asked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"grant": True, "reason": "…"}]})

    grant: bool
    reason: Word = ""
    answer: Word = ""
    budget: Annotated[str, Field(max_length=20)] = ""
    organisation: Code = ""


class RemindBody(BaseModel):
    """Whom one spoke to, what was promised, on which day to look again."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"whom": "the head, by telephone", "promised": "by Friday", "look_again_on": "2024-03-08"}]
        },
    )

    whom: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
    promised: Word = ""
    look_again_on: date | None = None


@router.post("/tasks/{task_id}/delegate", responses=VERB, response_model=dict[str, Any])
async def post_delegation(
    task_id: str, body: DelegateBody, caller: SignedIn, revision: Revision, key: Key
) -> JSONResponse:
    """Hand a task down; the agency that does so stays answerable."""
    async with caller.desk() as desk:

        async def work() -> dict[str, Any]:
            given = body.model_dump()
            return await shown(
                desk, await delegating.delegate(desk.session, desk.office, desk.actor, task_id, revision, **given)
            )

        return await desk.once(key, f"delegate/{task_id}", body, 200, work)


@router.post("/tasks/{task_id}/recall", responses=VERB)
async def post_recall(task_id: str, body: RecallBody, caller: SignedIn, revision: Revision) -> dict[str, Any]:
    """Take a task back that was handed down."""
    async with caller.desk() as desk:
        return await shown(
            desk, await delegating.recall(desk.session, desk.office, desk.actor, task_id, revision, body.reason)
        )


@router.post("/tasks/{task_id}/requests", status_code=201, responses=VERB, response_model=dict[str, Any])
async def post_request(task_id: str, body: AskBody, caller: SignedIn, revision: Revision, key: Key) -> JSONResponse:
    """Ask for time, facts or another holder; the clock runs until it is decided."""
    async with caller.desk() as desk:

        async def work() -> dict[str, Any]:
            made = await requests.ask(desk.session, desk.office, desk.actor, task_id, revision, body)
            return request_shape(desk, made, await desk.session.get_one(Task, task_id))

        return await desk.once(key, f"requests/{task_id}", body, 201, work)


@router.get("/requests", responses=documented(400, 401, 422))
async def list_requests(
    caller: SignedIn, box: Literal["asked", "to_decide"] = "to_decide", cursor: str = "", limit: Limit = 50
) -> Page:
    """Requests of the caller's agency, or those that wait for the caller's decision."""
    async with caller.desk() as desk:
        return Page(**await requests_page(desk, box, cursor, limit))


@router.post(
    "/requests/{request_id}/decision", responses=documented(400, 401, 403, 404, 409, 422), response_model=dict[str, Any]
)
async def post_answer(request_id: str, body: AnswerBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Grant or refuse a request; nobody decides their own."""
    async with caller.desk() as desk:

        async def work() -> dict[str, Any]:
            given = Answer(**body.model_dump())
            made = await decide_request(desk.session, desk.office, desk.actor, request_id, given)
            return request_shape(desk, made, await desk.session.get_one(Task, made.task_id))

        return await desk.once(key, f"decision/{request_id}", body, 200, work)


@router.post("/requests/{request_id}/withdraw", responses=documented(401, 403, 404, 409, 422))
async def post_withdrawal(request_id: str, caller: SignedIn) -> dict[str, Any]:
    """Ask no longer."""
    async with caller.desk() as desk:
        made = await requests.take_back(desk.session, desk.office, desk.actor, request_id)
        return request_shape(desk, made, await desk.session.get_one(Task, made.task_id))


@router.post(
    "/tasks/{task_id}/reminders",
    status_code=201,
    responses=documented(400, 401, 403, 404, 409, 422),
    response_model=dict[str, Any],
)
async def post_reminder(task_id: str, body: RemindBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Write down a reminder by hand; the row comes back on the day named."""
    async with caller.desk() as desk:

        async def work() -> dict[str, Any]:
            made = await reminders.remind(
                desk.session, desk.office, desk.actor, task_id, body.whom, body.promised, body.look_again_on
            )
            return reminder_shape(desk, made)

        return await desk.once(key, f"reminders/{task_id}", body, 201, work)
