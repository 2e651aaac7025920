"""A task's clock in its row: due date from start, budget, extensions and pauses; rungs; the open generation's deadline."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.domain.ids import new_id
from activities.domain.messages import Turn
from activities.domain.states import TaskState
from activities.plan.deadlines import Budget, Pause, due, parse_budget
from activities.plan.ladder import OwedRung, owed
from activities.plan.model import Kind, Plan
from activities.store.tasks import Extension, PauseRow, Rung, Task

OWE = text(  # the same statement for every ladder, however long: prepared once
    'INSERT INTO rung (id, task_id, code, "to", merged, owed_at) SELECT id, :task, code, "to", merged, owed_at'
    ' FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS each(id text, code text, "to" text, merged jsonb, owed_at timestamptz)'
)
UNSEEN = {"synchronize_session": False}  # nobody looks at the rows a session has read already


Ledger: TypeAlias = tuple[list[Pause], list[Budget]]


async def ledger(session: AsyncSession, task_id: str) -> Ledger:
    """The pauses (an open one runs to None) and extensions of a task, oldest first."""
    pauses = await session.scalars(select(PauseRow).where(PauseRow.task_id == task_id).order_by(PauseRow.since))
    extensions = await session.scalars(select(Extension).where(Extension.task_id == task_id).order_by(Extension.at))
    return ledger_of(pauses, extensions)


def ledger_of(pauses: Iterable[PauseRow], extensions: Iterable[Extension]) -> Ledger:
    """The same out of a task's rows, each oldest first."""
    return [Pause(each.since, each.until) for each in pauses], [parse_budget(each.budget) for each in extensions]


def due_of(
    office: Office, start: datetime, budget: Budget, pauses: Sequence[Pause] = (), extensions: Sequence[Budget] = ()
) -> datetime | None:
    """The due date, stretched where a fast clock would leave no time at all; None while a pause runs."""
    at = due(start, budget, office.calendar, extensions, pauses)
    return None if at is None else office.clock.stretched(start, at)


def budget_of(kind: Kind) -> Budget:
    """The kind's budget; the loader sees to it that every kind has one."""
    if kind.clock.budget is None:
        raise LookupError(f"kind {kind.code} has no clock")
    return kind.clock.budget


async def add_rungs(
    session: AsyncSession, office: Office, plan: Plan, kind: Kind, task: Task, fired: frozenset[str] = frozenset()
) -> datetime | None:
    """Write the rungs the task owes from its present clock, but for those that fired already, alone or with another.

    The soonest of them. One statement for all of them: the task's own row must be there.
    """
    ladder = _ladder(office, plan, kind, task, fired)
    if not ladder:
        return None
    await session.flush()
    rows = [
        {"id": new_id("rung"), "code": each.code, "to": each.to, "merged": list(each.merged), "owed_at": each.at.isoformat()}
        for each in ladder
    ]  # fmt: skip
    await session.execute(OWE, {"task": task.id, "rows": json.dumps(rows)})
    return min(each.at for each in ladder)


def _ladder(office: Office, plan: Plan, kind: Kind, task: Task, fired: frozenset[str]) -> tuple[OwedRung, ...]:
    reply = task.reply_due_at if task.claimed_at is None else None  # a task taken on has had its reply
    rules = [rule for rule in plan.rungs(kind) if rule.code not in fired]
    return owed(rules, task.start_at, task.due_at, reply, office.calendar, office.clock)


async def lapse_rungs(session: AsyncSession, office: Office, task: Task, *, codes: Sequence[str] = ()) -> None:
    """Nobody is owed these rungs any more (all of the task's, or those of `codes`)."""
    owed_ones = update(Rung).where(Rung.task_id == task.id, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None))
    if codes:
        owed_ones = owed_ones.where(Rung.code.in_(codes))
    await session.execute(owed_ones.values(lapsed_at=office.now()), execution_options=UNSEEN)


