"""Journeys that stand: opened over HTTP, their first tasks in the agencies' inboxes, nobody answering yet."""

import asyncio
import itertools
from dataclasses import dataclass
from functools import partial

from sqlalchemy import exists, func, select

from activities.domain.states import TaskState
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.outbox import Command
from activities.store.tasks import Task
from deploy.bench.journeys import report
from deploy.bench.place import Place
from deploy.local.waiting import until

LOOK = 0.2  # seconds between two looks
CLIENTS = 8


@dataclass(frozen=True)
class Standing:
    """An open task and the code of the agency that holds it."""

    task: str
    kind: str
    agency: str


async def open_journeys(place: Place, count: int) -> None:
    """Open so many more, and return when every one of them waits for an agency."""
    coordinator, numbers = await place.desk("labour-division.coordinator"), itertools.count(1)

    async def client() -> None:
        while next(numbers) <= count:
            await coordinator.act("/journeys", report())

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    await until(partial(_settled, place), LOOK)


async def _settled(place: Place) -> bool:
    """Whether no command waits for its relay, and no journey for its first task beside the reception's own."""
    waits = exists().where(Command.state == "pending")
    opened = exists().where(Task.journey_id == Journey.id, Task.state == TaskState.OPEN)
    async with place.sessions() as session:
        return not await session.scalar(select(waits | exists().where(~opened, Journey.closed_at.is_(None))))


async def standing(place: Place, most: int) -> list[Standing]:
    """Open tasks, oldest first."""
    rows = select(Task.id, Task.kind, Organisation.code).join(Organisation, Organisation.id == Task.organisation_id)
    async with place.sessions() as session:
        found = await session.execute(rows.where(Task.state == TaskState.OPEN).order_by(Task.opened_at).limit(most))
        return [Standing(*row) for row in found]


async def open_tasks(place: Place, count: int) -> list[Standing]:
    """So many open tasks, of as many journeys as it takes."""
    while (missing := count - len(await standing(place, count))) > 0:
        each = max(await _tasks_each(place), 1)
        await open_journeys(place, -(-missing // each))
    return await standing(place, count)


async def _tasks_each(place: Place) -> int:
    """How many tasks of an open journey stand open; 0 while there is none."""
    async with place.sessions() as session:
        tasks = await session.scalar(select(func.count()).where(Task.state == TaskState.OPEN)) or 0
        journeys = await session.scalar(select(func.count()).where(Journey.closed_at.is_(None))) or 0
    return int(tasks / journeys) if journeys else 0
