"""What is written of a journey as a whole: read and written by those who take part in it."""

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from activities.casework.comments import comment_on_journey
from activities.casework.errors import CaseError, ConflictError, InvalidError
from activities.plan.addressees import Addressee
from api.deps import Desk
from api.errors import AnsweredError, status_of
from api.pages.forms.short import misfits, named, needed, together
from api.pages.show import show, to
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import comments

router = APIRouter(prefix="/journeys/{journey_id}/comments", include_in_schema=False)
ROLES = tuple(each.value for each in Addressee if each is not Addressee.HOLDER)  # a journey has no one holder
SHOWN, LONGEST = 50, 4000


@router.get("")
async def read(journey_id: str, visitor: Visits, cursor: str = "") -> Response:
    """Newest first: what the reader's agency wrote, or what was written to them."""
    async with visitor.desk() as desk:
        return await _page(visitor, desk, journey_id, cursor=cursor)


@router.post("")
async def write(journey_id: str, visitor: Visits, form: Posted) -> Response:
    """Write to named roles, once; a refusal keeps the words."""
    roles, text = [str(each) for each in form.getlist("to")], str(form.get("text", ""))[:LONGEST]

    async def work() -> dict[str, Any]:
        addressed = [Addressee(each) for each in roles if each in ROLES]
        together(to=needed(addressed, "addressee-missing"), text=needed(text, "comment-empty"))
        row = await comment_on_journey(desk.session, desk.office, desk.actor, journey_id, text, addressed)
        return {"id": row.id}

    try:
        async with visitor.desk() as desk:
            await desk.once(_key(form), f"comments/{journey_id}", {"text": text, "to": roles}, 201, work)
    except AnsweredError:
        pass
    except (ConflictError, InvalidError) as refusal:
        async with visitor.desk() as desk:
            return await _page(visitor, desk, journey_id, refusal=refusal, text=text, to_=roles)
    return to(f"/journeys/{journey_id}/comments", "comment-done")


async def _page(
    visitor: Visitor,
    desk: Desk,
    journey_id: str,
    *,
    cursor: str = "",
    refusal: CaseError | None = None,
    text: str = "",
    to_: list[str] | None = None,
) -> Response:
    journey, page = await comments.of_journey(desk, journey_id, cursor, SHOWN)
    status, wording = status_of(refusal) if refusal else 200, Wording(in_language_of(visitor, desk).language)
    unfit = misfits("comment", refusal, wording)
    return await show(
        visitor, desk, "coordinator/comments.html", status, journey=journey, page=page, roles=ROLES, refusal=refusal, text=text,
        to=to_ or [], misfits=unfit, misfits_named=named(unfit, wording), key=str(uuid4()),
    )  # fmt: skip


def _key(form: FormData) -> str:
    return str(form.get("key", ""))[:200] or str(uuid4())
