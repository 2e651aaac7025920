"""What was answered is corrected, or objected to: what it would change is shown before it is sent."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from activities.casework import answers, corrections
from activities.casework.corrections import Corrected
from activities.casework.errors import ConflictError, FieldProblem, ForbiddenError, InvalidError
from activities.plan.model import Plan
from api.deps import Desk
from api.errors import AnsweredError
from api.pages.forms.drawn import draw
from api.pages.forms.reading import all_told
from api.pages.show import show, to
from api.pages.tasks.answering import happened_of, typed_of
from api.pages.tasks.drawing import Sent, key_of, page
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.reads import task as reads
from api.reads import tasks
from workflows.foresight import foresee

router = APIRouter(prefix="/tasks/{task_id}", include_in_schema=False)


@router.post("/correct")
async def correct(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Show what the correction would change; at the second step send it."""
    typed: dict[str, Any] = {}
    try:
        async with visitor.desk() as desk:
            whole = await reads.detail(desk, task_id)
            controls = draw(desk.office.registry[whole["kind"]].outcome, in_language_of(visitor, desk).language)
            typed = typed_of(controls, form)
            if form.get("step") == "edit":
                return await page(visitor, desk, task_id, typed=typed, sent=Sent("correct", typed))
            asked = _asked(desk, whole, typed)
            if form.get("step") != "send":
                return await _foreseen(visitor, desk, whole, typed, asked, key_of(form))
            said = await _sent(desk, task_id, typed, asked, form)
    except AnsweredError as again:
        said = str(again.before.body["said"])
    except (InvalidError, ConflictError, ForbiddenError) as refusal:
        async with visitor.desk() as desk:
            return await page(visitor, desk, task_id, typed=typed, sent=Sent("correct", typed, refusal))
    return to(f"/tasks/{task_id}", said)


async def _sent(desk: Desk, task_id: str, typed: dict[str, Any], asked: Corrected, form: FormData) -> str:
    said = list[str]()

    async def work() -> dict[str, str]:
        made = await corrections.correct(desk.session, desk.office, desk.actor, task_id, asked, foresee)
        said.append("corrected" if made.state == "applied" else "objected" if made.objection else "correction-asked")
        return {"said": said[0]}

    await desk.once(key_of(form), f"page/correct/{task_id}", typed, 201, work)
    return said[0]


def _asked(desk: Desk, whole: dict[str, Any], typed: dict[str, Any]) -> Corrected:
    """The correction; a fact's time that the form shows to the minute and nobody changed is not changed.

    InvalidError with all that does not fit: the answer, when it happened, and the reason that is missing.
    """
    all_told(
        "outcome-invalid", lambda: answers.checked(desk.office, whole["kind"], typed["outcome"]),
        lambda: happened_of(desk, typed), lambda: _reason_given(typed),
    )  # fmt: skip
    moment, before = happened_of(desk, typed), whole["happened_at"]
    same = isinstance(before, datetime) and moment == before.replace(second=0, microsecond=0)
    return Corrected(outcome=typed["outcome"], happened_at=None if same else moment, reason=typed["reason"])


def _reason_given(typed: dict[str, Any]) -> None:
    if not typed["reason"].strip():
        raise InvalidError("reason-missing", (FieldProblem(("correction_reason",), "reason-missing", "is missing"),))


async def _foreseen(
    visitor: Visitor, desk: Desk, whole: dict[str, Any], typed: dict[str, Any], asked: Corrected, key: str
) -> Response:
    """The page that says what would change: fields, tasks withdrawn and opened, dates computed anew, and who decides."""
    seen = await corrections.preview(desk.session, desk.office, desk.actor, whole["id"], asked, foresee)
    _, journey, _ = await tasks.one(desk, whole["id"])
    plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
    language = in_language_of(visitor, desk).language
    return await show(
        visitor, desk, "officer/correct.html", task=whole, typed=typed, key=key, seen=seen, changes=changes_of(plan, seen["effect"], whole["kind"]),
        controls=draw(desk.office.registry[whole["kind"]].outcome, language),
    )  # fmt: skip


def changes_of(plan: Plan, effect: dict[str, Any], own: str) -> dict[str, Any]:
    """What a correction would change, in the plan's words: kinds taken back and opened, new dates, and what the person may have.

    `own`: the kind that is corrected, of which only another round can be taken back or opened.
    """
    return {
        "own": plan.kind(own).neutral,
        "withdrawn": [plan.kind(each["kind"]).neutral for each in effect["withdrawn"]],
        "opened": [plan.kind(each).neutral for each in effect["opened"]],
        "dates": [datetime.fromisoformat(each["due"]) for each in effect["recomputed"]],
        "barred": [plan.kind(each).neutral for each in effect.get("barred", ())],
        "freed": [plan.kind(each).neutral for each in effect.get("freed", ())],
    }
