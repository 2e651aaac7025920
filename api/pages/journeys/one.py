"""One journey: where it is in the plan, what waits on whom, and the acts that are possible now."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Response

from activities.agencies.services import Service
from activities.casework.dangers import read_dangers
from activities.casework.errors import CaseError, ForbiddenError, InvalidError, NotFoundError
from activities.casework.opening import not_entitled
from activities.casework.persons import read_person, written
from activities.casework.reopening import FROM
from activities.plan.access import PROTECTION, Verb, scope
from activities.plan.model import IDENTITY
from activities.plan.refusals import refusable
from api.deps import Desk
from api.errors import status_of
from api.pages.forms.drawn import draw
from api.pages.forms.short import misfits, named
from api.pages.show import show
from api.pages.tasks.drawing import given_of
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import choices, journeys
from api.reads import task as reads
from api.reads.entitlements import entitlements
from api.reads.journey import belongings, whole_of
from api.reads.strip import LIVE, strip

router = APIRouter(prefix="/journeys/{journey_id}", include_in_schema=False)


@router.get("")
async def one(journey_id: str, visitor: Visits, answer: Annotated[str, Query(max_length=80)] = "") -> Response:
    """Where it is; `answer`: one of the lead's own tasks, whose form stands on the page."""
    async with visitor.desk() as desk:
        return await page(visitor, desk, journey_id, answer=answer)


async def _form(visitor: Visitor, desk: Desk, found: Sequence[Any], task_id: str) -> dict[str, Any] | None:
    """The form of a live task of the visitor's agency, out of a journey's rows; None where it is not theirs to answer (any more)."""
    row = next((row for row in found if row[0].id == task_id), None)
    if row is None:
        return None
    task = await reads.to_answer(desk, *row)
    if (
        task["organisation"]["id"] != desk.actor.organisation_id
        or task["state"] not in LIVE
        or Verb.ANSWER.value not in task["may"]
    ):
        return None
    controls = draw(desk.office.registry[task["kind"]].outcome, in_language_of(visitor, desk).language)
    return {"task": task, "controls": controls, "given": given_of(task, None)}


@router.post("/show-person")
async def person(journey_id: str, visitor: Visits, form: Posted) -> Response:
    """Who it is, for a minute; the reading is logged, and a supervisor says why they need it."""
    try:
        async with visitor.desk() as desk:
            fields, revision = await person_of(desk, journey_id, str(form.get("reason", ""))[:500])
            return await page(visitor, desk, journey_id, person=fields, person_revision=revision)
    except InvalidError as refusal:
        async with visitor.desk() as desk:
            return await page(visitor, desk, journey_id, refusal=refusal, sent={"show": {}})


@router.post("/show-dangers")
async def dangers(journey_id: str, visitor: Visits, _form: Posted) -> Response:
    """What was seen when a danger was raised, for a minute; the reading is logged."""
    async with visitor.desk() as desk:
        found = await read_dangers(desk.session, desk.office, desk.actor, journey_id)
        return await page(visitor, desk, journey_id, dangers=found)


async def person_of(desk: Desk, journey_id: str, reason: str = "") -> tuple[dict[str, str], int]:
    """What is written down of the person, and its revision; nothing and 0 where nobody wrote yet. The reading is logged.

    InvalidError where whoever asks must say why and did not: a field of their form.
    """
    try:
        return await read_person(desk.session, desk.office, desk.actor, journey_id, reason)
    except ForbiddenError as refusal:
        if refusal.code != "reason-required":
            raise
        raise InvalidError("reason-missing") from None
    except NotFoundError as refusal:
        if refusal.code != "person-unknown":
            raise
        return {}, 0


async def page(
    visitor: Visitor,
    desk: Desk,
    journey_id: str,
    *,
    refusal: CaseError | None = None,
    person: dict[str, str] | None = None,
    person_revision: int | None = None,
    dangers: Sequence[Mapping[str, Any]] | None = None,
    answer: str = "",
    note: str = "",
    sent: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """The page, as the policy lets this visitor see it; `answer`: a task whose form stands on it; `note`: of a danger that is not raised yet; `sent`: fields refused, by form."""
    wording = Wording(in_language_of(visitor, desk).language)
    unfit = misfits(next(iter(sent), ""), refusal, wording)
    journey = await journeys.one(desk, journey_id)
    found = await belongings(desk, journey)
    whole = await whole_of(desk, journey, found)
    plan = desk.office.shelf.by_hash[journey.plan_hash]
    leads = journey.lead_id in scope(desk.actor).led_by
    barred = {kind.code for kind in plan.kinds if not_entitled(journey, kind)}
    live = [each for each in whole["tasks"] if each["state"] in LIVE]
    return await show(
        visitor, desk, "coordinator/journey.html", status_of(refusal) if refusal else 200, also={"written": written(journey_id)}, journey=whole, leads=leads,
        stages=strip(plan, whole), live=live, barred=barred, refused=found["refused"], foresees=(leads or desk.actor.district) and whole["state"] == "open", about=entitlements(found["served"], found["refused"]), person=person, person_revision=person_revision, note=note, sent=sent, misfits=unfit, misfits_named=named(unfit, wording), answering=await _form(visitor, desk, found["tasks"], answer),
        dangers=dangers, others=choices.organisations(found["others"]), guarded=any(each["stage"] == PROTECTION for each in whole["tasks"]),
        identity=IDENTITY[:-1], refusal=refusal, key=str(uuid4()), services={each.value: {"vi": each.vi, "en": each.en} for each in Service},
        refusable=[each for each in live if refusable(each["kind"], each["stage"])],
        repeatable=[kind for kind in plan.kinds if kind.repeatable], reopenable=[each for each in plan.stages if each.code in FROM],
    )  # fmt: skip
