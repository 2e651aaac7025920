"""A head hands over what an officer holds: numbers first, then all of it at once; another's agency is not theirs."""

import httpx
from sqlalchemy import select, update

from activities.casework.context import Office
from activities.store.engine import Sessions
from activities.store.organisations import Officer
from activities.store.tasks import Task
from tests.api.test_officers_day import opened, reported
from tests.build.officers import newcomer
from tests.build.pages import form, text
from tests.pages.conftest import Browse

__all__ = ("reported",)
HERE = "/handover/medical-centre.officer"


async def test_everything_an_officer_holds_goes_to_a_colleague(
    browse: Browse, sessions: Sessions, office: Office, reported: str
) -> None:
    """Somebody falls ill in the morning; by nine their tasks have another name on them, and the same dates."""
    await newcomer(sessions, "nurse.two", "medical-centre")
    task = await opened(sessions, office, reported, "examine_health")
    async with sessions.begin() as session:
        holder = (await session.scalars(select(Officer.id).where(Officer.username == "medical-centre.officer"))).one()
        await session.execute(update(Task).where(Task.id == task).values(officer_id=holder))
        due = (await session.get_one(Task, task)).due_at
    head = await browse("medical-centre.head")
    assert "Tasks held : 1" in text((await head.get("/handover")).text).replace("held:", "held :")
    page = (await head.get(HERE)).text
    assert "holds 1 tasks, 0 of them overdue" in text(page)
    given = form(page, HERE) | {"to": "nurse.two", "reason": ""}
    refused = await head.post(HERE, data=given)
    assert httpx.codes.UNPROCESSABLE_ENTITY == refused.status_code
    assert ('href="#reason"' in refused.text, 'aria-describedby="reason-problem"' in refused.text) == (True, True)
    done = await head.post(HERE, data=form(refused.text, HERE) | {"to": "nurse.two", "reason": "ốm"})
    assert "/handover?said=handed-over" == done.headers["location"], done.text
    async with sessions() as session:
        row = await session.get_one(Task, task)
        heir = (await session.scalars(select(Officer.id).where(Officer.username == "nurse.two"))).one()
        assert (heir, due) == (row.officer_id, row.due_at)


async def test_nobody_hands_over_what_another_agency_holds(browse: Browse) -> None:
    """The officers of an agency are its head's alone; an officer hands over nothing of others."""
    assert httpx.codes.NOT_FOUND == (await (await browse("policy-bank.head")).get(HERE)).status_code
    for username in ("medical-centre.officer", "administrator"):
        assert httpx.codes.FORBIDDEN == (await (await browse(username)).get("/handover")).status_code


async def test_a_task_leads_to_where_its_journey_is_in_the_plan(
    browse: Browse, sessions: Sessions, office: Office, reported: str
) -> None:
    """Whoever wonders what comes before and after sees it on one sheet, with their own stage marked."""
    task = await opened(sessions, office, reported, "examine_health")
    officer = await browse("medical-centre.officer")
    page = (await officer.get(f"/tasks/{task}")).text
    link = page.partition('href="/plan?here=')[2].partition('"')[0]
    assert "You are here" in (await officer.get(f"/plan?here={link}")).text
