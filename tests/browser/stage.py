"""What stands before the pages are looked at: journeys in several states, so that no list is empty for everybody."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import httpx

from activities.security.sign_in_file import read_sign_ins
from deploy.local.supervisor import Stack
from deploy.rehearsal.desk import Desk, sign_in
from tests.build.pages import form
from tests.pages.test_importing import AT as SHEETS
from tests.pages.test_importing import SOUND, chosen, filled, sent
from tests.pages.test_starting import CAME, PAPER, WISHES
from tests.pages.test_starting import send as step

ROLES = (
    "commune-tri-an.officer", "medical-centre.officer", "labour-division.coordinator", "district-police.officer",
    "labour-division.head", "district.supervisor", "administrator",
)  # fmt: skip
PATIENCE = 100  # looks, a third of a second each


async def set_stage(stack: Stack) -> None:
    """A child in danger and a grown person, each reported; one task taken on, one returned, one answered; a sheet looked over; a draft begun."""
    first, second = await report(stack, danger=True), await report(stack, child=False)
    await send_back(stack, first)
    async with httpx.AsyncClient(base_url=stack.api_url, timeout=60) as client:
        doctor = await _desk(client, stack, "medical-centre.officer")
        taken, answered = await _task(doctor, first), await _task(doctor, second)
        await doctor.act(f"/tasks/{taken['id']}/claim", revision=taken["revision"])
        answer = {"outcome": {"took_place": True}, "happened_at": f"{datetime(2024, 3, 4, 2, tzinfo=UTC):%FT%TZ}"}
        await doctor.act(f"/tasks/{answered['id']}/outcome", answer, revision=answered["revision"])
        again = {"took_place": True, "next_visit": "2024-04-15"}
        made = await doctor.act(
            f"/tasks/{answered['id']}/corrections", {"outcome": again, "reason": "còn hẹn khám lại"}
        )
        assert "proposed" == made["state"], made
    await look_over_a_sheet(stack)


async def look_over_a_sheet(stack: Stack) -> None:
    """The coordinator sends a sheet of people: one row fits, one does not, one person may be known already."""
    known = SOUND | {"row_key": "Sổ 2023/02"}
    wrong = {"row_key": "Sổ 2023/03", "happened_day": "31/02/2024", "commune": "Nowhere"}
    async with httpx.AsyncClient(base_url=stack.api_url, follow_redirects=True, timeout=60) as client:
        username = "labour-division.coordinator"
        await client.post("/sign-in", data={"username": username, "password": read_sign_ins(stack.sign_ins)[username]})
        empty = (await client.get(f"{SHEETS}/template.xlsx")).content
        first = await sent(client, filled(empty, SOUND))
        await client.post(f"{first.url.path}/open", data=chosen(first))
        fits = SOUND | {"row_key": "Sổ 2023/04", "full_name": "Trần Thị Thử Bảng", "id_number": "075201000222"}
        second = await sent(client, filled(empty, fits, known, wrong))
        assert second.is_success, second.text
        await begin_a_journey(client)


async def begin_a_journey(coordinator: httpx.AsyncClient) -> None:
    """A draft left at its last step, one task of it answered from a paper."""
    begun = form((await coordinator.get("/journeys/start")).text, "/journeys/start")
    at = (await coordinator.post("/journeys/start", data=begun)).url.path.removesuffix("/person")
    await step(coordinator, f"{at}/person", {"full_name": "Lý Thị Thử Dở Dang"}, "other")
    await step(coordinator, f"{at}/came", CAME)
    await step(coordinator, f"{at}/wishes", WISHES)
    await step(coordinator, f"{at}/done", {"kind": "check_information"}, "enter")
    await step(coordinator, f"{at}/done/check_information", PAPER)
    last = await step(coordinator, f"{at}/done", {})
    assert f"{at}/check" == last.url.path, last.text


async def report(
    stack: Stack, *, child: bool = True, danger: bool = False, happened_at: str = "2024-03-04T01:00:00Z"
) -> str:
    """The commune reports a person over the interface; the reference of the journey."""
    async with httpx.AsyncClient(base_url=stack.api_url, timeout=60) as client:
        commune = await _desk(client, stack, "commune-tri-an.officer")
        about = {"commune": "tri-an", "happened_at": happened_at, "way_of_return": "self_returned"}
        return str((await commune.act("/reports", about | {"child": child, "danger": danger}))["reference"])


async def send_back(stack: Stack, reference: str) -> None:
    """The police return their task of this journey: they were told too little."""
    async with httpx.AsyncClient(base_url=stack.api_url, timeout=60) as client:
        police = await _desk(client, stack, "district-police.officer")
        task = await _task(police, reference)
        await police.act(f"/tasks/{task['id']}/return", {"reason": "missing_facts"}, revision=task["revision"])


async def _desk(client: httpx.AsyncClient, stack: Stack, username: str) -> Desk:
    return await sign_in(client, username, read_sign_ins(stack.sign_ins)[username], Counter())


async def _task(desk: Desk, reference: str) -> dict[str, Any]:
    """The agency's first task of this journey, once it is there."""
    for _ in range(PATIENCE):
        cursor: str | None = ""
        while cursor is not None:
            page = await desk.read(f"/tasks?box=agency&cursor={cursor}")
            for each in page["items"]:
                if each["journey"]["reference"] == reference:
                    return dict(each)
            cursor = page["next"] or None
        await asyncio.sleep(0.3)
    raise AssertionError(f"{desk.username} has no task of {reference}")
