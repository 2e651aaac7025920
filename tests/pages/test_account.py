"""One's own account: the password, where one is signed in, the locked screen."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select, update

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from activities.store.organisations import Officer, SignIn
from api.app import create_app
from tests.build.officers import PASSWORD, newcomer
from tests.build.pages import form
from tests.pages.conftest import Browse

NEW = "bốn con trâu trên đồi"
NURSE = "nurse.two"


@pytest.fixture
async def nurse(sessions: Sessions) -> str:
    """An officer of this story alone, whose password may change."""
    await newcomer(sessions, NURSE, "medical-centre")
    return NURSE


async def change(browser: httpx.AsyncClient, **typed: str) -> httpx.Response:
    """Send the form of the password."""
    fields = form((await browser.get("/account")).text, "/account/password")
    return await browser.post("/account/password", data=fields | {"old": PASSWORD, "new": NEW, "again": NEW} | typed)


async def test_a_changed_password_ends_what_was_open_elsewhere(browse: Browse, nurse: str) -> None:
    """Whoever learned the old password and sits at another computer is out; the officer works on where they are."""
    here, there = await browse(nurse), await browse(nurse)
    assert "/account?said=password-changed" == (await change(here)).headers["location"]
    assert 200 == (await here.get("/account")).status_code
    assert "/sign-in?next=%2Faccount&said=session-ended" == (await there.get("/account")).headers["location"]
    old = await there.post("/sign-in", data={"username": nurse, "password": PASSWORD})
    new = await there.post("/sign-in", data={"username": nurse, "password": NEW})
    assert (401, 303) == (old.status_code, new.status_code)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"old": "not it at all"}, "This is not your password."),
        ({"new": "short", "again": "short"}, "This is too easily guessed"),
        ({"again": "another one, typed"}, "The two are not the same"),
    ],
)
async def test_a_password_that_does_not_fit_is_told_beside_its_field(
    browse: Browse, nurse: str, typed: dict[str, str], told: str
) -> None:
    """The officer reads what is wrong; nothing has changed, and no password stands in the page."""
    browser = await browse(nurse)
    answer = await change(browser, **typed)
    assert (422, True) == (answer.status_code, told in answer.text)
    assert not any(each in answer.text for each in (PASSWORD, NEW, *typed.values()))
    assert 303 == (await browser.post("/sign-in", data={"username": nurse, "password": PASSWORD})).status_code


async def test_guessing_at_the_old_password_is_locked_out(browse: Browse, nurse: str) -> None:
    """Who finds an open screen cannot try passwords there for ever."""
    browser = await browse(nurse)
    answers = [await change(browser, old=f"a guess, number {number}") for number in range(6)]
    assert "locked for a while" in answers[-1].text


async def test_an_officer_sees_and_ends_their_own_sign_ins(browse: Browse, nurse: str, sessions: Sessions) -> None:
    """A telephone left on a bus is signed out from the office; another's sign-in is nobody's to end."""
    here, phone, other = await browse(nurse), await browse(nurse), await browse("medical-centre.officer")
    page = (await here.get("/account")).text
    assert 1 == page.count('action="/account/sessions/end"')
    foreign = form(page, "/account/sessions/end") | form((await other.get("/account")).text, "/account/password")
    assert 404 == (await other.post("/account/sessions/end", data=foreign)).status_code
    await here.post("/account/sessions/end", data=form(page, "/account/sessions/end"))
    assert 303 == (await phone.get("/account")).status_code
    third, fourth = await browse(nurse), await browse(nurse)
    await here.post(
        "/account/sessions/end-others", data=form((await here.get("/account")).text, "/account/sessions/end-others")
    )
    gone = [(await each.get("/account")).status_code for each in (third, fourth, here)]
    assert [303, 303, 200] == gone
    async with sessions() as session:
        digests = list(await session.scalars(select(SignIn.digest)))
    assert not any(digest in page for digest in digests)


async def locked(browser: httpx.AsyncClient, path: str = "/notices") -> httpx.Response:
    """Lock the screen by the button of a page's menu, and go where that leads."""
    fields = form((await browser.get(path)).text, "/lock")
    return await browser.get((await browser.post("/lock", data=fields)).headers["location"])


async def test_a_locked_screen_shows_nothing_until_the_password_is_given(browse: Browse, nurse: str) -> None:
    """Back, a bookmark and the JSON interface are as shut as the page; then the officer goes on where they were."""
    browser = await browse(nurse)
    lock = await locked(browser, "/notices?state=seen")
    assert (200, '"cache"') == (lock.status_code, lock.headers["clear-site-data"])
    assert "/locked?next=%2Fwork" == (await browser.get("/work")).headers["location"]
    bearer = {"Authorization": f"Bearer {browser.cookies['homeward']}"}
    assert "screen-locked" == (await browser.get("/api/v1/me", headers=bearer)).json()["code"]
    wrong = await browser.post("/locked", data=form(lock.text, "/locked") | {"password": "something else"})
    assert (401, True) == (wrong.status_code, "The password is wrong." in wrong.text)
    right = await browser.post("/locked", data=form(wrong.text, "/locked") | {"password": PASSWORD})
    assert "/notices?state=seen" == right.headers["location"]
    assert 200 == (await browser.get("/notices")).status_code


