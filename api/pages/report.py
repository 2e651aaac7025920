"""A person came: any officer writes it down on one screen, and the journey is open."""

import json
from typing import Any, get_args
from uuid import uuid4

from fastapi import APIRouter, Response

from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.journeys import Report, WayOfReturn, report_person
from activities.casework.permits import demand
from activities.plan.access import Verb
from activities.store.organisations import Organisation
from api.deps import Desk
from api.errors import AnsweredError
from api.pages.communes import communes
from api.pages.forms.reading import beside, moment_of
from api.pages.show import show, to
from api.pages.spoken import spoken
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import journeys
from api.rest.journeys import Opened
from api.words import marked

router = APIRouter(include_in_schema=False)
TYPED = ("commune", "way_of_return", "happened_day", "happened_hour", "language")
YES = ("child", "foreigner", "danger")
EMPTY = {"commune": "", "way_of_return": "", "happened_day": "", "happened_hour": "", "language": "vi"} | dict.fromkeys(
    YES, False
)
LABELS = {
    "commune": marked("Commune where the person is received"),
    "way_of_return": marked("How the person came"),
    "happened_day": marked("When the person came"),
    "child": marked("A child (under 18)"),
    "foreigner": marked("A foreigner"),
    "danger": marked("In danger now"),
    "language": marked("Language the person speaks"),
}


@router.get("/report")
async def form(visitor: Visits) -> Response:
    """The empty form; the commune is the officer's own where they sit in one."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.REPORT)
        own = await desk.session.get_one(Organisation, desk.actor.organisation_id)
        return await _form(visitor, desk, {"commune": own.commune, "language": "vi"})


@router.post("/report")
async def send(visitor: Visits, form: Posted) -> Response:
    """Open the journey, or say what is missing; what was typed stays."""
    given: dict[str, Any] = {name: str(form.get(name, "")) for name in TYPED} | {
        name: bool(form.get(name)) for name in YES
    }
    key = str(form.get("key", "")) or str(uuid4())
    try:
        async with visitor.desk() as desk:

            async def work() -> Opened:
                journey = await report_person(desk.session, desk.office, desk.actor, report_of(given))
                return Opened(id=journey.id, reference=journey.reference)

            answer = json.loads(bytes((await desk.once(key, "reports", given, 201, work)).body))
    except AnsweredError as again:
        answer = again.before.body
    except InvalidError as refusal:
        async with visitor.desk() as desk:
            return await _form(visitor, desk, given, refusal)
    return to(f"/reported/{answer['id']}")


@router.get("/reported/{journey_id}")
async def reported(journey_id: str, visitor: Visits) -> Response:
    """What to hand on: the reference alone, fit for print."""
    async with visitor.desk() as desk:
        journey = await journeys.one(desk, journey_id)
        return await show(visitor, desk, "officer/reported.html", reference=journey.reference)


def report_of(given: dict[str, Any]) -> Report:
    """What was typed, as the JSON interface takes it; InvalidError names what is missing.

    The hour is asked for: the first task counts in hours, and an hour nobody told would make it late.
    """
    moment = moment_of(given["happened_day"], given["happened_hour"])
    problems = [
        FieldProblem((name,), "missing", "is missing") for name in ("commune", "way_of_return") if not given[name]
    ]
    if moment is None:
        problems.append(FieldProblem(("happened_day",), "moment-unreadable", "not a day and an hour"))
    if given["way_of_return"] and given["way_of_return"] not in get_args(WayOfReturn):
        problems.append(FieldProblem(("way_of_return",), "enum", "not one of the list"))
    if problems or moment is None:
        raise InvalidError("report-invalid", tuple(problems))
    facts = {name: given[name] for name in ("commune", "way_of_return", *YES)}
    return Report(happened_at=moment, language=spoken(given["language"]) or "vi", **facts)


async def _form(visitor: Visitor, desk: Desk, given: dict[str, Any], refusal: InvalidError | None = None) -> Response:
    wording = Wording(in_language_of(visitor, desk).language)
    labels = {name: wording.gettext(label) for name, label in LABELS.items()}
    problems = beside(refusal.problems or (_future(),), labels, wording) if refusal else {}
    return await show(
        visitor, desk, "officer/report.html", 422 if refusal else 200, given=EMPTY | given, problems=problems,
        labels=labels, ways=get_args(WayOfReturn), communes=await communes(desk, wording), key=str(uuid4()),
    )  # fmt: skip


def _future() -> FieldProblem:
    return FieldProblem(("happened_day",), "happened-in-future", "is still to come")
