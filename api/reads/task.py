"""One task with its form, how its date came about, and what was asked, said and corrected about it."""

from dataclasses import replace
from typing import Any

from activities.casework import answers, reasons
from activities.casework.permits import as_seen, of_task
from activities.domain.states import LIVE, DecisionKind, TaskState
from activities.plan.access import PROTECTION, Verb, may, scope
from activities.plan.model import Kind
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from activities.store.together import Answers
from api.deps import Desk
from api.reads import contacts, corrections, tasks
from api.reads.absences import answered_by, handed, holder
from api.reads.asked import about
from api.reads.belongings import belongings
from api.reads.earlier import earlier
from api.reads.rungs import climbed

OFFERED = (
    Verb.ANSWER, Verb.ANSWER_ON_BEHALF, Verb.CLAIM, Verb.RETURN, Verb.DELEGATE, Verb.RECALL, Verb.ASK, Verb.REMIND, Verb.CORRECT,
    Verb.RAISE_DANGER, Verb.COMMENT, Verb.ATTACH, Verb.READ_ATTACHMENT,
)  # fmt: skip


async def detail(desk: Desk, task_id: str) -> dict[str, Any]:
    """All the caller may know of a task; NotFoundError where they may not know of it."""
    found = await tasks.one(desk, task_id)
    return await whole_of(desk, *found, await belongings(desk, *found[:2]))


async def whole_of(
    desk: Desk, task: Task, journey: Journey, organisation: Organisation, found: Answers
) -> dict[str, Any]:
    """The same of a task that was found, with its belongings."""
    whole = await to_answer(desk, task, journey, organisation)
    plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
    whole |= _clock(desk, task, plan.kind(task.kind), found)
    whole["holder"] = holder(found["holder"], found["away"])
    whole["answered_by"] = answered_by(found["answered_by"])
    whole["handed"] = handed(task, found["handed"])
    whole["earlier"] = earlier(desk, task, journey, plan, found["earlier"])
    averts = task.stage == PROTECTION and task.state in LIVE
    whole["shows_danger"] = averts and may(desk.actor, Verb.READ_DANGER, of_task(journey, task)).allowed
    whole["contact"] = contacts.of_task(found["offices"], task, journey)
    whole["corrections"] = [
        corrections.shape(desk, row, task, journey, plan.kind(task.kind)) for row in found["corrections"]
    ]
    whole["statutory"] = plan.kind(task.kind).clock.statutory
    whole["grounds"] = [each.model_dump() for each in plan.kind(task.kind).grounds]
    if task.state is TaskState.RETURNED and "outcome" in whole:
        whole["return_note"] = (answers.read_draft(desk.office, task) or {}).get(answers.NOTE, "")
    return whole | about(desk, task, journey, found)


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


def _clock(desk: Desk, task: Task, kind: Kind, found: Answers) -> dict[str, Any]:
    """Why this date: the ledger of the clock, the rungs, the decisions."""

    def listed(which: str, *names: str) -> list[dict[str, Any]]:
        return [
            {name: getattr(row, name) for name in names} | {"reason": reasons.whole(desk.office, task.id, row.reason)}
            for row in found[which]
        ]

    return {
        "why_due": {
            "start": task.start_at,
            "budget": str(kind.clock.budget),
            "source": kind.clock.source.model_dump(),
            "stretched": task.stretched,
            "pauses": listed("pauses", "since", "until"),
            "extensions": listed("extensions", "budget", "ground", "at"),
        },
        "rungs": climbed(found["rungs"])[0].get(task.id, []),
        "decisions": listed("decisions", "kind", "at"),
    }
