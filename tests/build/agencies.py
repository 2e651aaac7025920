"""Agencies that answer: any open task of a journey, by the officer of whoever holds it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.errors import CaseError
from activities.casework.tasks import submit
from activities.domain.states import JourneyState, TaskState
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID

Answers = Mapping[str, dict[str, Any]]


async def answer_open(
    sessions: Sessions, office: Office, journey: str, answers: Answers, silent: frozenset[str] = frozenset()
) -> list[str]:
    """Answer every open task of the journey but those of silent kinds; the kinds answered."""
    async with sessions() as session:
        rows = select(Task, Organisation.code).join(Organisation, Organisation.id == Task.organisation_id)
        waiting = (await session.execute(rows.where(Task.journey_id == journey, Task.state == TaskState.OPEN))).all()
    answered = []
    for task, code in waiting:
        if task.kind in silent:
            continue
        body = dict(answers.get(f"{task.kind}#{task.round}", answers.get(task.kind, VALID[task.kind])))
        try:
            async with sessions.begin() as session:
                await submit(
                    session, office, await actor(session, f"{code}.officer"), task.id, task.revision, body, office.now()
                )
        except CaseError as error:
            if error.code not in ("task-ended", "form-stale"):
                raise
        else:
            answered.append(task.kind)
    return answered


async def until_closed(
    sessions: Sessions,
    office: Office,
    journey: str,
    answers: Answers,
    *,
    silent: frozenset[str] = frozenset(),
    seconds: float = 60,
) -> Journey:
    """Answer until the journey is closed; the closed row."""
    async with asyncio.timeout(seconds):
        while True:
            await answer_open(sessions, office, journey, answers, silent)
            async with sessions() as session:
                row = await session.get_one(Journey, journey)
            if row.state is JourneyState.CLOSED:
                return row
            await asyncio.sleep(0.2)


async def kinds_of(sessions: Sessions, journey: str) -> dict[str, TaskState]:
    """How each kind of the journey stands, by `kind` or `kind#round` above the first."""
    async with sessions() as session:
        rows = await session.scalars(select(Task).where(Task.journey_id == journey))
        return {task.kind if task.round == 1 else f"{task.kind}#{task.round}": task.state for task in rows}
