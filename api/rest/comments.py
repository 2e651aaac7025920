"""Comments on tasks and journeys, to named roles."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from activities.casework.comments import comment_on_journey, comment_on_task
from activities.plan.addressees import Addressee
from api.deps import Key, SignedIn
from api.errors import documented
from api.reads import comments
from api.rest.journeys import Limit, Page
from api.rest.person import Recorded

router = APIRouter(tags=["comments"])
CREATES, READS = documented(400, 401, 403, 404, 409, 422), documented(400, 401, 404, 422)


class CommentBody(BaseModel):
    """What is written, and to whom: holder (not of a journey), head, coordinator, supervisor. The words are kept sealed."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "…", "to": ["coordinator", "head"]}]}
    )

    text: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
    to: list[Addressee] = Field(max_length=4)


@router.post("/tasks/{task_id}/comments", status_code=201, response_model=Recorded, responses=CREATES)
async def post_task_comment(task_id: str, body: CommentBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Write of a task; those addressed get a notice without the words."""
    async with caller.desk() as desk:

        async def work() -> Recorded:
            row = await comment_on_task(desk.session, desk.office, desk.actor, task_id, body.text, body.to)
            return Recorded(id=row.id)

        return await desk.once(key, f"comments/{task_id}", body, 201, work)


@router.get("/tasks/{task_id}/comments", responses=READS)
async def list_task_comments(task_id: str, caller: SignedIn, cursor: str = "", limit: Limit = 50) -> Page:
    """What was written of a task by the caller's agency, or to the caller."""
    async with caller.desk() as desk:
        return Page(**await comments.of_one_task(desk, task_id, cursor, limit))


@router.post("/journeys/{journey_id}/comments", status_code=201, response_model=Recorded, responses=CREATES)
async def post_journey_comment(journey_id: str, body: CommentBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Write of a journey as a whole."""
    async with caller.desk() as desk:

        async def work() -> Recorded:
            row = await comment_on_journey(desk.session, desk.office, desk.actor, journey_id, body.text, body.to)
            return Recorded(id=row.id)

        return await desk.once(key, f"comments/{journey_id}", body, 201, work)


@router.get("/journeys/{journey_id}/comments", responses=READS)
async def list_journey_comments(journey_id: str, caller: SignedIn, cursor: str = "", limit: Limit = 50) -> Page:
    """What was written of a journey by the caller's agency, or to the caller."""
    async with caller.desk() as desk:
        return Page(**await comments.of_one_journey(desk, journey_id, cursor, limit))
