"""How a task ends: answered, waived, declined or withdrawn; exactly one of them, once."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal, outbox
from activities.casework.context import Office
from activities.casework.lateness import counted_at, waited
from activities.casework.notices import notify
from activities.domain.outcomes import Outcome
from activities.domain.states import JourneyState, TaskState
from activities.store.journeys import Journey
from activities.store.tasks import Task


def mark_overdue(session: AsyncSession, office: Office, journey: Journey, task: Task) -> None:
    """Write the one overdue mark, by whoever comes first."""
    if task.overdue_at is None:
        task.overdue_at, task.overdue_marks = office.now(), task.overdue_marks + 1
        journal.write(session, office, journey, "task-overdue", task=task.id, kind=task.kind, due=task.due_at)


def mark_passed(session: AsyncSession, office: Office, journey: Journey, task: Task) -> None:
    """Write the mark of a due date that passed unsettled, before a decision moves or stops the clock."""
    if office.now() > task.due_at:
        mark_overdue(session, office, journey, task)


async def stop_clock(session: AsyncSession, office: Office, journey: Journey, task: Task) -> None:
    """A task ends unanswered: a running pause is entered in its ledger, and a due date that passed is marked."""
    await _end_pause(session, office, journey, task)
    mark_passed(session, office, journey, task)


async def _end_pause(session: AsyncSession, office: Office, journey: Journey, task: Task) -> None:
    if task.state is TaskState.PAUSED:
        await clocks.end_pause(session, office, task)
        plan = await office.shelf.ensure(session, journey.plan_hash)
        await clocks.reckon(session, office, plan.kind(task.kind), task)


def judge_late(session: AsyncSession, office: Office, journey: Journey, task: Task) -> None:
    """Say of an answered task whether it was late, and write the mark where it stood open here past its date."""
    counted = counted_at(task)
    task.late = counted is not None and counted > task.due_at
    if task.late and waited(task):
        mark_overdue(session, office, journey, task)


async def finish(
    session: AsyncSession,
    office: Office,
    journey: Journey,
    task: Task,
    outcome: Outcome,
    happened_at: datetime,
    officer: str | None,
    *,
    entered: bool = False,
) -> None:
    """The agency's answer is in the row: state, codes, lateness, lapsed rungs, and the command that carries it.

    `entered`: it was done before its task was written here, and so ends as it is opened.
    """
    held, generation = task.state, task.generation
    await _end_pause(session, office, journey, task)
    ended = outcome.ended()
    task.ended_at, task.happened_at = task.opened_at if entered else office.now(), happened_at
    judge_late(session, office, journey, task)
    task.state = TaskState.DONE
    task.code, task.flags, task.answers, task.answered_by = ended.code, list(ended.flags), task.answers + 1, officer
    task.draft = None
    await clocks.lapse_rungs(session, office, task)
    journal.write(
        session,
        office,
        journey,
        "task-done",
        officer=officer,
        task=task.id,
        kind=task.kind,
        code=ended.code,
        late=task.late,
        happened=happened_at,
        on_behalf=task.on_behalf_of is not None,
    )
    await outbox.answer(session, task, held, generation)


async def close_unanswered(
    session: AsyncSession,
    office: Office,
    journey: Journey,
    task: Task,
    state: TaskState,
    officer: str | None,
    *,
    reason: str = "",
    said: str = "",
) -> None:
    """End a live task without an answer: waived, declined or withdrawn, with who and why: a code, or as somebody said it.

    Whoever held it, or answered for it, is told.
    """
    held, generation = task.state, task.generation
    await stop_clock(session, office, journey, task)
    task.state, task.ended_at, task.draft = state, office.now(), None
    await clocks.lapse_rungs(session, office, task)
    journal.write(
        session, office, journey, f"task-{state.value}", officer=officer, task=task.id, kind=task.kind, reason=reason,
        said=said,
    )  # fmt: skip
    for organisation in sorted({task.organisation_id, task.answerable_id or task.organisation_id}):
        notify(session, office, journey, organisation, f"task-{state.value}", task=task.id)
    await outbox.wake(session, task, held, generation)


def close_journey(session: AsyncSession, office: Office, journey: Journey, reason: str) -> None:
    """The journey is over; a second call changes nothing."""
    if journey.state is not JourneyState.CLOSED:
        journey.state, journey.closed_at, journey.closing_reason = JourneyState.CLOSED, office.now(), reason
        journal.write(session, office, journey, "journey-closed", reason=reason)
