"""One task with its form, how its date came about, and what was asked, said and corrected about it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from activities.casework import answers, reasons
from activities.casework.permits import as_seen, of_task
from activities.domain.states import LIVE, DecisionKind, TaskState
from activities.plan.access import PROTECTION, Verb, may, scope
from activities.plan.model import Kind
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Decision, Extension, PauseRow, Task
from api.deps import Desk
from api.reads import contacts, corrections, rungs, tasks
from api.reads.absences import holder
from api.reads.asked import about
from api.reads.earlier import earlier

OFFERED = (
    Verb.ANSWER, Verb.ANSWER_ON_BEHALF, Verb.CLAIM, Verb.RETURN, Verb.DELEGATE, Verb.RECALL, Verb.ASK, Verb.REMIND, Verb.CORRECT,
    Verb.RAISE_DANGER, Verb.COMMENT, Verb.ATTACH, Verb.READ_ATTACHMENT,
)  # fmt: skip


async def detail(desk: Desk, task_id: str) -> dict[str, Any]:
    """All the caller may know of a task; NotFoundError where they may not know of it."""
    return await whole_of(desk, *await tasks.one(desk, task_id))


async def whole_of(desk: Desk, task: Task, journey: Journey, organisation: Organisation) -> dict[str, Any]:
    """The same of a task that was found."""
    whole = await to_answer(desk, task, journey, organisation)
    plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
    whole |= await _clock(desk, task, plan.kind(task.kind))
    whole["holder"] = await holder(desk, task)
    whole["earlier"] = await earlier(desk, task, journey, plan)
    averts = task.stage == PROTECTION and task.state in LIVE
    whole["shows_danger"] = averts and may(desk.actor, Verb.READ_DANGER, of_task(journey, task)).allowed
    whole["contact"] = await contacts.of_task(desk, task, journey)
    whole["corrections"] = await corrections.of_task(desk, task, journey, plan.kind(task.kind))
    whole["statutory"] = plan.kind(task.kind).clock.statutory
    whole["grounds"] = [each.model_dump() for each in plan.kind(task.kind).grounds]
    if task.state is TaskState.RETURNED and "outcome" in whole:
        whole["return_note"] = (answers.read_draft(desk.office, task) or {}).get(answers.NOTE, "")
    return whole | await about(desk, task, journey)


async def to_answer(desk: Desk, task: Task, journey: Journey, organisation: Organisation) -> dict[str, Any]:
    """What its form needs: the model of the answer, what was typed or answered as far as the caller may read it, the verbs."""
    plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
    ours = task.organisation_id == desk.actor.organisation_id and not desk.actor.roles <= {"supervisor"}
    whole = tasks.shape(desk, task, journey, organisation)
    whole["schema"] = desk.office.registry[task.kind].outcome.model_json_schema()
    if journey.lead_id in scope(desk.actor).led_by or ours:
        whole["outcome"] = answers.read(desk.office, task, as_seen(plan.kind(task.kind), task, desk.actor))
        whole["draft"] = answers.read_draft(desk.office, task) if ours else None
    return whole | {"may": _may(desk, journey, task)}


def _may(desk: Desk, journey: Journey, task: Task) -> list[str]:
    """The verbs the policy leaves the caller on this task; whether its state allows them is another question."""
    part = frozenset({task.organisation_id, task.answerable_id or ""}) - {""}
    subject = replace(of_task(journey, task), took_part=part)
    found = [verb.value for verb in OFFERED if may(desk.actor, verb, subject).allowed]
    return [*found, Verb.DECIDE.value] if DecisionKind.RESEND in tasks.return_answers(desk.actor, subject) else found


async def _clock(desk: Desk, task: Task, kind: Kind) -> dict[str, Any]:
    """Why this date: the ledger of the clock, the rungs, the decisions."""

    async def listed(table: type[PauseRow] | type[Extension] | type[Decision], *names: str) -> list[dict[str, Any]]:
        found: list[Any] = list(await desk.session.scalars(select(table).where(table.task_id == task.id)))
        return [
            {name: getattr(row, name) for name in names} | {"reason": reasons.whole(desk.office, task.id, row.reason)}
            for row in found
        ]

    return {
        "why_due": {
            "start": task.start_at,
            "budget": str(kind.clock.budget),
            "source": kind.clock.source.model_dump(),
            "stretched": task.stretched,
            "pauses": await listed(PauseRow, "since", "until"),
            "extensions": await listed(Extension, "budget", "ground", "at"),
        },
        "rungs": await rungs.ladder(desk, task),
        "decisions": await listed(Decision, "kind", "at"),
    }