async def set_again(session: AsyncSession, office: Office, plan: Plan, task: Task) -> None:
    """Compute due, deadline and rungs anew after an extension or a resumption; the overdue mark stays."""
    kind, now = plan.kind(task.kind), office.now()
    await reckon(session, office, kind, task)
    task.deadline_at = task.due_at if task.due_at > now or task.overdue_at is None else grace(office, kind, now)
    await climb_again(session, office, plan, task)


async def reckon(session: AsyncSession, office: Office, kind: Kind, task: Task) -> None:
    """Compute the due date anew from start, budget, extensions and pauses; it stays while a pause runs."""
    pauses, extensions = await ledger(session, task.id)
    task.due_at = due_of(office, task.start_at, budget_of(kind), pauses, extensions) or task.due_at


async def climb_again(session: AsyncSession, office: Office, plan: Plan, task: Task) -> None:
    """Owe the ladder anew from the present clock; a rung that fired, alone or with another, stays fired."""
    kind = plan.kind(task.kind)
    gone, _ = await _climbed(session, plan, kind, task)
    await lapse_rungs(session, office, task, codes=[rule.code for rule in plan.rungs(kind)])
    await add_rungs(session, office, plan, kind, task, gone)


async def climbs_otherwise(session: AsyncSession, office: Office, plan: Plan, task: Task) -> bool:
    """Whether the ladder from the present clock has other rungs, or at other times, than those still owed."""
    kind = plan.kind(task.kind)
    gone, still = await _climbed(session, plan, kind, task)
    return still != {(each.code, each.at, each.merged) for each in _ladder(office, plan, kind, task, gone)}


async def _climbed(
    session: AsyncSession, plan: Plan, kind: Kind, task: Task
) -> tuple[frozenset[str], set[tuple[str, datetime, tuple[str, ...]]]]:
    """Codes of the ladder's rungs that fired, alone or with another; and those still owed, each with its time."""
    await session.flush()
    codes = [rule.code for rule in plan.rungs(kind)]
    live = select(Rung).where(Rung.task_id == task.id, Rung.code.in_(codes), Rung.lapsed_at.is_(None))
    rows = list(await session.scalars(live))
    fired = frozenset(code for row in rows if row.fired_at for code in (row.code, *row.merged))
    return fired, {(row.code, row.owed_at, tuple(row.merged)) for row in rows if row.fired_at is None}


async def end_pause(session: AsyncSession, office: Office, task: Task) -> None:
    """Close the running pause in the ledger."""
    running = update(PauseRow).where(PauseRow.task_id == task.id, PauseRow.until.is_(None))
    await session.execute(running.values(until=office.now()))
    task.paused_until = None


def grace(office: Office, kind: Kind, now: datetime) -> datetime:
    """The next generation's deadline after a deadline passed: late work still counts."""
    at = due(now, kind.grace, office.calendar)
    return office.clock.stretched(now, at) if at else now


async def turn_of(session: AsyncSession, office: Office, task: Task) -> Turn:
    """What the story gets told of the row, in real seconds from now."""
    if task.state.final:
        return turn_until(office, task, None)
    await session.flush()
    rung = await session.scalar(
        select(Rung.owed_at)
        .where(Rung.task_id == task.id, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None))
        .order_by(Rung.owed_at)
        .limit(1)
    )
    return turn_until(office, task, rung)


def turn_until(office: Office, task: Task, rung: datetime | None) -> Turn:
    """The same, where it is known when the next rung is owed."""
    if task.state.final:
        return Turn(state=task.state, generation=task.generation, code=task.code, flags=tuple(task.flags))
    paused = task.state is TaskState.PAUSED
    moments = [at for at in (rung, task.paused_until if paused else None) if at is not None]
    wake = max(office.clock.real_seconds_until(min(moments)), 1.0) if moments else None
    left = 0.0 if paused else max(office.clock.real_seconds_until(task.deadline_at), 1.0)
    return Turn(state=task.state, generation=task.generation, left=left, wake=wake)
