"""A holiday is announced while tasks are open: their dates move under lock, everybody is told, every process counts with it."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from activities.casework.context import Office, open_office
from activities.casework.editions import attend
from activities.casework.journal import verify_chains
from activities.security.keyring import Keyring
from activities.settings import Settings
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.notices import Notice
from activities.store.outbox import Command
from activities.store.tasks import Rung, Task
from api.app import create_app
from tests.api.conftest import SignIn
from tests.build.officers import PASSWORD
from tests.casework.times import at, local, opened_kind

HOLIDAY = {"kind": "holiday", "name": {"vi": "Nghỉ bão", "en": "Storm"}, "source": "Công điện 1/CĐ-UBND"}
TUESDAY = date(2024, 3, 12)


@pytest.fixture
def monday(office: Office) -> Office:
    """Monday 11 March 2024, ten in the morning."""
    return at(office, local(2024, 3, 11))


@pytest.fixture
async def keeper(settings: Settings, monday: Office, sessions: Sessions) -> Any:
    """The administrator, that Monday."""
    app = httpx.ASGITransport(create_app(settings, monday, sessions))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test/api/v1") as client:
        given = {"username": "administrator", "password": PASSWORD}
        token = (await client.post("/sessions", json=given)).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


async def add(keeper: httpx.AsyncClient, day: date, **more: Any) -> httpx.Response:
    """The administrator adds a day."""
    body = HOLIDAY | {"day": str(day)} | more
    return await keeper.post("/calendar", json=body, headers={"Idempotency-Key": f"{day}{more}"})


async def test_a_holiday_moves_the_dates_it_touches_and_taking_it_away_moves_them_back(
    keeper: httpx.AsyncClient, sessions: Sessions, monday: Office
) -> None:
    """Five working days from Monday end a day later; the story is woken, the ladder climbs anew, the agency is told."""
    ask = await opened_kind(sessions, monday, "confirm_funds")
    async with sessions() as session:
        before = await session.get_one(Task, ask.task)
    made = await add(keeper, TUESDAY)
    assert (201, {"ending": 0, "moved": 1, "kept": 0, "reminded": 0}) == (made.status_code, made.json()["tasks"]), (
        made.text
    )
    async with sessions() as session:
        after = await session.get_one(Task, ask.task)
        told = list(await session.scalars(select(Notice).where(Notice.code == "task-due-recomputed")))
        sent = list(await session.scalars(select(Command).where(Command.task_id == ask.task)))
        said = await session.scalar(select(JournalEntry.data).where(JournalEntry.event == "task-due-recomputed"))
        rungs = select(Rung.owed_at).where(
            Rung.task_id == ask.task, Rung.code == "overdue_head", Rung.lapsed_at.is_(None)
        )
        assert [after.due_at] == list(await session.scalars(rungs))
        assert [] == await verify_chains(session)
    assert (local(2024, 3, 18, 17), local(2024, 3, 19, 17)) == (before.due_at, after.due_at)
    assert (after.due_at, before.generation + 1, 1) == (after.deadline_at, after.generation, len(told))
    assert [("complete", before.generation, "")] == [(each.command, each.generation, each.code) for each in sent]
    assert said is not None
    assert "2024-03-12" == said["day"]
    gone = await keeper.delete(f"/calendar/{TUESDAY}")
    assert (200, 1) == (gone.status_code, gone.json()["tasks"]["moved"])
    async with sessions() as session:
        assert before.due_at == (await session.get_one(Task, ask.task)).due_at


async def owed(sessions: Sessions, task: str) -> dict[str, datetime]:
    """The rungs a task still owes, each with its time."""
    async with sessions() as session:
        rows = select(Rung).where(Rung.task_id == task, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None))
        return {each.code: each.owed_at for each in await session.scalars(rows)}


async def test_reminders_of_a_date_that_stays_move_with_the_holiday_and_back(
    keeper: httpx.AsyncClient, sessions: Sessions, monday: Office
) -> None:
    """A month ends on its day whatever lies between; reminders counted in working days before and after it do not."""
    ask = await opened_kind(sessions, monday, "arrange_loan")
    async with sessions() as session:
        before = await session.get_one(Task, ask.task)
    days = {"polite_before": local(2024, 4, 9, 17), "overdue_lead": local(2024, 4, 16, 17)}
    assert before.due_at == local(2024, 4, 11, 17)
    assert days.items() <= (await owed(sessions, ask.task)).items()
    within, after = await add(keeper, date(2024, 4, 10)), await add(keeper, date(2024, 4, 12))
    for made in (within, after):
        assert {"ending": 0, "moved": 0, "kept": 0, "reminded": 1} == made.json()["tasks"]
    moved = {"polite_before": local(2024, 4, 8, 17), "overdue_lead": local(2024, 4, 17, 17)}
    assert moved.items() <= (await owed(sessions, ask.task)).items()
    async with sessions() as session:
        row = await session.get_one(Task, ask.task)
        sent = await session.scalars(select(Command.command).where(Command.task_id == ask.task))
        assert (before.due_at, before.generation, ["look", "look"]) == (row.due_at, row.generation, list(sent))
    for day in ("2024-04-10", "2024-04-12"):
        assert 1 == (await keeper.delete(f"/calendar/{day}")).json()["tasks"]["reminded"]
    assert days.items() <= (await owed(sessions, ask.task)).items()


async def test_every_process_counts_with_the_day_from_its_next_transaction_on(
    keeper: httpx.AsyncClient, sessions: Sessions, monday: Office, keyring: Keyring
) -> None:
    """Another process, started before, opens the next task by the new list; whoever is late by a day is not."""
    elsewhere = at(await open_office(sessions, keyring), local(2024, 3, 11))
    await add(keeper, TUESDAY)
    async with sessions.begin() as session:
        office = await attend(session, elsewhere)
    assert not office.calendar.is_working(TUESDAY)
    ask = await opened_kind(sessions, office, "confirm_funds")
    async with sessions() as session:
        assert local(2024, 3, 19, 17) == (await session.get_one(Task, ask.task)).due_at
    listed = (await keeper.get("/calendar", params={"year": 2024})).json()["holidays"]
    shown = next(each for each in listed if each["day"] == str(TUESDAY))
    assert ("Công điện 1/CĐ-UBND", True) == (shown["source"]["cites"], shown["added"])


async def test_a_day_worked_in_its_place_brings_dates_forward_but_never_into_the_past(
    keeper: httpx.AsyncClient, sessions: Sessions, monday: Office
) -> None:
    """A Saturday worked for the Tuesday: five working days end on the Monday again."""
    ask = await opened_kind(sessions, monday, "confirm_funds")
    await add(keeper, TUESDAY)
    swap = await add(keeper, date(2024, 3, 16), kind="swap", instead_of=str(TUESDAY))
    assert {"ending": 0, "moved": 1, "kept": 0, "reminded": 0} == swap.json()["tasks"]
    async with sessions() as session:
        assert local(2024, 3, 18, 17) == (await session.get_one(Task, ask.task)).due_at
    refused = await keeper.delete(f"/calendar/{TUESDAY}")
    assert (422, "day-swapped") == (refused.status_code, refused.json()["problems"][0]["code"])


@pytest.mark.parametrize(
    ("day", "more", "code"),
    [
        (date(2024, 3, 10), {}, "day-out-of-bounds"), (date(2030, 3, 11), {}, "day-out-of-bounds"),
        (date(2024, 4, 30), {}, "day-listed-already"), (date(2024, 3, 16), {}, "day-not-worked-anyway"),
        (TUESDAY, {"kind": "swap", "instead_of": "2024-04-30"}, "swap-not-on-a-weekend"),
        (date(2024, 3, 16), {"kind": "swap", "instead_of": "2024-03-13"}, "swap-for-no-holiday"),
        (date(2024, 4, 27), {"kind": "swap", "instead_of": "2024-04-29"}, "swap-taken"),
        (TUESDAY, {"source": ""}, "value_error"), (TUESDAY, {"local": True}, "value_error"),
        (TUESDAY, {"kind": "swap"}, "value_error"),
    ],
)  # fmt: skip
async def test_a_day_that_cannot_be_is_refused(
    keeper: httpx.AsyncClient, day: date, more: dict[str, Any], code: str
) -> None:
    """With the reason, and without a trace."""
    answer = await add(keeper, day, **more)
    assert (422, code) == (answer.status_code, answer.json()["problems"][0]["code"])


async def test_shipped_days_stay_and_only_the_administrator_changes_the_list(
    keeper: httpx.AsyncClient, sign_in: SignIn
) -> None:
    """Anybody signed in reads it."""
    assert "calendar-day-shipped" == (await keeper.delete("/calendar/2024-04-30")).json()["code"]
    assert "calendar-day-unknown" == (await keeper.delete("/calendar/2024-04-17")).json()["code"]
    officer = await sign_in("medical-centre.officer")
    assert 200 == (await officer.get("/calendar")).status_code
    assert 403 == (await add(officer, TUESDAY + timedelta(days=400))).status_code
