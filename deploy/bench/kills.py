"""Every process killed under load: what is lost, what is done twice, how soon the work goes on."""

import asyncio
import time
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from activities.domain.states import TaskState
from activities.store.tasks import Task
from deploy.bench import journeys
from deploy.bench.measure import Budget, Spread
from deploy.bench.place import Place
from deploy.local.errors import StackError

IN_TURN = ("worker", "api", "temporal", "postgres", "temporal-postgres")  # those of them the stack has
QUIET = 4.0  # seconds of load before each kill
PATIENCE = 60.0  # seconds until a process that does not come back counts as lost
CLIENTS = 8


async def kill(place: Place, rounds: int, _: int) -> Budget:
    """Seconds from a process's restart to the next task a story opens; the longest of all kills."""
    await journeys.many(place, 1, 1)  # everybody has signed in
    agencies, enough = journeys.Agencies(place), asyncio.Event()
    watching = asyncio.create_task(agencies.watch())

    async def client() -> None:
        while not enough.is_set():
            await journeys.journey(place, agencies)

    took: dict[str, list[float]] = {name: [] for name in IN_TURN if name in place.stack.pids}
    async with asyncio.TaskGroup() as clients:
        for _ in range(CLIENTS):
            clients.create_task(client())
        for _ in range(rounds):
            for name, seconds in took.items():
                await asyncio.sleep(QUIET)
                seconds.append(await _killed(place, name))
        enough.set()
    await journeys.all_closed(place)
    watching.cancel()
    lost, twice = await _account(place, agencies.handed)
    longest = max(max(each) for each in took.values())
    return Budget(
        "kill", "s", Spread((longest,)), 5.0, "at most",
        also={
            "kills": rounds * len(took), "tasks": len(agencies.handed), "lost": lost, "twice": twice,
            "seconds": {name: [round(one, 2) for one in each] for name, each in took.items()},
        },
        holds_also=not (lost or twice),
    )  # fmt: skip


async def _killed(place: Place, name: str) -> float:
    """Kill one process; the seconds from its restart to the next task that opens."""
    before = place.stack.pids[name]
    place.stack.kill(name)
    begun = time.perf_counter()
    while place.stack.pids.get(name, before) == before:
        if time.perf_counter() - begun > PATIENCE:
            raise StackError("bench-not-back", f"{name} did not come back after it was killed: see {name}.log")
        await asyncio.sleep(0.02)
    back, opened = time.perf_counter(), place.office.now()
    while time.perf_counter() - back < PATIENCE:
        with suppress(OSError, DBAPIError):
            async with place.sessions() as session:
                if await session.scalar(select(Task.id).where(Task.opened_at > opened).limit(1)):
                    break
        await asyncio.sleep(0.05)
    return time.perf_counter() - back


async def _account(place: Place, handed: set[str]) -> tuple[int, int]:
    """Of the tasks the agencies answered: those whose answer is not there, and those answered more than once."""
    async with place.sessions() as session:
        done = select(Task.answers).where(Task.id.in_(handed), Task.state == TaskState.DONE)
        answers = (await session.scalars(done)).all()
    return len(handed) - len(answers), sum(each > 1 for each in answers)
