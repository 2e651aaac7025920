"""The bell: what was put before an officer, in words, and what they have seen of it."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.journeys import Report, report_person
from activities.casework.notices import notify
from activities.domain.ids import new_id
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Notice
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.pages import form
from tests.pages.conftest import Browse

HOLDER = "medical-centre.officer"


@pytest.fixture
async def journey(sessions: Sessions, office: Office) -> Journey:
    """A journey the Medical Centre hears of."""
    async with sessions.begin() as session:
        report = Report(commune="tri-an", happened_at=office.now() - timedelta(hours=1), way_of_return="self_returned")
        return await report_person(session, office, await actor(session, "commune-tri-an.officer"), report)


async def tell(sessions: Sessions, office: Office, journey: Journey, *codes: str) -> None:
    """Put notices before the Medical Centre, the last one newest."""
    async with sessions.begin() as session:
        own = (await session.scalars(select(Organisation).where(Organisation.code == "medical-centre"))).one()
        for code in codes:
            notify(session, office, journey, own.id, code, task=new_id("task"))
            await session.flush()


async def test_notices_are_told_in_words_newest_first(
    browse: Browse, sessions: Sessions, office: Office, journey: Journey
) -> None:
    """An officer reads what happened and of which journey, never whose it is; what is new is marked."""
    await tell(sessions, office, journey, "task-opened", "rung-half")
    page = (await (await browse(HOLDER)).get("/notices")).text
    newest, older = page.index("Half of the time has gone"), page.index("A task has come to your office")
    assert newest < older
    assert 2 == page.count(">New<")
    assert journey.reference in page


async def test_opening_a_notice_marks_it_and_leads_to_its_task(
    browse: Browse, sessions: Sessions, office: Office, journey: Journey
) -> None:
    """One press: the bell counts one fewer, and the officer is where the work is."""
    await tell(sessions, office, journey, "task-opened")
    browser = await browse(HOLDER)
    async with sessions() as session:
        (row,) = await session.scalars(select(Notice).where(Notice.code == "task-opened", Notice.task_id.is_not(None)))
    fields = form((await browser.get("/notices")).text, f"/notices/{row.id}/seen")
    opened = await browser.post(f"/notices/{row.id}/seen", data=fields | {"task": str(row.task_id)})
    assert f"/tasks/{row.task_id}" == opened.headers["location"]
    page = (await browser.get("/notices")).text
    assert (0, True) == (page.count(">New<"), "seen " in page)
    astray = await browser.post(f"/notices/{row.id}/seen", data=fields | {"task": "task-x/../../sign-in"})
    assert "/notices" == astray.headers["location"]


async def test_what_came_after_the_list_was_drawn_stays_new(
    browse: Browse, sessions: Sessions, office: Office, journey: Journey
) -> None:
    """What is marked is all that was on the screen; nothing unseen is hidden by it."""
    await tell(sessions, office, journey, "task-opened", "rung-half")
    browser = await browse(HOLDER)
    fields = form((await browser.get("/notices")).text, "/notices/seen")
    await tell(sessions, office, journey, "task-reminded")
    assert "/notices?said=notices-seen" == (await browser.post("/notices/seen", data=fields)).headers["location"]
    page = (await browser.get("/notices")).text
    assert 1 == page.count(">New<")
    assert page.index(">New<") < page.index("Somebody reminds of a task")


async def test_every_notice_is_reached_page_by_page(
    browse: Browse, sessions: Sessions, office: Office, journey: Journey
) -> None:
    """After a leave of weeks nothing is out of reach."""
    await tell(sessions, office, journey, *["task-opened"] * 60)
    browser = await browse(HOLDER)
    first = (await browser.get("/notices")).text
    cursor = first.partition('href="/notices?cursor=')[2].partition('"')[0]
    second = (await browser.get(f"/notices?cursor={cursor}")).text
    assert (50, 10) == (first.count(">New<"), second.count(">New<"))


async def test_an_empty_bell_says_what_will_stand_there(browse: Browse) -> None:
    """A new officer is not left before a blank page."""
    assert "Nothing yet." in (await (await browse("justice-division.officer")).get("/notices")).text


async def test_a_notice_of_a_task_one_may_not_open_leads_nowhere(
    browse: Browse, sessions: Sessions, office: Office, journey: Journey
) -> None:
    """Who is told of another agency's task reads that, and meets no link that answers with nothing."""
    async with sessions.begin() as session:
        other = (await session.scalars(select(Task).where(Task.journey_id == journey.id))).first()
        own = (await session.scalars(select(Organisation).where(Organisation.code == "medical-centre"))).one()
        assert other is not None
        notify(session, office, journey, own.id, "rung-half", task=other.id)
    page = (await (await browse(HOLDER)).get("/notices")).text
    assert "Half of the time has gone" in page
    assert other.id not in page


async def test_a_journey_opened_again_is_a_press_away(
    browse: Browse, sessions: Sessions, office: Office, journey: Journey
) -> None:
    """The supervisor who is told of it need not look for it by its reference."""
    async with sessions.begin() as session:
        notify(session, office, journey, journey.lead_id, "journey-reopened", audience="district")
    page = (await (await browse("district.supervisor")).get("/notices")).text
    assert f'<a href="/journeys/{journey.id}">' in page
    assert httpx.codes.OK == (await (await browse("district.supervisor")).get(f"/journeys/{journey.id}")).status_code
