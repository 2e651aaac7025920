"""What an act would do to a task: it is carried out, looked at and undone, so that nothing foreseen differs from what happens."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks
from activities.casework.context import Office
from activities.casework.decisions import NEEDS
from activities.casework.locks import lock_task
from activities.casework.permits import of_task
from activities.domain.states import DecisionKind, TaskState
from activities.domain.text import Text
from activities.plan.access import Actor, RefusedError, Verb, may
from activities.plan.deadlines import Budget, Pause, explain
from activities.plan.model import Kind
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Task

STATUTORY = frozenset({DecisionKind.EXTEND, DecisionKind.PAUSE})  # moved on a cited ground only


@dataclass(frozen=True)
class Foreseen:
    """How a task would stand. `due`: where it is paused, the date if its clock goes on on the day of review.

    `off`, `paused`: days the count passes over; `known` is False where the list of holidays ends before that.
    """

    state: TaskState
    organisation: Text
    was_due: datetime
    due: datetime
    until: datetime | None
    start: datetime
    budget: Budget
    extensions: tuple[Budget, ...]
    off: tuple[date, ...]
    paused: tuple[date, ...]
    known: bool


async def foreseen(
    session: AsyncSession, office: Office, task_id: str, act: Callable[[], Awaitable[object]]
) -> Foreseen:
    """The task as `act` would leave it; what refuses the act refuses its foresight."""
    _, task = await lock_task(session, task_id)
    was = task.due_at
    async with session.begin_nested() as trial:
        await act()
        await session.flush()
        found = await _standing(session, office, task_id, was)
        await trial.rollback()
    return found


async def _standing(session: AsyncSession, office: Office, task_id: str, was: datetime) -> Foreseen:
    journey, task = await lock_task(session, task_id)
    plan = await office.shelf.ensure(session, journey.plan_hash)
    budget = clocks.budget_of(plan.kind(task.kind))
    pauses, extensions = await clocks.ledger(session, task.id)
    if task.paused_until is not None:
        pauses = [each if each.to else Pause(each.from_, task.paused_until) for each in pauses]
    due = clocks.due_of(office, task.start_at, budget, pauses, extensions)
    holder = await session.get_one(Organisation, task.organisation_id)
    counted = explain(task.start_at, budget, office.calendar, extensions, pauses)
    return Foreseen(
        state=task.state,
        organisation=Text(vi=holder.name_vi, en=holder.name_en),
        was_due=was,
        due=due or task.due_at,
        until=task.paused_until,
        start=task.start_at,
        budget=budget,
        extensions=tuple(extensions),
        off=counted.off,
        paused=counted.paused,
        known=counted.calendar_known,
    )


def hindrance(actor: Actor, journey: Journey, task: Task, kind: Kind, decision: DecisionKind) -> str:
    """Why this actor cannot make this decision now, as the code of the refusal; empty where nothing is in the way."""
    answer = may(actor, Verb.DECIDE, of_task(journey, task), decision=decision)
    if isinstance(answer, RefusedError):
        return answer.code
    needed = NEEDS.get(decision, task.state)
    if task.state is not needed:
        return f"task-not-{needed.value}"
    barred = decision is DecisionKind.WAIVE or (decision in STATUTORY and not kind.grounds)
    return "no-statutory-ground" if kind.clock.statutory and barred else ""
