"""A task: what is asked and why, the form, the answer read back before it is sent, and what happens next."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Response
from starlette.datastructures import FormData

from activities.casework import answers
from activities.casework import tasks as verbs
from activities.casework.errors import CaseError, Conflict, FieldProblem, Invalid, Malformed, Stale
from activities.casework.persons import read_person
from api.deps import Desk
from api.errors import Answered, status_of
from api.pages.forms.drawn import Control, draw
from api.pages.forms.reading import beside, moment_of, read
from api.pages.show import show, to
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import task as reads
from api.rest.tasks import shown

router = APIRouter(prefix="/tasks/{task_id}", include_in_schema=False)
LIVE = ("open", "paused", "returned")


@router.get("")
async def task(task_id: str, visitor: Visits) -> Response:
    """One task."""
    async with visitor.desk() as desk:
        return await _page(visitor, desk, task_id)


@router.post("/show-person")
async def person(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Show what this task needs of the person, for a minute; the reading is logged."""
    async with visitor.desk() as desk:
        whole = await reads.detail(desk, task_id)
        fields, _ = await read_person(
            desk.session, desk.office, desk.actor, whole["journey"]["id"], str(form.get("reason", ""))
        )
        return await _page(visitor, desk, task_id, person=fields)


@router.post("/claim")
async def claim(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Take it on."""
    async with visitor.desk() as desk:
        await verbs.claim(desk.session, desk.office, desk.actor, task_id, revision_of(form))
    return to(f"/tasks/{task_id}", "task-claimed")


@router.post("/release")
async def release(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Put it back for the agency."""
    async with visitor.desk() as desk:
        await verbs.release(desk.session, desk.office, desk.actor, task_id, revision_of(form))
    return to(f"/tasks/{task_id}", "task-released")


@router.post("/return")
async def give_back(
    task_id: str,
    visitor: Visits,
    form: Posted,
    reason: Annotated[str, Form(max_length=60)] = "",
    note: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Return it to the coordinator, with a reason."""
    async with visitor.desk() as desk:
        await verbs.give_back(desk.session, desk.office, desk.actor, task_id, revision_of(form), reason, note)
    return to("/work", "task-returned")


@router.post("/draft")
async def draft(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Keep what was typed so far; nothing is checked."""
    async with visitor.desk() as desk:
        whole = await reads.detail(desk, task_id)
        typed = typed_of(draw(desk.office.registry[whole["kind"]].outcome, visitor.language), form)
        await verbs.save_draft(desk.session, desk.office, desk.actor, task_id, revision_of(form), typed)
    return to(f"/tasks/{task_id}", "draft-kept")


@router.post("/check")
async def check(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Read back what would be recorded, or say what does not fit yet."""
    async with visitor.desk() as desk:
        whole = await reads.detail(desk, task_id)
        controls = draw(desk.office.registry[whole["kind"]].outcome, visitor.language)
        typed = typed_of(controls, form)
        try:
            answers.checked(desk.office, whole["kind"], typed["outcome"])
            happened_of(desk, typed)
        except Invalid as refusal:
            return await _page(visitor, desk, task_id, typed=typed, refusal=refusal)
        return await show(
            visitor,
            desk,
            "officer/check.html",
            task=whole,
            controls=controls,
            typed=typed,
            key=str(form.get("key", "")),
        )


@router.post("/outcome")
async def send(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Send the answer. Whatever refuses it, the text stays."""
    typed: dict[str, Any] = {}
    try:
        async with visitor.desk() as desk:
            whole = await reads.detail(desk, task_id)
            typed = typed_of(draw(desk.office.registry[whole["kind"]].outcome, visitor.language), form)
            if form.get("step") == "edit":
                return await _page(visitor, desk, task_id, typed=typed)

            async def work() -> dict[str, Any]:
                return await shown(
                    desk,
                    await verbs.submit(
                        desk.session, desk.office, desk.actor, task_id, revision_of(form), typed["outcome"],
                        happened_of(desk, typed),
                    ),
                )  # fmt: skip

            await desk.once(str(form.get("key", "")) or str(uuid4()), f"outcome/{task_id}", typed, 200, work)
    except Answered:
        pass
    except (Invalid, Conflict, Stale) as refusal:
        async with visitor.desk() as desk:
            return await _page(visitor, desk, task_id, typed=typed, refusal=refusal)
    return to(f"/tasks/{task_id}", "answer-sent")


def revision_of(form: FormData) -> int:
    """The revision a form was drawn from."""
    given = str(form.get("revision", ""))
    if not (given.isascii() and given.isdigit() and len(given) < 9):  # noqa: PLR2004 - more digits than a revision has
        raise Malformed("if-match-invalid")
    return int(given)


def typed_of(controls: tuple[Control, ...], form: FormData) -> dict[str, Any]:
    """What was typed: the outcome, and when it happened."""
    return {
        "outcome": read(controls, form),
        "day": str(form.get("happened_day", "")),
        "hour": str(form.get("happened_hour", "")),
    }


def happened_of(desk: Desk, typed: dict[str, Any]) -> Any:
    """When it happened; Invalid where that cannot be read or is still to come."""
    moment = moment_of(typed["day"], typed["hour"])
    if moment is None:
        unread = FieldProblem(("happened_day",), "moment-unreadable", "not a day and an hour")
        raise Invalid("outcome-invalid", (unread,))
    if moment > desk.office.now():
        raise Invalid("outcome-invalid", (FieldProblem(("happened_day",), "happened-in-future", "is to come"),))
    return moment


async def _page(
    visitor: Visitor,
    desk: Desk,
    task_id: str,
    *,
    typed: dict[str, Any] | None = None,
    refusal: CaseError | None = None,
    person: dict[str, str] | None = None,
) -> Response:
    whole = await reads.detail(desk, task_id)
    language = in_language_of(visitor, desk).language
    controls, wording = draw(desk.office.registry[whole["kind"]].outcome, language), Wording(language)
    labels = {each.name: each.label for each in controls} | {"happened_day": wording.gettext("When it happened")}
    problems = beside(refusal.problems, labels, wording) if isinstance(refusal, Invalid) else {}
    kept = whole.get("draft") or {}
    given = typed or (kept if "outcome" in kept else {"outcome": {}, "day": "", "hour": ""})
    return await show(
        visitor, desk, "officer/task.html", status_of(refusal) if refusal else 200, task=whole, controls=controls,
        given=given, problems=problems, labels=labels, refusal=refusal, person=person, key=str(uuid4()),
        ours=whole["organisation"]["id"] == desk.actor.organisation_id, live=whole["state"] in LIVE,
    )  # fmt: skip
