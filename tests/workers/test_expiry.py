"""What was typed and forgotten is thrown away; what somebody still works on, and a note that waits for an answer, stay."""

from datetime import timedelta

from sqlalchemy import select

from activities.casework.answers import read_draft
from activities.casework.context import Office
from activities.casework.drafts import drafts_of, keep_typed, new_draft
from activities.casework.tasks import give_back, save_draft
from activities.store.beginnings import JourneyDraft
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.casework.test_races import later
from tests.casework.times import opened_kind
from workers.expiry import Expiry

KEPT = timedelta(days=30)
COORDINATOR, DOCTOR = "labour-division.coordinator", "medical-centre.officer"


async def test_a_journey_begun_and_forgotten_is_thrown_away(sessions: Sessions, office: Office) -> None:
    """A name that was typed does not lie about for ever; the draft a coordinator went on with the other day stays."""
    async with sessions.begin() as session:
        who = await actor(session, COORDINATOR)
        old = await new_draft(session, office, who, "start", {"person": {"full_name": "Nguyễn Thị Thử"}})
        sheet = await new_draft(session, office, who, "import", {"rows": []})
        young = await new_draft(session, office, who, "start", {})
        keep_typed(later(office, timedelta(days=20)), young, {"wish": "home"})
    async with sessions() as session:
        assert {old.id, young.id} == {each.id for each in await drafts_of(session, who, "start")}
    assert 0 == await Expiry(sessions, later(office, KEPT - timedelta(hours=1)), KEPT).expire()
    assert 2 == await Expiry(sessions, later(office, KEPT + timedelta(hours=1)), KEPT).expire()
    async with sessions() as session:
        assert [young.id] == list(await session.scalars(select(JourneyDraft.id)))
    assert sheet.id != young.id


async def test_an_answer_begun_and_forgotten_is_thrown_away(sessions: Sessions, office: Office) -> None:
    """The task stays as it is; a note with which a task was sent back stays until it is answered."""
    async with sessions.begin() as session:
        who = await actor(session, DOCTOR)
    tasks = [(await opened_kind(sessions, office, "examine_health")).task for _ in range(3)]
    forgotten, worked_on, returned = tasks
    async with sessions.begin() as session:
        for task in tasks:
            at = later(office, timedelta(days=20)) if task == worked_on else office
            await save_draft(session, at, who, task, 1, {"outcome": {"next_visit": "12/06/2024"}})
        await give_back(session, office, who, returned, 1, "missing_facts", "chưa có giấy hẹn")
    then = later(office, KEPT + timedelta(hours=1))
    assert (1, 0) == (await Expiry(sessions, then, KEPT).expire(), await Expiry(sessions, then, KEPT).expire())
    async with sessions() as session:
        rows = {task: await session.get_one(Task, task) for task in tasks}
    assert ("open", 1, None) == (rows[forgotten].state.value, rows[forgotten].revision, rows[forgotten].draft)
    assert {"outcome": {"next_visit": "12/06/2024"}} == read_draft(office, rows[worked_on])
    assert "chưa có giấy hẹn" == (read_draft(office, rows[returned]) or {})["return_note"]
