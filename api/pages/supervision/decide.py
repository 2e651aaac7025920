"""Acts on one task: a form, what it would do, and only then the act. Whatever refuses it says so in words; what was typed stays."""

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Response

from activities.casework.errors import CaseError, NotFoundError
from activities.casework.foreseeing import Foreseen, foreseen, hindrance
from activities.casework.locks import lock_task
from activities.casework.permits import demand, of_task
from activities.domain.reasons import REASONS
from activities.domain.states import DecisionKind
from activities.plan.access import RefusedError, Verb, may, scope
from activities.store.journeys import Journey
from activities.store.tasks import Task
from api.deps import Desk
from api.errors import AnsweredError, status_of
from api.pages.show import show, to
from api.pages.supervision.acts import FIELDS, LABELS, UNITS, carry_out, problems_of, typed_of
from api.pages.tasks.drawing import earlier_of, revision_of
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import agencies, tasks
from api.reads import task as reads
from api.reads.belongings import belongings

router = APIRouter(prefix="/board/tasks/{task_id}")


@router.get("")
async def task(task_id: str, visitor: Visits) -> Response:
    """A task as a supervisor sees it: its clock, its ladder, what was decided, and what they may do about it."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        row, journey, organisation = await tasks.one(desk, task_id)
        whole = await reads.whole_of(desk, row, journey, organisation, await belongings(desk, row, journey))
        return await show(
            visitor, desk, "supervisor/task.html", task=whole, hindered=await _hindered(desk, row, journey), live=whole["ended_at"] is None,
            earlier=earlier_of(desk, whole, in_language_of(visitor, desk).language),
        )  # fmt: skip


@router.get("/{act}")
async def form(task_id: str, act: str, visitor: Visits) -> Response:
    """The form of one act, or in words why it cannot be done."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        return await _page(visitor, desk, task_id, act, {"unit": "wd"})


@router.post("/{act}")
async def send(task_id: str, act: str, visitor: Visits, sent: Posted) -> Response:
    """Show what it would do; do it once that was seen."""
    typed, step, key = typed_of(sent), str(sent.get("step", "")), str(sent.get("key", "")) or str(uuid4())
    if act not in FIELDS:
        raise HTTPException(404)
    try:
        async with visitor.desk() as desk:
            revision = revision_of(sent)
            if step != "do":
                effect = None if step == "edit" else await _effect(desk, task_id, act, revision, typed)
                return await _page(visitor, desk, task_id, act, typed, effect=effect, key=key)

            async def work() -> dict[str, Any]:
                await carry_out(desk, act, task_id, revision, typed)
                return {"act": act}

            await desk.once(key, f"act/{act}/{task_id}", typed, 200, work)
            journey, row = await lock_task(desk.session, task_id)  # theirs no more, perhaps: another agency holds it
            still = scope(desk.actor).covers(of_task(journey, row))
    except AnsweredError:
        still = False
    except NotFoundError:
        raise
    except CaseError as refusal:
        async with visitor.desk() as desk:
            return await _page(visitor, desk, task_id, act, typed, refusal=refusal)
    return to(f"/board/tasks/{task_id}" if still else "/board", f"act-{act}")


async def _effect(desk: Desk, task_id: str, act: str, revision: int, typed: dict[str, str]) -> Foreseen:
    return await foreseen(desk.session, desk.office, task_id, lambda: carry_out(desk, act, task_id, revision, typed))


async def _page(
    visitor: Visitor,
    desk: Desk,
    task_id: str,
    act: str,
    typed: dict[str, str],
    *,
    effect: Foreseen | None = None,
    refusal: CaseError | None = None,
    key: str = "",
) -> Response:
    if act not in FIELDS:
        raise HTTPException(404)
    row, journey, organisation = await tasks.one(desk, task_id)
    wording = Wording(in_language_of(visitor, desk).language)
    kind = (await desk.office.shelf.ensure(desk.session, journey.plan_hash)).kind(row.kind)
    return await show(
        visitor, desk, "supervisor/act.html", status_of(refusal) if refusal else 200,
        task=tasks.shape(desk, row, journey, organisation), act=act, fields=FIELDS[act], reasons=REASONS.get(act, ()),
        grounds=kind.grounds, units=UNITS, labels={name: wording.gettext(label) for name, label in LABELS.items()},
        given=dict.fromkeys(LABELS, "") | {"unit": "wd"} | typed, effect=effect, refusal=refusal, key=key or str(uuid4()),
        problems=problems_of(refusal, wording) if refusal else {}, hindered=(await _hindered(desk, row, journey)).get(act, ""),
        candidates=await agencies.candidates(desk, row.organisation_id) if act == "reassign" else (),
    )  # fmt: skip


async def _hindered(desk: Desk, row: Task, journey: Journey) -> dict[str, str]:
    """For each act, the code of what is in its way; empty for one that is open."""
    kind = (await desk.office.shelf.ensure(desk.session, journey.plan_hash)).kind(row.kind)
    ended = "task-ended" if row.state.final else ""
    reminded = may(desk.actor, Verb.REMIND, of_task(journey, row))
    told = ended or (reminded.code if isinstance(reminded, RefusedError) else "")
    decided = {
        act: ended or hindrance(desk.actor, journey, row, kind, DecisionKind(act))
        for act in FIELDS
        if act in set(DecisionKind)
    }
    return {"remind": told, "record": told} | decided