async def test_what_was_typed_behind_a_locked_screen_is_not_lost(browse: Browse, nurse: str) -> None:
    """A form sent from a tab that was still open says how to go on instead of throwing the text away."""
    browser = await browse(nurse)
    fields = form((await browser.get("/notices")).text, "/sign-out")
    await locked(browser)
    refused = await browser.post("/report", data=fields)
    assert (401, True) == (refused.status_code, "Open the screen in another tab" in refused.text)
    assert (
        "/locked" == (await browser.post("/lock", data=fields)).headers["location"]
    )  # another tab's clock came second


async def test_looking_at_the_page_of_the_lock_locks_nobody(browse: Browse, nurse: str) -> None:
    """A joke in a mail, a program that follows every link or a browser that loads ahead does not stop an officer's work."""
    browser = await browse(nurse)
    page = await browser.get("/locked?next=//evil.test")
    assert (200, "/") == (page.status_code, form(page.text.split("<main", 1)[1], "/lock")["next"])
    assert 403 == (await browser.post("/lock", data={"next": "/"})).status_code
    assert 200 == (await browser.get("/account")).status_code
    assert "/sign-in" in (await (await browse("")).get("/locked")).headers["location"]


async def test_how_long_a_screen_waits_is_the_offices_choice(
    settings: Settings, office: Office, sessions: Sessions, nurse: str
) -> None:
    """A counter where strangers pass locks sooner; the page of the lock says after how long. Nobody's page waits for nothing."""
    given = settings.model_copy(update={"api": settings.api.model_copy(update={"idle_minutes": 3})})
    app = httpx.ASGITransport(create_app(given, office, sessions))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test") as browser:
        assert "data-idle-minutes" not in (await browser.get("/sign-in")).text
        await browser.post("/sign-in", data={"username": nurse, "password": PASSWORD})
        assert ' data-idle-minutes="3"' in (await browser.get("/work")).text
        assert "Sau 3 phút không ai thao tác" in (await browser.get("/locked")).text


async def unused(sessions: Sessions, minutes: int) -> None:
    """Nobody has worked at any page for so long."""
    async with sessions.begin() as session:
        await session.execute(update(SignIn).values(seen_at=datetime.now(UTC) - timedelta(minutes=minutes)))


async def test_a_screen_nobody_works_at_locks_without_script_too(
    browse: Browse, nurse: str, sessions: Sessions
) -> None:
    """The page is fetched anew and asks for the password; what is sent from another meanwhile is not taken."""
    browser = await browse(nurse)
    page = await browser.get("/notices?state=seen")
    assert '<meta http-equiv="refresh" content="990; url=/notices?state=seen">' in page.text
    assert (
        'http-equiv="refresh"' not in (await browser.get("/report")).text
    )  # text would be lost: it asks when it is sent
    await unused(sessions, 15)
    assert 200 == (await browser.get("/notices")).status_code  # to the minute, and used again with it
    assert 200 == (await browser.get("/notices")).status_code
    await unused(sessions, 16)
    asked = await browser.get("/notices?state=seen")
    assert "/locked?next=%2Fnotices%3Fstate%3Dseen" == asked.headers["location"]
    assert 401 == (await browser.post("/report", data=form(page.text, "/lock"))).status_code
    lock = await browser.get(asked.headers["location"])
    right = await browser.post("/locked", data=form(lock.text, "/locked") | {"password": PASSWORD})
    assert "/notices?state=seen" == right.headers["location"]
    assert 200 == (await browser.get("/notices")).status_code


async def test_a_program_of_an_agency_may_be_silent_for_hours(browse: Browse, nurse: str, sessions: Sessions) -> None:
    """Nobody reads over its shoulder: its token is good until it ends."""
    browser = await browse("")
    given = await browser.post("/api/v1/sessions", json={"username": nurse, "password": PASSWORD})
    await unused(sessions, 120)
    bearer = {"Authorization": f"Bearer {given.json()['token']}"}
    assert 200 == (await browser.get("/api/v1/me", headers=bearer)).status_code


async def test_a_lock_that_leads_elsewhere_leads_to_the_front_page(browse: Browse, nurse: str) -> None:
    """No form sends an officer who gives the password to another site, or round in a circle."""
    browser = await browse(nurse)
    for wanted in ("//evil.test", "/locked?next=/locked"):
        fields = form((await browser.get("/account")).text, "/lock") | {"next": wanted}
        assert "/locked" == (await browser.post("/lock", data=fields)).headers["location"]
        page = await browser.get("/locked")
        await browser.post("/locked", data=form(page.text, "/locked") | {"password": PASSWORD})


async def test_an_expired_or_closed_account_is_told_so(browse: Browse, nurse: str, sessions: Sessions) -> None:
    """The officer is sent to sign in, hears why, and comes back to the page they wanted."""
    browser = await browse(nurse)
    async with sessions.begin() as session:
        await session.execute(update(SignIn).values(expires_at=datetime.now(UTC)))
    gone = await browser.get("/notices")
    assert "/sign-in?next=%2Fnotices&said=session-ended" == gone.headers["location"]
    assert "Your sign-in has ended" in (await browser.get(gone.headers["location"])).text
    again = await browse(nurse)
    async with sessions.begin() as session:
        await session.execute(update(Officer).where(Officer.username == nurse).values(active=False))
    assert 303 == (await again.get("/notices")).status_code
