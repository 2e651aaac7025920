"""Lists that stay open follow what others do, also where the counts say no more than that there are many."""

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.comments import comment_on_task
from activities.casework.context import Office
from activities.casework.journeys import Report, report_person
from activities.casework.locks import lock_task
from activities.casework.notices import mark_seen
from activities.casework.settling import settle
from activities.casework.tasks import claim
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.plan.addressees import Addressee
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.tasks import Task
from api.reads.moved import Moves
from tests.build.officers import actor, newcomer
from tests.pages.standing import DOCTOR, answer
from tests.pages.window import address, sits, window

__all__ = ["address", "window"]
MANY = 101
NURSE = "medical-centre.nurse"
SOON, LONG = 10_000, 4.0  # milliseconds until something must have come; seconds in which nothing may
COUNT = "document.body.addEventListener('moved', () => document.body.dataset.moved = Number(document.body.dataset.moved || 0) + 1)"


async def examinations(sessions: Sessions, office: Office, many: int) -> list[str]:
    """So many people came, an hour ago; the medical centre is to examine each."""
    found = list[str]()
    async with sessions.begin() as session:
        commune = await actor(session, "commune-tri-an.officer")
        for _ in range(many):
            report = Report(
                commune="tri-an", happened_at=office.now() - timedelta(hours=1), way_of_return="self_returned"
            )
            journey = await report_person(session, office, commune, report)
            found.append(task_id(journey.id, "examine_health", 1))
            await settle(
                session, office, Wake(ask=Ask(journey=journey.id, task=found[-1], kind="examine_health", round=1))
            )
    return found


async def examined(sessions: Sessions, office: Office, task: str) -> None:
    """A colleague answers it."""
    await answer(sessions, office, task, NURSE, {"took_place": True})


async def claims(sessions: Sessions, office: Office, task: str, username: str = NURSE) -> None:
    """An officer takes it on."""
    async with sessions.begin() as session:
        row = await session.get_one(Task, task)
        await claim(session, office, await actor(session, username), task, row.revision)


async def listens(page: Page) -> None:
    """Once the page's line to the server stands and what it brings first has come."""
    await page.evaluate(COUNT)
    await asyncio.sleep(2)


async def moved(page: Page) -> int:
    """How often the page was told that something moved."""
    return int(await page.evaluate("document.body.dataset.moved || 0"))


@pytest.fixture
async def many(sessions: Sessions, office: Office) -> list[str]:
    """More tasks at the medical centre than its counts tell apart, and a second officer there."""
    await newcomer(sessions, NURSE, "medical-centre")
    return await examinations(sessions, office, MANY)


async def test_lists_follow_at_99_and_more(
    window: BrowserContext, sessions: Sessions, office: Office, many: list[str]
) -> None:
    """Work and bell say 99+ before and after: what a colleague answers, reads or took and what others write shows all the same."""
    work, done, bell = [await sits(window, DOCTOR, path) for path in ("/work", "/work?box=done", "/notices")]
    for page in (work, done, bell):
        await listens(page)
    first = work.get_by_role("main").locator(".rows > li a").first
    stood = str(await first.get_attribute("href"))
    counts = work.get_by_role("navigation", name="Rooms").get_by_text("99+")
    await expect(counts).to_have_count(2)
    await examined(sessions, office, stood.removeprefix("/tasks/"))
    await expect(work.locator(f'.rows a[href="{stood}"]')).to_have_count(0, timeout=SOON)
    await expect(done.locator(f'.rows a[href="{stood}"]').first).to_be_visible(timeout=SOON)
    await expect(counts).to_have_count(2)
    other = next(task for task in many if stood != f"/tasks/{task}")
    async with sessions.begin() as session:
        lead = await actor(session, "labour-division.coordinator")
        await comment_on_task(session, office, lead, other, "đã gọi", [Addressee.HOLDER])
    newest = bell.get_by_role("main").locator(".rows > li").first
    await expect(newest).to_contain_text("Somebody wrote to you", timeout=SOON)
    async with sessions.begin() as session:
        told = (await session.scalars(select(Notice.id).where(Notice.code == "comment-written"))).one()
        await mark_seen(session, office, await actor(session, NURSE), told)
    await expect(newest).to_contain_text("seen", timeout=SOON)


async def test_a_colleagues_claim_reaches_an_open_list_and_no_other_agency(
    window: BrowserContext, address: str, sessions: Sessions, office: Office
) -> None:
    """It moves no count: the row says who has it all the same. An officer elsewhere is not even told that something happened."""
    await newcomer(sessions, NURSE, "medical-centre")
    (task,) = await examinations(sessions, office, 1)
    assert window.browser
    elsewhere = await window.browser.new_context(base_url=address, locale="en-GB")
    page, police = await sits(window, DOCTOR, "/work"), await sits(elsewhere, "district-police.officer", "/work")
    await listens(page)
    await listens(police)
    before = await moved(police)
    await claims(sessions, office, task)
    await expect(page.get_by_text(f"held by {NURSE}")).to_be_visible(timeout=SOON)
    await asyncio.sleep(LONG)
    assert before == await moved(police)
    assert 0 < await moved(page)


async def test_one_question_finds_all_that_moved_and_nothing_twice(sessions: Sessions, office: Office) -> None:
    """A process asks for all its pages at once: what was recorded before it began, or was told already, is no news."""
    await newcomer(sessions, NURSE, "medical-centre")
    moves = Moves()
    (task,) = await examinations(sessions, office, 1)
    async with sessions() as session:
        assert frozenset() == await moves.look(session)
    await claims(sessions, office, task)
    async with sessions() as session:
        holder = (await session.get_one(Task, task)).organisation_id
        (place,) = await moves.look(session)
        assert holder == place.organisation_id
        assert frozenset() == await moves.look(session)


@pytest.mark.parametrize("first", ["slow", "quick"])
async def test_an_act_that_was_long_on_its_way_is_not_missed(
    sessions: Sessions, office: Office, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """It took its number, another after it was recorded and told long before: when it is recorded at last, it is told as well.

    Whichever of the two began first.
    """
    monkeypatch.setattr("api.reads.moved.LATE", 0.0)
    await newcomer(sessions, NURSE, "medical-centre")
    slow, quick = await examinations(sessions, office, 2)
    moves = Moves()
    assert 0 == await heard(sessions, moves)
    async with sessions.begin() as lingering, sessions.begin() as short:
        if first == "quick":
            await lock_task(short, quick)
        await takes(lingering, office, slow)
        await takes(short, office, quick)
        await short.commit()
        assert [1, 0, 0] == [await heard(sessions, moves) for _ in range(3)]
        await lingering.commit()
    assert [1, 0] == [await heard(sessions, moves) for _ in range(2)]


async def heard(sessions: Sessions, moves: Moves) -> int:
    """How much moved since the last look."""
    async with sessions() as session:
        return len(await moves.look(session))


async def takes(session: AsyncSession, office: Office, task: str) -> None:
    """A colleague takes it on, in a transaction that is not over yet."""
    row = await session.get_one(Task, task)
    await claim(session, office, await actor(session, NURSE), task, row.revision)
    await session.flush()
