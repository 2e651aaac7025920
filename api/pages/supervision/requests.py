"""Requests that wait for this supervisor: what is asked and why, what granting would do, and the decision."""

import re
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Response

from activities.casework.errors import CaseError, NotFoundError
from activities.casework.foreseeing import Foreseen, foreseen
from activities.casework.permits import demand
from activities.casework.request_decisions import Answer, decide_request
from activities.plan.access import Verb
from api.deps import Desk
from api.errors import AnsweredError, status_of
from api.pages.show import show, to
from api.pages.supervision.acts import LONGEST, UNITS, grants, problems_of
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import agencies, asked, corrections
from api.words import marked

router = APIRouter(prefix="/board/requests")
PER_PAGE = 50
TYPED = ("grant", "reason", "answer", "count", "unit", "organisation")
LABELS = {
    "grant": marked("Decision"), "reason": marked("Reason, told to the agency"), "answer": marked("The facts asked for"),
    "count": marked("How much longer"), "organisation": marked("To which agency"),
}  # fmt: skip
Cursor = Annotated[str, Query(max_length=300)]
BUDGET = re.compile(r"P(\d+)(WD|D|M)")


@router.get("")
async def waiting(visitor: Visits, cursor: Cursor = "", correction: Cursor = "") -> Response:
    """Those that climb first come first; beside them the corrections that wait, with a cursor of their own."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        page = await asked.requests_with_tasks(desk, "to_decide", cursor, PER_PAGE)
        beside = await corrections.waiting_with_tasks(desk, correction, PER_PAGE)
        return await show(visitor, desk, "supervisor/requests.html", page=page, corrections=beside)


@router.get("/{request_id}")
async def one(request_id: str, visitor: Visits) -> Response:
    """One request with its form."""
    async with visitor.desk() as desk:
        return await _page(visitor, desk, request_id, {})


@router.post("/{request_id}")
async def send(request_id: str, visitor: Visits, form: Posted) -> Response:
    """Show what the decision would do; decide once that was seen."""
    typed, key = {name: str(form.get(name, "")).strip()[:LONGEST] for name in TYPED}, str(form.get("key", ""))
    step = str(form.get("step", ""))
    try:
        async with visitor.desk() as desk:
            if step == "edit":
                return await _page(visitor, desk, request_id, typed)
            if step != "do":
                effect = await _effect(desk, request_id, typed)
                return await _page(visitor, desk, request_id, typed, effect=effect, key=key)

            async def work() -> dict[str, Any]:
                await decide_request(desk.session, desk.office, desk.actor, request_id, _answer(typed))
                return {"request": request_id}

            await desk.once(key or str(uuid4()), f"decision/{request_id}", typed, 200, work)
    except AnsweredError:
        pass
    except NotFoundError:
        raise
    except CaseError as refusal:
        async with visitor.desk() as desk:
            return await _page(visitor, desk, request_id, typed, refusal=refusal)
    return to("/board/requests", "request-granted" if typed["grant"] == "yes" else "request-refused")


async def _effect(desk: Desk, request_id: str, typed: dict[str, str]) -> Foreseen:
    task = (await asked.request_with_task(desk, request_id))["task"]["id"]
    return await foreseen(
        desk.session, desk.office, task,
        lambda: decide_request(desk.session, desk.office, desk.actor, request_id, _answer(typed)),
    )  # fmt: skip


def _answer(typed: dict[str, str]) -> Answer:
    """The decision as the JSON interface takes it."""
    grant = grants(typed)
    budget = f"P{typed['count']}{typed['unit'].upper()}" if typed["count"] and typed["unit"] in UNITS else ""
    given = {"reason": typed["reason"], "answer": typed["answer"], "organisation": typed["organisation"]}
    return Answer(grant=grant, budget=budget, **given)


async def _page(
    visitor: Visitor,
    desk: Desk,
    request_id: str,
    typed: dict[str, str],
    *,
    effect: Foreseen | None = None,
    refusal: CaseError | None = None,
    key: str = "",
) -> Response:
    demand(desk.actor, Verb.READ_BOARD)
    found = await asked.request_with_task(desk, request_id)
    wording = Wording(in_language_of(visitor, desk).language)
    problems = problems_of(refusal, wording, LABELS) if refusal else {}
    return await show(
        visitor, desk, "supervisor/request.html", status_of(refusal) if refusal else 200, request=found, task=found["task"],
        given=dict.fromkeys(TYPED, "") | _as_asked(found) | typed, effect=effect, refusal=refusal, problems=problems,
        labels={name: wording.gettext(label) for name, label in LABELS.items()}, key=key or str(uuid4()), units=UNITS,
        own=found["asked_by"] == desk.officer.id, answered=found["state"] != "open",
        candidates=await agencies.candidates(desk) if found["kind"] == "reassign" else (),
    )  # fmt: skip


def _as_asked(found: dict[str, Any]) -> dict[str, str]:
    """The fields as the agency would have them."""
    asked_for = BUDGET.fullmatch(found["budget"])
    count, unit = (asked_for[1], asked_for[2].lower()) if asked_for else ("", "wd")
    return {"count": count, "unit": unit, "organisation": found["organisation"]}
