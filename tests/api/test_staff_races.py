"""Somebody leaves at the very moment they take something on: the task is never left in the hands of who is gone."""

import asyncio

import httpx
import pytest
from sqlalchemy import select, text

from activities.casework.context import Office
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.organisations import Officer
from activities.store.tasks import Task
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.officers import newcomer

__all__ = ("reported",)
ROUNDS = 15


@pytest.fixture
async def keeper(sign_in: SignIn) -> httpx.AsyncClient:
    """The administrator."""
    return await sign_in("administrator")


async def test_a_claim_meets_a_deactivation(
    keeper: httpx.AsyncClient, sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Whoever is first: the task goes on to the queue, or the claim is refused; both happen, and nothing hangs."""
    task, seen = await opened(sessions, office, reported, "examine_health"), set[int]()
    await newcomer(sessions, "tam.clinic", "medical-centre")
    for _ in range(ROUNDS):
        leaver = await sign_in("tam.clinic")
        claim = leaver.post(f"/tasks/{task}/claim", headers={"If-Match": '"1"'})
        leave = keeper.post("/officers/tam.clinic/deactivate", json={})
        claimed, left = await asyncio.gather(claim, leave)
        assert 200 == left.status_code
        assert claimed.status_code in (200, 401)
        seen.add(claimed.status_code)
        async with sessions() as session:
            assert (await session.get_one(Task, task)).officer_id is None
        assert 200 == (await keeper.post("/officers/tam.clinic/activate")).status_code
    assert seen


async def test_an_act_on_staff_gives_up_where_somebody_works_on_and_on(
    keeper: httpx.AsyncClient, sessions: Sessions
) -> None:
    """It says so after a while, and nothing was done."""
    await newcomer(sessions, "tam.clinic", "medical-centre")
    async with sessions.begin() as session:
        await session.scalar(text("SELECT attend_office(false)"))
        refused = await keeper.post("/officers/tam.clinic/deactivate", json={})
    assert (409, "office-busy") == (refused.status_code, refused.json()["code"])
    async with sessions() as session:
        assert await session.scalar(select(Officer.active).where(Officer.username == "tam.clinic"))


async def test_a_task_that_opens_where_nobody_is_left_is_told_to_the_coordinator(
    keeper: httpx.AsyncClient, sessions: Sessions, office: Office, reported: str
) -> None:
    """An agency without tasks may lose its last officer; the next task it gets does not wait unseen."""
    assert 200 == (await keeper.post("/officers/medical-centre.officer/deactivate", json={})).status_code
    task = await opened(sessions, office, reported, "examine_health")
    async with sessions() as session:
        told = select(Notice.audience).where(Notice.code == "task-without-officer", Notice.task_id == task)
        assert ["coordinator"] == list(await session.scalars(told))
