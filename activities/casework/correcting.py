"""A correction takes effect: forward repair, never a rewritten history."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import answers, clocks, journal, learning, outbox, statistics_facts
from activities.casework.context import Office
from activities.casework.effects import Effect, ask_anew
from activities.casework.ending import judge_late, stop_clock
from activities.casework.news import tell_anew
from activities.casework.notices import notify
from activities.domain.outcomes import Outcome
from activities.domain.states import JourneyState, TaskState
from activities.plan.access import BLIND
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.corrections import Correction
from activities.store.journeys import Journey
from activities.store.tasks import Task


def said(office: Office, row: Correction) -> dict[str, Any]:
    """Both values, the reason, the fact's time before and after, and once refused why (`answer`)."""
    words: dict[str, Any] = json.loads(open_with_ring(office.keyring, f"{row.id}/said", row.sealed))
    return words


def sealed(office: Office, correction_id: str, words: dict[str, Any]) -> bytes:
    """These words as they are kept."""
    return seal_with_ring(office.keyring, f"{correction_id}/said", json.dumps(words).encode())


ENDED = bindparam("answered_at", type_=DateTime(timezone=True))
RELYING = select(Task).where(
    Task.journey_id == bindparam("journey"),
    or_(Task.opened_at >= ENDED, Task.ended_at.is_(None), Task.ended_at >= ENDED),
    Task.id != bindparam("answered"),
)
"""Tasks that went on, or opened, once an answer was given: they may rest on it."""


def on(task: Task) -> dict[str, object]:
    """What RELYING is asked with for the answer to a task."""
    return {"journey": task.journey_id, "answered": task.id, "answered_at": task.ended_at}


def who_relied(task: Task, later: Iterable[Task]) -> dict[str, Task]:
    """The agencies behind these, each by the last of its tasks, and who answers for them; who confirms funds knows no case."""
    heard = [each for each in later if each.kind not in BLIND]
    last = {who: each for each in heard for who in (each.answerable_id, each.organisation_id) if who}
    return {who: each for who, each in last.items() if who != task.organisation_id}


def answering(task: Task) -> set[str]:
    """The agency of a task, and the one that handed it down and answers for it."""
    return {task.organisation_id, task.answerable_id or task.organisation_id}


def chooses(task: Task, outcome: Outcome, fields: Collection[str]) -> bool:
    """What differs chose a branch, or opened one to the person, whether or not anything hangs on it now."""
    ended = outcome.ended()
    turned = (ended.code, sorted(ended.flags)) != (task.code, sorted(task.flags))
    return turned or not learning.ENTITLING.isdisjoint(fields)


def proposed(office: Office, task: Task, row: Correction) -> tuple[Outcome, datetime]:
    """The outcome and the fact's time as they should be."""
    words = said(office, row)
    return answers.checked(office, task.kind, words["new"]), datetime.fromisoformat(words["happened_at"])


async def apply(
    session: AsyncSession, office: Office, journey: Journey, task: Task, row: Correction, effect: Effect, officer: str
) -> None:
    """The row holds the right value, the correction the old one; the story hears of it where its way changes."""
    outcome, happened_at = proposed(office, task, row)
    before, ended = task.code, outcome.ended()
    answers.write(office, task, outcome)
    await learning.learn_anew(session, journey, task)
    await statistics_facts.write_anew(session, office, task, outcome)
    task.code, task.flags, task.happened_at = ended.code, list(ended.flags), happened_at
    judge_late(session, office, journey, task)
    row.state, row.decided_at = "applied", office.now()
    journal.write(
        session, office, journey, "task-corrected", officer=officer, task=task.id, kind=task.kind, correction=row.id,
        fields=row.fields, before=before, code=ended.code,
    )  # fmt: skip
    relied = list(await session.scalars(RELYING.order_by(Task.id).with_for_update(), on(task)))
    await _withdraw(session, office, journey, [each for each in relied if each.id in effect.withdrawn], row)
    for each in relied:
        if each.id in effect.recomputed:
            await _set_again(session, office, journey, each, happened_at)
    _tell_who_answered(session, office, journey, task, row)
    _tell_who_relied(session, office, journey, task, relied)
    if effect.withdrawn or effect.opened:
        await tell_anew(session, journey)


async def _withdraw(
    session: AsyncSession, office: Office, journey: Journey, tasks: list[Task], row: Correction
) -> None:
    """Tasks of the way that was wrong: ended in their rows at once; the story leaves them when it hears."""
    ask_anew(journey, tasks)
    for task in tasks:
        await stop_clock(session, office, journey, task)
        task.state, task.ended_at, task.superseded = TaskState.WITHDRAWN, office.now(), True
        await clocks.lapse_rungs(session, office, task)
        notify(session, office, journey, task.organisation_id, "task-withdrawn", task=task.id)
        journal.write(
            session,
            office,
            journey,
            "task-withdrawn",
            task=task.id,
            kind=task.kind,
            reason="corrected",
            correction=row.id,
        )


async def _set_again(session: AsyncSession, office: Office, journey: Journey, task: Task, start: datetime) -> None:
    """A clock that starts with the fact starts at its right time; the mark of lateness already there stays."""
    held, generation = task.state, task.generation
    task.start_at = start
    if held is TaskState.PAUSED:
        return  # its due date is computed when the pause ends
    task.generation += 1
    await session.flush()
    await clocks.set_again(session, office, await office.shelf.ensure(session, journey.plan_hash), task)
    journal.write(session, office, journey, "task-recomputed", task=task.id, kind=task.kind, due=task.due_at)
    await outbox.wake(session, task, held, generation)


def _tell_who_answered(session: AsyncSession, office: Office, journey: Journey, task: Task, row: Correction) -> None:
    """Those whose answer it is, where somebody else asked; what was entered from their paper may be objected to anew."""
    own = answering(task)
    if task.on_behalf_of is not None and row.organisation_id not in own:
        task.entered_at = office.now()
    for organisation in sorted(own - {row.organisation_id}):
        notify(session, office, journey, organisation, "task-corrected", task=task.id)


def _tell_who_relied(session: AsyncSession, office: Office, journey: Journey, task: Task, later: list[Task]) -> None:
    """Everybody who worked after the wrong answer, each once."""
    if journey.state is JourneyState.CLOSED and not later:
        return
    for organisation, each in who_relied(task, later).items():
        notify(session, office, journey, organisation, "relied-on-corrected", task=each.id)
    if task.organisation_id != journey.lead_id:
        notify(session, office, journey, journey.lead_id, "task-corrected", task=task.id, audience="coordinator")
