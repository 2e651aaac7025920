"""What an officer typed outlives whatever refused it: it stands on the page that says so, and is sent from there."""

import httpx
import pytest
from sqlalchemy import delete, select, update

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.comments import Comment
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.organisations import Organisation, SignIn
from activities.store.tasks import Task
from api.app import create_app
from tests.build.officers import PASSWORD
from tests.build.pages import Page, filled, send
from tests.pages.conftest import Visit
from tests.pages.standing import DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]
WORDS = "Người này cần <b>phiên dịch</b> tiếng Khmer"
OK, UNAUTHORISED, FORBIDDEN, NOT_FOUND = 200, 401, 403, 404


async def typed(visit: Visit, opens: Opens) -> tuple[httpx.AsyncClient, str, dict[str, str | list[str]]]:
    """A doctor has written a comment and is about to send it."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    at = f"/tasks/{task}/comment"
    return doctor, at, filled((await doctor.get(f"/tasks/{task}")).text, at, text=WORDS, to="coordinator")


async def written(sessions: Sessions) -> int:
    """How many comments there are."""
    async with sessions() as session:
        return len(list(await session.scalars(select(Comment.id))))


async def test_a_sign_in_that_ended_costs_a_password_and_no_text(
    visit: Visit, opens: Opens, sessions: Sessions
) -> None:
    """Signed in again in another tab, the officer sends from where they were: once, as they wrote it."""
    doctor, at, form = await typed(visit, opens)
    async with sessions.begin() as session:
        await session.execute(delete(SignIn))
    refused = await doctor.post(at, data=form)
    assert (UNAUTHORISED, True) == (refused.status_code, WORDS in Page(refused.text).text)
    assert "<b>phiên dịch</b>" not in refused.text
    await doctor.post("/sign-in", data={"username": DOCTOR, "password": PASSWORD})
    stale = await doctor.post(at, data=filled(refused.text, at))
    for _ in range(2):
        sent = await doctor.post(
            at, data=filled(stale.text, at) if stale.status_code == FORBIDDEN else filled(refused.text, at)
        )
        assert OK == sent.status_code, sent.text
    assert (FORBIDDEN, 1) == (stale.status_code, await written(sessions))


async def test_behind_a_locked_screen_it_is_kept_sealed_and_sent_once_the_screen_is_open(
    visit: Visit, opens: Opens, sessions: Sessions
) -> None:
    """Another tab locked it: nobody reads the words in the page meanwhile, and none is lost."""
    doctor, at, form = await typed(visit, opens)
    await send(doctor, "/work", "/lock")
    refused = await doctor.post(at, data=form)
    assert (UNAUTHORISED, False) == (refused.status_code, "Khmer" in refused.text)
    opened = await doctor.post("/locked", data={"password": PASSWORD, "csrf": filled(refused.text, at)["csrf"]})
    assert OK == opened.status_code
    sent = await doctor.post(at, data=filled(refused.text, at))
    assert (OK, 1) == (sent.status_code, await written(sessions))


async def test_a_database_that_is_away_keeps_the_words_on_the_page(
    visit: Visit, opens: Opens, sessions: Sessions, settings: Settings, office: Office
) -> None:
    """A minute later the same form goes through."""
    doctor, at, form = await typed(visit, opens)
    engine = open_engine("postgresql+asyncpg://nobody:x@127.0.0.1:1/none")
    away = httpx.ASGITransport(create_app(settings, office, open_sessions(engine)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=away, base_url=doctor.base_url, cookies=doctor.cookies) as browser:
        refused = await browser.post(at, data=form)
    await engine.dispose()
    assert (503, True) == (refused.status_code, WORDS in Page(refused.text).text)
    assert (OK, 1) == ((await doctor.post(at, data=filled(refused.text, at))).status_code, await written(sessions))


async def test_a_task_that_went_elsewhere_meanwhile_leaves_the_words_to_copy(
    visit: Visit, opens: Opens, sessions: Sessions
) -> None:
    """There is nothing to send it to any more, and no button that says so."""
    doctor, at, form = await typed(visit, opens)
    async with sessions.begin() as session:
        bank = select(Organisation.id).where(Organisation.code == "policy-bank").scalar_subquery()
        await session.execute(update(Task).values(organisation_id=bank))
    refused = await doctor.post(at, data=form)
    assert (NOT_FOUND, True) == (refused.status_code, WORDS in Page(refused.text).text)
    assert at not in Page(refused.text).forms


@pytest.mark.parametrize("path", ["/sign-in", "/account/password", "/locked"])
async def test_of_a_form_with_a_password_nothing_is_given_back(visit: Visit, path: str) -> None:
    """Not even hidden in the page."""
    doctor = await visit(DOCTOR)
    refused = await doctor.post(
        path, data={"username": DOCTOR, "password": "một mật khẩu dài", "csrf": "x", "current": "một mật khẩu dài"}
    )
    assert "một mật khẩu dài" not in refused.text


@pytest.mark.parametrize("tried", ["a form of the sign-in before", "the sealed one, with a seal that is not sound"])
async def test_behind_a_locked_screen_no_form_gives_its_words_back(
    visit: Visit, opens: Opens, sessions: Sessions, tried: str
) -> None:
    """Whoever passes by sends what lies in the browser's history, or spoils what is on the screen: they read none of it."""
    doctor, at, form = await typed(visit, opens)
    if tried == "a form of the sign-in before":
        await doctor.post("/sign-in", data={"username": DOCTOR, "password": PASSWORD})
    await send(doctor, "/work", "/lock")
    if tried != "a form of the sign-in before":
        form = filled((await doctor.post(at, data=form)).text, at, csrf="x")
    refused = await doctor.post(at, data=form)
    assert (UNAUTHORISED, False) == (refused.status_code, "Khmer" in refused.text)
    page = await doctor.get("/work")  # the locked screen
    await doctor.post("/locked", data=filled(page.text, "/locked", password=PASSWORD))
    sent = await doctor.post(at, data=filled(refused.text, at))
    assert (OK, 1) == (sent.status_code, await written(sessions))
