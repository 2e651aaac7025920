"""Practice: nothing of the real stack reaches it, one agency waits for people, the others answer by themselves."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.errors import StackError
from deploy.local.ports import free_port
from deploy.rehearsal.practice import environment, parts_of, rounds, stack_of

MINE = "medical-centre"
AWHILE = 3  # real seconds, a day and a half of life: any played agency looks at its inbox four times
REAL = {
    "PATH": "/bin", "HOMEWARD_TEMPORAL_CLI": "/bin/temporal", "HOMEWARD_DATABASE__URL": "postgresql+asyncpg://real/real",
    "HOMEWARD_TEMPORAL_ADDRESS": "real:7233", "HOMEWARD_KEYS__FILE": "real.json", "HOMEWARD_MAIL__HOST": "mail.real",
    "HOMEWARD_WEBHOOK__URL": "https://gateway.real",
}  # fmt: skip


def test_nothing_of_the_real_stack_reaches_a_practice() -> None:
    """No real row, key, story or mailbox: an officer who practises can do no harm."""
    given = environment(REAL, "http://localhost:8090", Path("practice/sign-ins.txt"))
    assert "real" not in " ".join(given.values())
    assert ("/bin", "/bin/temporal") == (given["PATH"], given["HOMEWARD_TEMPORAL_CLI"])
    assert "homeward-practice" == given["HOMEWARD_TEMPORAL__NAMESPACE"]
    assert "practice/sign-ins.txt" == given["HOMEWARD_API__PARTS"]


def test_only_a_part_that_is_in_the_play_can_be_taken(tmp_path: Path) -> None:
    """A slip in the name is told with the names there are; a folder of something else is never emptied."""
    stack = stack_of(tmp_path / "practice", free_port(), 3600, {}, print)
    stack.sign_ins.write_text("medical-centre.officer\ta\nmedical-centre.head\tb\ndistrict.supervisor\tc\n")
    assert {MINE: [(f"{MINE}.officer", "a"), (f"{MINE}.head", "b")]} == parts_of(stack, [MINE])
    with pytest.raises(StackError, match=r"^part-unknown: distrct .* medical-centre with --part$"):
        parts_of(stack, ["distrct"])
    with pytest.raises(StackError, match=r"^part-unknown: medical-centre.nurse is no officer"):
        parts_of(stack, [MINE], "medical-centre.nurse")
    assert [MINE] == list(parts_of(stack, [MINE], f"{MINE}.head"))
    (tmp_path / "kept.txt").write_text("real")
    with pytest.raises(StackError, match=r"^not-a-rehearsal"):
        stack_of(tmp_path, free_port(), 3600, {}, print)


@pytest.mark.chaos
@pytest.mark.timeout(600)
async def test_the_tasks_of_the_part_one_takes_wait_and_the_others_go_on(tmp_path: Path) -> None:
    """One click on the first page, and there is work that nobody else does; the other agencies have done theirs."""
    stack = stack_of(tmp_path / "practice", free_port(), 43_200, os.environ, print)
    async with stack:
        async with httpx.AsyncClient(base_url=f"{stack.api_url}/api/v1", timeout=30) as web:
            first = (await web.get(f"{stack.api_url}/", follow_redirects=True)).text
            assert all(each in first for each in ("<title>TẬP DƯỢT – ", 'class="practice"', f'value="{MINE}.officer"'))
            await web.post(f"{stack.api_url}/parts", data={"username": f"{MINE}.officer"})
            web.headers["Authorization"] = f"Bearer {web.cookies['homeward']}"
            playing = asyncio.create_task(_play(rounds(stack, frozenset(), 7)))
            waiting = await _waiting(web)
            await asyncio.sleep(AWHILE)
            still = {each["id"]: each for each in (await web.get("/tasks", params={"box": "agency"})).json()["items"]}
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing
    for each in waiting:
        assert ("open", None) == (still[each["id"]]["state"], still[each["id"]]["officer_id"])


async def _play(every: Any) -> None:
    async for play in every:
        assert not play.faults


async def _waiting(web: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The agency's tasks, once there are some: they are there because others answered before."""
    while True:
        found: list[dict[str, Any]] = (await web.get("/tasks", params={"box": "agency"})).json()["items"]
        if found:
            return found
        await asyncio.sleep(1)
