"""What an officer asks and says about a task: requests, reminders, comments, the answer to a return."""

import re
from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from activities.casework import decisions, reminders, requests
from activities.casework.comments import comment_on_task
from activities.casework.errors import InvalidError
from activities.casework.extending import within_bounds
from activities.domain.states import DecisionKind
from activities.plan.access import COORDINATED
from activities.plan.addressees import Addressee
from api.deps import Desk
from api.pages.forms.reading import day_of
from api.pages.forms.short import needed, together
from api.pages.tasks.carrying import carried_out
from api.pages.tasks.drawing import revision_of
from api.pages.visitor import Posted, Visits

router = APIRouter(prefix="/tasks/{task_id}", include_in_schema=False)
LONGEST, WORDS = 4000, 2000


def text_of(form: FormData, name: str, longest: int = WORDS) -> str:
    """A text field, no longer than is kept."""
    return str(form.get(name, ""))[:longest]


@router.post("/extend")
async def extend(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Ask for more time."""
    unit = text_of(form, "unit", 2)
    budget = f"P{text_of(form, 'count', 4).strip()}{unit if unit in ('WD', 'D') else 'WD'}"
    ground, reason = text_of(form, "ground", 60), text_of(form, "reason")
    asked = requests.Asked(kind="extend", reason=reason, budget=budget, ground=ground)
    return await _ask(visitor, task_id, "extend", form, asked)


@router.post("/facts")
async def facts(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Ask the coordinator for what is not known."""
    asked = requests.Asked(kind="facts", reason=text_of(form, "reason"))
    return await _ask(visitor, task_id, "facts", form, asked)


@router.post("/another")
async def another(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Ask that another agency takes it."""
    organisation = text_of(form, "organisation", 60)
    asked = requests.Asked(kind="reassign", reason=text_of(form, "reason"), organisation=organisation)
    return await _ask(visitor, task_id, "another", form, asked)


async def _ask(visitor: Visits, task_id: str, act: str, form: FormData, asked: requests.Asked) -> Response:
    async def work(desk: Desk) -> object:
        together(**_checks(desk, asked))
        return await requests.ask(desk.session, desk.office, desk.actor, task_id, revision_of(form), asked)

    return await carried_out(visitor, task_id, act, form, work, said="request-sent")


def _checks(desk: Desk, asked: requests.Asked) -> dict[str, Callable[[], object]]:
    """What a request may not leave out."""
    reason: dict[str, Callable[[], object]] = {"reason": needed(asked.reason, "reason-missing")}
    return {"count": lambda: within_bounds(desk.office, asked.budget), **reason} if asked.kind == "extend" else reason


@router.post("/requests/{request_id}/withdraw")
async def take_back(task_id: str, request_id: str, visitor: Visits, form: Posted) -> Response:
    """Ask no longer."""

    async def work(desk: Desk) -> object:
        return await requests.take_back(desk.session, desk.office, desk.actor, request_id)

    return await carried_out(visitor, task_id, f"withdraw-{request_id}", form, work, said="request-taken-back")


@router.post("/remind")
async def remind(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Write down whom one spoke to, what was promised, and when to look again."""

    async def work(desk: Desk) -> object:
        whom, promised = text_of(form, "whom", 200), text_of(form, "promised")
        day = text_of(form, "look_again_on", 20)
        together(
            whom=needed(whom, "reminder-whom-missing"),
            look_again_on=lambda: reminders.look_again_fits(desk.office, _day(day)),
        )
        return await reminders.remind(desk.session, desk.office, desk.actor, task_id, whom, promised, _day(day))

    return await carried_out(visitor, task_id, "remind", form, work)


@router.post("/comment")
async def comment(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Write to named roles."""
    known = {each.value: each for each in Addressee}
    to = [known[str(each)] for each in form.getlist("to") if str(each) in known]

    async def work(desk: Desk) -> object:
        words = text_of(form, "text", LONGEST)
        together(to=needed(to, "addressee-missing"), text=needed(words, "comment-empty"))
        return await comment_on_task(desk.session, desk.office, desk.actor, task_id, words, to)

    return await carried_out(visitor, task_id, "comment", form, work)


@router.post("/decide")
async def decide(task_id: str, visitor: Visits, form: Posted) -> Response:
    """The coordinator answers a returned task: to the same agency again, to another, or taken back; `home`: on which journey's page."""
    kind, home = text_of(form, "kind", 20), text_of(form, "home", 80)

    async def work(desk: Desk) -> object:
        to, reason = text_of(form, "organisation", 60) if kind == "reassign" else "", text_of(form, "reason")
        together(
            kind=needed(kind in COORDINATED, "decision-unknown"),
            organisation=needed(to or kind != "reassign", "missing"),
            reason=needed(reason, "reason-missing"),
        )
        asked = decisions.Decide(kind=DecisionKind(kind), reason=reason, organisation=to)
        return await decisions.decide(desk.session, desk.office, desk.actor, task_id, revision_of(form), asked)

    onward = f"/journeys/{home}" if re.fullmatch(r"journey-[\w-]+", home) else ""
    return await carried_out(visitor, task_id, "decide", form, work, onward=onward)


def _day(text: str) -> date | None:
    """A day as people write it; None where nothing is written."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(day_of(text))
    except ValueError:
        raise InvalidError("look-again-invalid") from None
