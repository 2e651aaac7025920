"""The last step: everything read back, the journey opened once, and the slip of paper with its reference."""

import json
from typing import Any

from fastapi import APIRouter, Response

from activities.casework.beginnings import begin
from activities.casework.drafts import own_draft, typed_in
from activities.casework.errors import InvalidError
from activities.casework.permits import demand
from activities.plan.access import Verb
from api.errors import AnsweredError
from api.pages.forms.drawn import draw
from api.pages.show import show, to
from api.pages.starting.known import known
from api.pages.starting.steps import codes, step
from api.pages.starting.typed import beginning, lacking, plan_of
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads.journey import detail
from api.rest.journeys import Opened

router = APIRouter(prefix="/journeys", include_in_schema=False)


@router.get("/start/{draft_id}/check")
async def check(draft_id: str, visitor: Visits) -> Response:
    """What would be recorded."""
    return await _check(visitor, draft_id)


@router.post("/start/{draft_id}/open")
async def open_(draft_id: str, visitor: Visits, _form: Posted) -> Response:
    """Open the journey; the draft is its own key, so sent twice it opens once."""
    try:
        async with visitor.desk() as desk:

            async def work() -> Opened:
                draft = await own_draft(desk.session, desk.actor, draft_id, "start")
                whole = beginning(desk, typed_in(desk.office, draft), await codes(visitor, desk))
                journey = await begin(desk.session, desk.office, desk.actor, whole)
                await desk.session.delete(draft)
                return Opened(id=journey.id, reference=journey.reference)

            body = (await desk.once(draft_id, "journeys/start", {"draft": draft_id}, 201, work)).body
            answer = json.loads(bytes(body))
    except AnsweredError as again:
        answer = again.before.body
    except InvalidError as refusal:
        return await _check(visitor, draft_id, refusal)
    return to(f"/journeys/{answer['id']}/receipt")


@router.get("/{journey_id}/receipt")
async def receipt(journey_id: str, visitor: Visits) -> Response:
    """A slip for the person's hand or the file: the reference, which tells nothing, and whom to call."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.START_JOURNEY)
        whole = await detail(desk, journey_id)
        return await show(visitor, desk, "starting/receipt.html", journey=whole)


async def _check(visitor: Visitor, draft_id: str, refusal: InvalidError | None = None) -> Response:
    async with visitor.desk() as desk:
        draft = await own_draft(desk.session, desk.actor, draft_id, "start")
        typed = typed_in(desk.office, draft)
        plan, language = plan_of(desk, typed), in_language_of(visitor, desk).language
        found = await known(desk, Wording(language), "communes", "agencies", "lead", "likely", people=[typed["person"]])
        facts: dict[str, Any] = {
            "lead": found.lead,
            "lacks": list(lacking(desk, typed, {code for code, _ in found.communes})),
            "kinds": {kind.code: kind.label for kind in plan.kinds},
            "forms": {
                each["kind"]: draw(desk.office.registry[each["kind"]].outcome, language) for each in typed["done"]
            },
        }
        return await step(visitor, desk, draft_id, typed, "check", refusal, found, **facts)
