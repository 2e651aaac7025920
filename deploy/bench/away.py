"""Answers while Temporal is away: how many are taken a second, over an endpoint that does the same writes and nothing else."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx
import psutil

from deploy.bench.bare import CALLER
from deploy.bench.journeys import answer_of
from deploy.bench.measure import Budget, Processor, Spread
from deploy.bench.place import Place
from deploy.bench.standing import Standing, open_tasks
from deploy.local.children import ROOT
from deploy.local.errors import StackError
from deploy.local.ports import free_port

CLIENTS = 8
Each = TypeVar("Each")
PATIENCE = 30.0  # seconds the bare endpoint has to come up


async def away(place: Place, size: int, repeats: int) -> Budget:
    """Answers a second, eight clients; the server of Temporal stands still meanwhile and answers nobody."""
    tasks = await open_tasks(place, size * repeats)
    desks = {each.agency: await place.desk(f"{each.agency}.officer") for each in tasks}
    server = psutil.Process(place.stack.pids["temporal"])
    ours, bare = list[float](), list[float]()

    async def answer(each: Standing) -> None:
        await desks[each.agency].act(f"/tasks/{each.task}/outcome", answer_of(each.kind), revision=1)

    async with _bare(place) as floor:
        server.suspend()
        try:
            processor = Processor(place.stack.pids)
            for number in range(repeats):
                rows = [(await floor.post("/rows")).json()["id"] for _ in range(size)]
                bare.append(await _rate(rows, lambda row: _answered(floor, row)))
                ours.append(await _rate(tasks[number * size : (number + 1) * size], answer))
            used = processor.used()
        finally:
            server.resume()
    return Budget(
        "away", "answers/s", Spread(tuple(ours)), 0.6, "at least", Spread(tuple(bare)),
        {"clients": CLIENTS, "answers": size, "processor_s": used},
    )  # fmt: skip


async def _answered(floor: httpx.AsyncClient, row: str) -> None:
    (await floor.post(f"/rows/{row}", json={"result": "done"})).raise_for_status()


async def _rate(each: Sequence[Each], act: Callable[[Each], Awaitable[None]]) -> float:
    """Acts a second of all clients together."""
    left, begun = iter(each), time.perf_counter()

    async def client() -> None:
        for one in left:
            await act(one)

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return len(each) / (time.perf_counter() - begun)


@asynccontextmanager
async def _bare(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """The bare endpoint in a process of its own, and a client of it."""
    port = free_port()
    environ = os.environ | {"HOMEWARD_DATABASE__URL": place.stack.database_url}
    command = (sys.executable, "-m", "deploy.bench.bare", str(port))
    process = await asyncio.create_subprocess_exec(*command, env=environ, cwd=ROOT)
    headers = {"Authorization": f"Bearer {CALLER}"}
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as client:
            await _up(client)
            yield client
    finally:
        process.terminate()
        await process.wait()


async def _up(client: httpx.AsyncClient) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            await client.post("/rows")
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            return
    raise StackError("bench-floor-not-up", "the bare endpoint did not answer within 30 s: measure again")
