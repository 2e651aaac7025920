"""What stands before the pages are looked at: journeys in several states, so that no list is empty for everybody."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import httpx

from deploy.local.supervisor import Stack
from deploy.rehearsal.desk import Desk, sign_in
from tests.browser.seats import password_of

ROLES = (
    "commune-tri-an.officer", "medical-centre.officer", "labour-division.coordinator", "district-police.officer",
    "labour-division.head", "district.supervisor", "administrator",
)  # fmt: skip
PATIENCE = 100  # looks, a third of a second each


async def set_stage(stack: Stack) -> None:
    """A child in danger and a grown person, each reported; one task taken on, one returned, one answered."""
    async with httpx.AsyncClient(base_url=stack.api_url, timeout=60) as client:
        commune, doctor, police = [
            await _desk(client, stack, f"{name}.officer")
            for name in ("commune-tri-an", "medical-centre", "district-police")
        ]
        for about in ({"child": True, "danger": True}, {"child": False}):
            body: dict[str, Any] = {
                "commune": "tri-an",
                "happened_at": "2024-03-04T01:00:00Z",
                "way_of_return": "self_returned",
            }
            await commune.act("/reports", body | about)
        first, second = await _tasks(doctor, 2)
        await doctor.act(f"/tasks/{first['id']}/claim", revision=first["revision"])
        answer = {"outcome": {"took_place": True}, "happened_at": f"{datetime(2024, 3, 4, 2, tzinfo=UTC):%FT%TZ}"}
        await doctor.act(f"/tasks/{second['id']}/outcome", answer, revision=second["revision"])
        [records, *_] = await _tasks(police, 1)
        await police.act(f"/tasks/{records['id']}/return", {"reason": "missing_facts"}, revision=records["revision"])


async def report(stack: Stack) -> str:
    """The commune reports a child over the interface; the reference of the journey."""
    async with httpx.AsyncClient(base_url=stack.api_url, timeout=60) as client:
        commune = await _desk(client, stack, "commune-tri-an.officer")
        about = {"commune": "tri-an", "happened_at": "2024-03-04T01:00:00Z", "way_of_return": "self_returned"}
        return str((await commune.act("/reports", about | {"child": True}))["reference"])


async def send_back(stack: Stack, reference: str) -> None:
    """The police return their task of this journey: they were told too little."""
    async with httpx.AsyncClient(base_url=stack.api_url, timeout=60) as client:
        police = await _desk(client, stack, "district-police.officer")
        [task] = await _tasks(police, 1, reference)
        await police.act(f"/tasks/{task['id']}/return", {"reason": "missing_facts"}, revision=task["revision"])


async def _desk(client: httpx.AsyncClient, stack: Stack, username: str) -> Desk:
    return await sign_in(client, username, password_of(stack, username), Counter())


async def _tasks(desk: Desk, least: int, reference: str = "") -> list[dict[str, Any]]:
    """The tasks of the agency, of one journey where its reference is named, once so many are there."""
    for _ in range(PATIENCE):
        listed: list[dict[str, Any]] = (await desk.read("/tasks?box=agency"))["items"]
        found = [each for each in listed if reference in ("", each["journey"]["reference"])]
        if len(found) >= least:
            return found
        await asyncio.sleep(0.3)
    raise AssertionError(f"{desk.username} has fewer than {least} tasks")
