"""An agency that has gone silent is on the board before anything it holds is late."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.casework.context import Office
from activities.casework.tasks import claim
from activities.settings import Settings
from activities.store.engine import Sessions
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from api.app import create_app
from tests.api.conftest import SignIn
from tests.build.officers import PASSWORD, actor
from tests.build.statements import statements
from tests.casework.test_races import opened
from tests.casework.times import at, local, opened_kind

MONDAY = local(2024, 3, 4, 9)


async def board(settings: Settings, sessions: Sessions, office: Office, username: str = "district.supervisor") -> Any:
    """The board as somebody reads it at the office's moment."""
    app = httpx.ASGITransport(create_app(settings, office, sessions))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test/api/v1") as client:
        token = (await client.post("/sessions", json={"username": username, "password": PASSWORD})).json()["token"]
        return (await client.get("/board", headers={"Authorization": f"Bearer {token}"})).json()


async def silent(
    settings: Settings, sessions: Sessions, office: Office, username: str = "district.supervisor"
) -> list[str]:
    """Codes of the agencies that are silent, as somebody sees them at a moment."""
    return [each["organisation"]["code"] for each in (await board(settings, sessions, office, username))["silent"]]


@pytest.fixture
async def task(sessions: Sessions, office: Office) -> str:
    """A task of Justice, due in a month; nobody else but Labour holds one."""
    monday = at(office, MONDAY)
    journey = (await opened(sessions, monday)).journey
    own = (await opened_kind(sessions, monday, "inform_of_rights", journey)).task
    async with sessions.begin() as session:
        due = update(Task).where(Task.id == own).values(due_at=MONDAY + timedelta(days=30))
        await session.execute(due)
    return own


async def heard(sessions: Sessions, code: str) -> None:
    """Somebody of an organisation signed in on that Monday."""
    async with sessions.begin() as session:
        own = update(Organisation).where(Organisation.code == code)
        await session.execute(own.values(heard_at=MONDAY))


async def test_who_never_signed_in_is_silent_from_the_first_task(
    settings: Settings, sessions: Sessions, office: Office, task: str
) -> None:
    """Nobody is there to see the task: that shows on the same day, and nothing is overdue yet."""
    seen = await board(settings, sessions, at(office, MONDAY))
    [found] = [each for each in seen["silent"] if each["organisation"]["code"] == "justice-division"]
    assert (None, 1) == (found["since"], found["open"]["count"])
    assert 0 == next(each["count"] for each in seen["numbers"] if each["name"] == "overdue")


async def test_after_five_working_days_without_a_sign_in_it_is_on_the_board(
    settings: Settings, sessions: Sessions, office: Office, task: str
) -> None:
    """Not before the end of the fifth, weekends left out; a month before the task is due; and away with the next sign-in."""
    await heard(sessions, "justice-division")
    for moment, expected in (
        (local(2024, 3, 9, 12), False),
        (local(2024, 3, 11, 16, 59), False),
        (local(2024, 3, 11, 17, 1), True),
    ):
        assert expected is ("justice-division" in await silent(settings, sessions, at(office, moment)))
    seen = await board(settings, sessions, at(office, local(2024, 3, 12)))
    [found] = [each for each in seen["silent"] if each["organisation"]["code"] == "justice-division"]
    assert found["since"].startswith("2024-03-04T02:00:00")
    await silent(settings, sessions, at(office, local(2024, 3, 12)), "justice-division.head")
    assert "justice-division" not in await silent(settings, sessions, at(office, local(2024, 3, 12)))


async def test_who_took_a_task_up_is_heard_of(
    settings: Settings, sessions: Sessions, office: Office, task: str
) -> None:
    """A claim counts as a sign-in does."""
    later = local(2024, 3, 12)
    assert "justice-division" in await silent(settings, sessions, at(office, later))
    async with sessions.begin() as session:
        who = await actor(session, "justice-division.officer")
        await claim(session, at(office, later), who, task, 1)
    assert "justice-division" not in await silent(settings, sessions, at(office, later + timedelta(days=1)))


async def test_who_holds_nothing_may_be_silent(
    settings: Settings, sessions: Sessions, office: Office, task: str
) -> None:
    """Only agencies with open tasks are waited for."""
    async with sessions.begin() as session:
        await session.execute(update(Task).where(Task.id == task).values(state="done"))
    assert "justice-division" not in await silent(settings, sessions, at(office, local(2024, 3, 12)))


async def test_the_head_of_one_agency_sees_no_other(
    settings: Settings, sessions: Sessions, office: Office, task: str
) -> None:
    """Within the supervisor's scope."""
    assert [] == await silent(settings, sessions, at(office, MONDAY), "medical-centre.head")


async def test_the_board_asks_the_database_no_more_than_before(
    sign_in: SignIn, sessions: Sessions, office: Office, engine: AsyncEngine, task: str
) -> None:
    """Numbers, agencies, whom it waits on and who is silent: one statement."""
    watcher = await sign_in("district.supervisor")
    with statements(engine) as asked:
        answer = await watcher.get("/board")
    assert "justice-division" in [each["organisation"]["code"] for each in answer.json()["silent"]]
    assert 1 == len([each for each in asked if "task" in each])


async def test_a_refused_sign_in_is_not_heard(
    settings: Settings, sessions: Sessions, office: Office, task: str
) -> None:
    """A wrong password says nothing of the agency."""
    app = httpx.ASGITransport(create_app(settings, at(office, MONDAY), sessions))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test/api/v1") as client:
        wrong = {"username": "justice-division.officer", "password": "nothing of the kind"}
        assert 401 == (await client.post("/sessions", json=wrong)).status_code
    async with sessions() as session:
        row = select(Organisation.heard_at).where(Organisation.code == "justice-division")
        assert await session.scalar(row) is None
