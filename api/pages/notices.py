"""The bell: what was put before the officer, newest first, seen and unseen."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from activities.casework.errors import MalformedError
from activities.casework.notices import mark_all_seen, mark_seen
from api.pages.rooms import task_page
from api.pages.show import show, to
from api.pages.visitor import Posted, Visits
from api.reads import notices as reads

router = APIRouter(prefix="/notices", include_in_schema=False)
PER_PAGE = 50


@router.get("")
async def notices(visitor: Visits, cursor: Annotated[str, Query(max_length=300)] = "") -> Response:
    """One page of them."""
    async with visitor.desk() as desk:
        page = await reads.page(desk, cursor, PER_PAGE)
        places = {
            row["id"]: task_page(desk.actor, row["task_id"], row["code"]) for row in page["items"] if row["task_id"]
        }
        return await show(visitor, desk, "everyone/notices.html", page=page, places=places)


@router.post("/seen")
async def all_seen(visitor: Visits, _form: Posted, until: Annotated[str, Form(max_length=60)] = "") -> Response:
    """Mark all up to the newest that was shown."""
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        raise MalformedError("json-invalid") from None
    if moment.tzinfo is None:
        raise MalformedError("json-invalid")
    async with visitor.desk() as desk:
        await mark_all_seen(desk.session, desk.office, desk.actor, moment)
    return to("/notices", "notices-seen")


@router.post("/{notice_id}/seen")
async def seen(
    notice_id: str,
    visitor: Visits,
    _form: Posted,
    task: Annotated[str, Form(max_length=80)] = "",
    code: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Mark one; with `task`, go on to what it is about. `code`: what the notice says."""
    async with visitor.desk() as desk:
        await mark_seen(desk.session, desk.office, desk.actor, notice_id)
        on = task.startswith("task-") and "/" not in task
        return to(task_page(desk.actor, task, code) if on else "/notices")
