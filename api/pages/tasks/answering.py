"""A task is looked at and answered: the form, the draft, the answer read back before it is sent, by the agency or from its paper."""

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from activities.casework import answers
from activities.casework import tasks as verbs
from activities.casework.dangers import read_dangers
from activities.casework.errors import FieldProblem, InvalidError, NotFoundError
from activities.casework.papers import Paper
from api.deps import Desk
from api.errors import AnsweredError
from api.pages.forms.drawn import Control, draw
from api.pages.forms.reading import MIDNIGHT, all_told, day_of, moment_of, read
from api.pages.journeys.one import person_of
from api.pages.show import show, to
from api.pages.tasks.carrying import REFUSALS
from api.pages.tasks.drawing import PAPER, Sent, key_of, page, revision_of
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.reads import attachments
from api.reads import task as reads

router = APIRouter(prefix="/tasks/{task_id}", include_in_schema=False)
LONGEST = {"paper_number": 100, "paper_signer": 200, "paper_scan": 80}


@router.get("")
async def task(task_id: str, visitor: Visits) -> Response:
    """One task."""
    async with visitor.desk() as desk:
        return await page(visitor, desk, task_id)


@router.post("/show-person")
async def person(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Show what this task needs of the person, for a minute; the reading is logged."""
    try:
        async with visitor.desk() as desk:
            whole, why = await reads.detail(desk, task_id), str(form.get("reason", ""))[:500]
            fields, _ = await person_of(desk, _journey_of(whole), why)
            return await page(visitor, desk, task_id, person=fields)
    except InvalidError as refusal:
        async with visitor.desk() as desk:
            return await page(visitor, desk, task_id, sent=Sent("show", {}, refusal))


@router.post("/show-dangers")
async def dangers(task_id: str, visitor: Visits, _form: Posted) -> Response:
    """What was seen when the danger was raised that this task is about, for a minute; the reading is logged."""
    async with visitor.desk() as desk:
        whole = await reads.detail(desk, task_id)
        found = await read_dangers(desk.session, desk.office, desk.actor, _journey_of(whole))
        own = [each for each in found if each["round"] == whole["round"]]
        return await page(visitor, desk, task_id, dangers=own)


@router.post("/draft")
async def draft(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Keep what was typed so far, and when; nothing is checked. Where it cannot be kept any more, the text stays on the page."""
    typed: dict[str, Any] = {}
    try:
        async with visitor.desk() as desk:
            _, typed = await _typed(visitor, desk, task_id, form)
            kept = typed | {"at": desk.office.now().isoformat()}
            await verbs.save_draft(desk.session, desk.office, desk.actor, task_id, revision_of(form), kept)
    except REFUSALS as refusal:
        async with visitor.desk() as desk:
            return await page(visitor, desk, task_id, typed=typed, sent=Sent("answer", typed, refusal))
    return to(f"/tasks/{task_id}", "draft-kept")


@router.post("/check")
async def check(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Read back what would be recorded, or say what does not fit yet, and who came first where somebody did."""
    async with visitor.desk() as desk:
        whole, typed = await _typed(visitor, desk, task_id, form)
        try:
            await verbs.answerable(desk.session, desk.actor, task_id, revision_of(form), on_behalf=bool(typed["paper"]))
            _whole(desk, whole["kind"], typed)
        except REFUSALS as refusal:
            return await page(visitor, desk, task_id, typed=typed, sent=Sent(_act(typed), typed, refusal))
        scans = [each for each in await _files(desk, task_id, typed) if each["id"] == typed["paper"].get("paper_scan")]
        return await show(
            visitor, desk, "officer/check.html", task=whole, controls=_controls(visitor, desk, whole), typed=typed,
            recorded=answers.checked(desk.office, whole["kind"], typed["outcome"]).model_dump(mode="json"), key=key_of(form), paper=PAPER, scan=scans[0] if scans else None,
            home=bool(form.get("home")),
        )  # fmt: skip


@router.post("/outcome")
async def send(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Send the answer, and go back to the journey where it was given there (`home`). Whatever refuses it, the text stays."""
    typed: dict[str, Any] = {}
    at = f"/tasks/{task_id}"
    try:
        async with visitor.desk() as desk:
            whole, typed = await _typed(visitor, desk, task_id, form)
            if form.get("home"):
                at = f"/journeys/{_journey_of(whole)}"
            if form.get("step") == "edit":
                return await page(visitor, desk, task_id, typed=typed, sent=Sent(_act(typed), typed))

            async def work() -> dict[str, Any]:
                _whole(desk, whole["kind"], typed)
                given = (task_id, revision_of(form), typed["outcome"], happened_of(desk, typed), paper_of(typed))
                await verbs.submit(desk.session, desk.office, desk.actor, *given)
                return {}

            await desk.once(key_of(form), f"page/outcome/{task_id}", typed, 200, work)
    except AnsweredError:
        pass
    except REFUSALS as refusal:
        async with visitor.desk() as desk:
            return await page(visitor, desk, task_id, typed=typed, sent=Sent(_act(typed), typed, refusal))
    return to(at, "paper-recorded" if typed["paper"] else "answer-sent")


def _journey_of(whole: dict[str, Any]) -> str:
    """Whose task it is; NotFoundError for who confirms funds without knowing that."""
    if whole["journey"] is None:
        raise NotFoundError("journey-unknown")
    return str(whole["journey"]["id"])


async def _typed(visitor: Visitor, desk: Desk, task_id: str, form: FormData) -> tuple[dict[str, Any], dict[str, Any]]:
    whole = await reads.detail(desk, task_id)
    return whole, typed_of(_controls(visitor, desk, whole), form)


def _controls(visitor: Visitor, desk: Desk, whole: dict[str, Any]) -> tuple[Control, ...]:
    return draw(desk.office.registry[whole["kind"]].outcome, in_language_of(visitor, desk).language)


def _act(typed: dict[str, Any]) -> str:
    """Which form it came from: the agency's own, or the coordinator's short one."""
    return "on-behalf" if typed["paper"] else "answer"


async def _files(desk: Desk, task_id: str, typed: dict[str, Any]) -> list[dict[str, Any]]:
    return await attachments.of_one_task(desk, task_id) if typed["paper"] else []


def typed_of(controls: tuple[Control, ...], form: FormData) -> dict[str, Any]:
    """What was typed: the outcome, when it happened, why (of a correction), and the paper it came by, if it came by one."""
    paper = {name: str(form.get(name, "")).strip()[: LONGEST.get(name, 20)] for name in PAPER}
    return {
        "outcome": read(controls, form),
        "day": str(form.get("happened_day", "")),
        "hour": str(form.get("happened_hour", "")),
        "reason": str(form.get("correction_reason", ""))[:2000],
        "paper": paper if form.get("by_paper") else {},
    }


def _whole(desk: Desk, kind: str, typed: dict[str, Any]) -> None:
    """InvalidError with all that does not fit, in the order of the form: the paper, the answer, when it happened."""
    all_told(
        "outcome-invalid", lambda: paper_of(typed), lambda: answers.checked(desk.office, kind, typed["outcome"]),
        lambda: happened_of(desk, typed),
    )  # fmt: skip


def happened_of(desk: Desk, typed: dict[str, Any]) -> datetime:
    """When it happened; InvalidError where that cannot be read or is still to come."""
    moment = moment_of(typed["day"], typed["hour"].strip() or MIDNIGHT)
    if moment is None:
        unread = FieldProblem(("happened_day",), "moment-unreadable", "not a day and an hour")
        raise InvalidError("outcome-invalid", (unread,))
    if moment > desk.office.now():
        raise InvalidError("outcome-invalid", (FieldProblem(("happened_day",), "happened-in-future", "is to come"),))
    return moment


def paper_of(typed: dict[str, Any]) -> Paper | None:
    """The paper an agency answered with; InvalidError names what is missing of it or no date."""
    given: dict[str, str] = typed["paper"]
    if not given:
        return None
    problems, days = list[FieldProblem](), dict[str, date]()
    for name, value in given.items():
        if not value:
            problems.append(FieldProblem((name,), "missing", "is missing"))
        elif name in ("paper_date", "paper_received_on"):
            try:
                days[name] = date.fromisoformat(day_of(value))
            except ValueError:
                problems.append(FieldProblem((name,), "date_parsing", "not a day"))
    if problems:
        raise InvalidError("outcome-invalid", tuple(problems))
    words = {name: given[f"paper_{name}"] for name in ("number", "signer", "scan")}
    return Paper(date=days["paper_date"], received_on=days["paper_received_on"], **words)
