"""One journey: where it is in the plan, what waits on whom, and the acts that are possible now."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Response

from activities.agencies.services import Service
from activities.casework.dangers import read_dangers
from activities.casework.errors import CaseError, InvalidError, NotFoundError
from activities.casework.opening import not_entitled
from activities.casework.persons import read_person, written
from activities.casework.reopening import FROM
from activities.plan.access import PROTECTION, Verb, scope
from activities.plan.model import IDENTITY
from activities.plan.refusals import refusable
from api.deps import Desk
from api.errors import status_of
from api.pages.forms.drawn import draw
from api.pages.forms.reading import beside
from api.pages.show import show
from api.pages.tasks.drawing import given_of
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import choices, journeys, tasks
from api.reads import task as reads
from api.reads.entitlements import entitlements
from api.reads.strip import LIVE, strip
from api.reads.upcoming import refused
from api.words import marked

router = APIRouter(prefix="/journeys/{journey_id}", include_in_schema=False)

LABELS = {"purpose": marked("For what"), "until": marked("Until (may stay empty)")}  # of fields that can be wrong


@router.get("")
async def one(journey_id: str, visitor: Visits, answer: Annotated[str, Query(max_length=80)] = "") -> Response:
    """Where it is; `answer`: one of the lead's own tasks, whose form stands on the page."""
    async with visitor.desk() as desk:
        return await page(visitor, desk, journey_id, answering=await _form(visitor, desk, answer) if answer else None)


async def _form(visitor: Visitor, desk: Desk, task_id: str) -> dict[str, Any] | None:
    """The form of a live task of the visitor's agency; None where it is not theirs to answer (any more)."""
    task = await reads.to_answer(desk, *await tasks.one(desk, task_id))
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
    async with visitor.desk() as desk:
        fields, revision = await person_of(desk, journey_id, str(form.get("reason", ""))[:500])
        return await page(visitor, desk, journey_id, person=fields, person_revision=revision)


@router.post("/show-dangers")
async def dangers(journey_id: str, visitor: Visits, _form: Posted) -> Response:
    """What was seen when a danger was raised, for a minute; the reading is logged."""
    async with visitor.desk() as desk:
        found = await read_dangers(desk.session, desk.office, desk.actor, journey_id)
        return await page(visitor, desk, journey_id, dangers=found)


async def person_of(desk: Desk, journey_id: str, reason: str = "") -> tuple[dict[str, str], int]:
    """What is written down of the person, and its revision; nothing and 0 where nobody wrote yet. The reading is logged."""
    try:
        return await read_person(desk.session, desk.office, desk.actor, journey_id, reason)
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
    answering: Mapping[str, Any] | None = None,
    note: str = "",
    sent: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """The page, as the policy lets this visitor see it; `note`: of a danger that is not raised yet; `sent`: fields refused, by form."""
    wording = Wording(in_language_of(visitor, desk).language)
    labels = {name: wording.gettext(label) for name, label in LABELS.items()}
    problems = beside(refusal.problems, labels, wording) if isinstance(refusal, InvalidError) else {}
    journey = await journeys.one(desk, journey_id)
    whole = await journeys.whole_of(desk, journey)
    plan = desk.office.shelf.by_hash[journey.plan_hash]
    leads = journey.lead_id in scope(desk.actor).led_by
    about: dict[str, Any] = (
        await entitlements(desk, journey) if leads else {"services": [], "window": None, "assessed": False}
    )
    barred = {kind.code for kind in plan.kinds if not_entitled(journey, kind)}
    live = [each for each in whole["tasks"] if each["state"] in LIVE]
    back = leads and any(each["state"] == "returned" for each in live)
    return await show(
        visitor, desk, "coordinator/journey.html", status_of(refusal) if refusal else 200, also={"written": written(journey_id), "refused": refused(journey_id)}, journey=whole, leads=leads,
        stages=strip(plan, whole), live=live, barred=barred, foresees=(leads or desk.actor.district) and whole["state"] == "open", about=about, person=person, person_revision=person_revision, note=note, sent=sent, problems=problems, answering=answering,
        dangers=dangers, others=await choices.others(desk) if back else [], guarded=any(each["stage"] == PROTECTION for each in whole["tasks"]),
        identity=IDENTITY[:-1], refusal=refusal, key=str(uuid4()), services={each.value: {"vi": each.vi, "en": each.en} for each in Service},
        refusable=[each for each in live if refusable(each["kind"], each["stage"])],
        repeatable=[kind for kind in plan.kinds if kind.repeatable], reopenable=[each for each in plan.stages if each.code in FROM],
    )  # fmt: skip
