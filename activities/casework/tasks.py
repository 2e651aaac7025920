"""The verbs of an officer on a task. Every change is made under the row's lock; the loser learns who won."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import answers, clocks, journal, outbox
from activities.casework.away import may_take, stands_in
from activities.casework.context import Office
from activities.casework.delegating import hand_back
from activities.casework.ending import finish
from activities.casework.errors import ConflictError, ForbiddenError, InvalidError
from activities.casework.locks import lock_task
from activities.casework.notices import notify
from activities.casework.papers import Paper, checked_paper
from activities.casework.permits import demand, of_task
from activities.casework.requests import settle_open
from activities.casework.returning import returned
from activities.casework.winners import stands, still_answerable
from activities.domain.states import TaskState
from activities.plan.access import Actor, Verb, may
from activities.store.journeys import Journey
from activities.store.tasks import Rung, Task

RETURN_REASONS = ("not_ours", "wrong_place", "missing_facts", "other")


async def _ours(session: AsyncSession, actor: Actor, task_id: str, verb: Verb = Verb.CLAIM) -> tuple[Journey, Task]:
    """The locked rows, where the task is this officer's agency's; NotFoundError otherwise."""
    journey, task = await lock_task(session, task_id)
    demand(actor, verb, of_task(journey, task))
    return journey, task


async def claim(session: AsyncSession, office: Office, actor: Actor, task_id: str, revision: int) -> Task:
    """Take a task on: the reply clock is met. Claiming one's own again changes nothing; a colleague's is refused while they are there."""
    journey, task = await _ours(session, actor, task_id)
    still_answerable(task, revision)
    if task.officer_id == actor.officer_id and task.claimed_at is not None:
        return task
    was = task.officer_id
    if was != actor.officer_id and not await may_take(session, office, task, actor.officer_id):
        raise ConflictError(
            "task-claimed", winner={"state": "claimed", "at": task.claimed_at, "organisation": task.organisation_id}
        )
    task.officer_id, task.claimed_at = actor.officer_id, office.now()
    await _reply_met(session, office, journey, task)
    stood_in = {"was": was} if was not in (None, actor.officer_id) else {}
    if stood_in:
        await outbox.stir(session, task.organisation_id)
    journal.write(
        session, office, journey, "task-claimed", officer=actor.officer_id, task=task.id, kind=task.kind, **stood_in
    )
    return task


async def _reply_met(session: AsyncSession, office: Office, journey: Journey, task: Task) -> None:
    """Nobody is reminded of a missing reply any more; a rung merged with that reminder is owed on its own again."""
    plan = await office.shelf.ensure(session, journey.plan_hash)
    codes = [rule.code for rule in plan.rungs(plan.kind(task.kind)) if rule.of_reply]
    owed = select(Rung.code, Rung.merged).where(
        Rung.task_id == task.id, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None)
    )
    met = [row for row in await session.execute(owed) if {row.code, *row.merged} & set(codes)]
    if any(row.merged for row in met):
        await clocks.climb_again(session, office, plan, task)
    elif met:
        await clocks.lapse_rungs(session, office, task, codes=codes)


async def release(session: AsyncSession, office: Office, actor: Actor, task_id: str, revision: int) -> Task:
    """Put a claimed task back for the agency: its missing reply counts again, where no reminder of it went out."""
    journey, task = await _ours(session, actor, task_id)
    still_answerable(task, revision)
    if task.officer_id != actor.officer_id and not await stands_in(session, office, task, actor.officer_id):
        raise ConflictError("task-not-claimed-by-you", winner=stands(task))
    task.officer_id, task.claimed_at = None, None
    if task.state is not TaskState.PAUSED:
        await clocks.climb_again(session, office, await office.shelf.ensure(session, journey.plan_hash), task)
    journal.write(session, office, journey, "task-released", officer=actor.officer_id, task=task.id, kind=task.kind)
    return task


async def give_back(
    session: AsyncSession, office: Office, actor: Actor, task_id: str, revision: int, reason: str, note: str = ""
) -> Task:
    """Return a task with a reason: the legal clock runs on, and the coordinator's reply clock starts.

    What was handed down goes back to the agency that answers for it, not to the coordinator.
    """
    journey, task = await _ours(session, actor, task_id)
    still_answerable(task, revision)
    if reason not in RETURN_REASONS:
        raise InvalidError("return-reason-unknown", reasons=list(RETURN_REASONS))
    if task.state is not TaskState.OPEN:
        raise ConflictError("task-not-open", winner=stands(task))
    if task.answerable_id:
        await hand_back(session, office, actor, journey, task, reason, note)
        return task
    answers.keep_note(office, task, note)
    await settle_open(session, office, journey, task, ("extend", "facts", "reassign"), "lapsed", actor.officer_id)
    await returned(session, office, journey, task, reason, actor.officer_id)
    await outbox.send(session, journey.id, "look", task=task.id)
    return task


async def save_draft(
    session: AsyncSession, office: Office, actor: Actor, task_id: str, revision: int, draft: dict[str, Any]
) -> None:
    """Keep what has been typed; nothing is checked but that the task can still be answered."""
    _, task = await _ours(session, actor, task_id)
    still_answerable(task, revision)
    note = (answers.read_draft(office, task) or {}).get(answers.NOTE) if task.state is TaskState.RETURNED else None
    answers.keep_draft(office, task, draft | ({answers.NOTE: note} if note else {}))


async def answerable(
    session: AsyncSession, actor: Actor, task_id: str, revision: int, *, on_behalf: bool
) -> tuple[Journey, Task]:
    """The locked rows, where this officer may answer now and from a form of this revision; else what refuses it, the winner with it."""
    journey, task = await lock_task(session, task_id)
    _may_answer(journey, task, actor, on_behalf=on_behalf)
    still_answerable(task, revision)
    return journey, task


async def submit(
    session: AsyncSession,
    office: Office,
    actor: Actor,
    task_id: str,
    revision: int,
    outcome: dict[str, Any],
    happened_at: datetime,
    on_behalf_of: Paper | None = None,
) -> Task:
    """The agency's answer (or the coordinator's record of its paper): checked, kept, and on its way to the story."""
    journey, task = await answerable(session, actor, task_id, revision, on_behalf=on_behalf_of is not None)
    if happened_at > office.now():
        raise InvalidError("happened-in-future")
    answer = answers.checked(office, task.kind, outcome)
    if on_behalf_of is not None:
        task.on_behalf_of = await checked_paper(session, office, task, on_behalf_of)
    answers.keep(session, office, journey, task, answer)
    task.officer_id = task.officer_id or (None if on_behalf_of else actor.officer_id)
    await finish(session, office, journey, task, answer, happened_at, actor.officer_id)
    if on_behalf_of:
        for organisation in sorted({task.organisation_id, task.answerable_id or task.organisation_id}):
            notify(session, office, journey, organisation, "answered-on-behalf", task=task.id)
    return task


def _may_answer(journey: Journey, task: Task, actor: Actor, *, on_behalf: bool) -> None:
    subject = of_task(journey, task)
    if on_behalf:
        demand(actor, Verb.ANSWER_ON_BEHALF, subject)
    elif task.organisation_id != actor.organisation_id and may(actor, Verb.ANSWER_ON_BEHALF, subject).allowed:
        raise ForbiddenError("on-behalf-needed")
    else:
        demand(actor, Verb.ANSWER, subject)
