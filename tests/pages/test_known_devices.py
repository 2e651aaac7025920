"""A device on which an officer has signed in counts its own wrong passwords: nobody who guesses from afar keeps them from their work."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import Select, func, select, update

from activities.casework.appointing import activate
from activities.casework.context import Office
from activities.casework.inviting import accept, invite
from activities.casework.sign_ins import FORGOTTEN, MOST_DEVICES
from activities.security.passwords import hash_password
from activities.settings import Settings
from activities.store.engine import Sessions
from activities.store.organisations import KnownDevice, Officer
from tests.build.officers import PASSWORD, actor, newcomer
from tests.build.pages import form
from tests.pages.conftest import Browse

NURSE, COLLEAGUE = "nurse.four", "nurse.five"
IN, OUT = httpx.codes.SEE_OTHER, httpx.codes.UNAUTHORIZED
LOCKED = "Locked for a while"


@pytest.fixture
async def nurse(sessions: Sessions) -> str:
    """An officer of these stories alone."""
    await newcomer(sessions, NURSE, "medical-centre")
    return NURSE


async def sign_in(browser: httpx.AsyncClient, username: str, password: str = PASSWORD) -> httpx.Response:
    """Send the form of the sign-in."""
    return await browser.post("/sign-in", data={"username": username, "password": password})


async def guess(browser: httpx.AsyncClient, username: str, times: int = 5) -> httpx.Response:
    """Wrong passwords in a row, and what comes of one more."""
    for number in range(times):
        await sign_in(browser, username, f"a guess, number {number}")
    return await sign_in(browser, username, "one guess more")


async def out_of(browser: httpx.AsyncClient) -> None:
    """Sign out, as at the end of a day."""
    await browser.post("/sign-out", data=form((await browser.get("/account")).text, "/sign-out"))


async def test_a_stranger_who_guesses_keeps_nobody_from_their_own_desk(browse: Browse, nurse: str) -> None:
    """The account is locked to strangers; the nurse signs out, in, opens a locked screen and chooses a password, where she always does."""
    desk, stranger = await browse(nurse), await browse("")
    await out_of(desk)
    assert LOCKED in (await guess(stranger, nurse)).text
    assert IN == (await sign_in(desk, nurse)).status_code
    await desk.post("/lock", data=form((await desk.get("/locked")).text, "/lock"))
    opened = await desk.post("/locked", data=form((await desk.get("/locked")).text, "/locked") | {"password": PASSWORD})
    assert IN == opened.status_code
    new = {"old": PASSWORD, "new": "bốn con trâu trên đồi", "again": "bốn con trâu trên đồi"}
    changed = await desk.post(
        "/account/password", data=form((await desk.get("/account")).text, "/account/password") | new
    )
    assert "password-changed" in changed.headers["location"]
    assert LOCKED in (await sign_in(stranger, nurse, new["new"])).text


async def test_guessing_at_a_known_device_locks_that_device_and_no_other(browse: Browse, nurse: str) -> None:
    """Whoever sits down at the nurse's computer has five guesses there; at her other one she works on."""
    desk, ward = await browse(nurse), await browse(nurse)
    assert LOCKED in (await guess(desk, nurse)).text
    assert OUT == (await sign_in(desk, nurse)).status_code
    assert IN == (await sign_in(ward, nurse)).status_code
    assert IN == (await sign_in(await browse(""), nurse)).status_code


async def test_a_device_is_known_for_its_own_officers_alone(browse: Browse, nurse: str, sessions: Sessions) -> None:
    """A colleague's computer opens no way round the lock of another's account; shared by two, it is known for both."""
    await newcomer(sessions, COLLEAGUE, "medical-centre")
    colleague = await browse(COLLEAGUE)
    assert LOCKED in (await guess(await browse(""), nurse)).text
    assert LOCKED in (await sign_in(colleague, nurse)).text
    async with sessions.begin() as session:
        await session.execute(update(Officer).where(Officer.username == nurse).values(locked_until=None))
    assert IN == (await sign_in(colleague, nurse)).status_code
    await guess(await browse(""), nurse)
    assert [IN, IN] == [(await sign_in(colleague, each)).status_code for each in (nurse, COLLEAGUE)]


async def test_guesses_made_at_once_on_one_device_are_counted_one_by_one(
    browse: Browse, nurse: str, sessions: Sessions, settings: Settings
) -> None:
    """Nineteen at one instant: five are looked at, the rest find it locked, and so does the right password after them."""
    desk = await browse(nurse)
    words = ["wrong"] * 19
    answers = await asyncio.gather(*(sign_in(desk, nurse, each) for each in words))
    assert settings.api.lockout_tries == sum(LOCKED not in each.text for each in answers)
    assert OUT == (await sign_in(desk, nurse)).status_code
    async with sessions() as session:
        row = (await session.scalars(_of(nurse))).one()
        account = (await session.scalars(select(Officer).where(Officer.username == nurse))).one()
    assert (0, True) == (row.failures, row.locked_until is not None)
    assert (0, None) == (account.failures, account.locked_until)


async def test_a_right_password_forgets_the_wrong_ones_before_it(browse: Browse, nurse: str) -> None:
    """Four slips on Monday and four on Tuesday lock nothing, nor does one on a new telephone after four of a stranger's."""
    desk, stranger, phone = await browse(nurse), await browse(""), await browse("")
    for _ in range(2):
        assert LOCKED not in (await guess(desk, nurse, 3)).text
        assert IN == (await sign_in(desk, nurse)).status_code
    await guess(stranger, nurse, 3)
    assert IN == (await sign_in(desk, nurse)).status_code
    await guess(phone, nurse, 3)
    assert IN == (await sign_in(phone, nurse)).status_code


async def test_a_password_chosen_anew_is_good_on_a_device_that_was_locked(
    browse: Browse, nurse: str, sessions: Sessions, office: Office
) -> None:
    """Whoever forgot theirs has tried it five times at their desk; the invitation opens that desk, and so does coming back."""
    desk = await browse(nurse)
    for again in ("invited", "activated"):
        assert LOCKED in (await guess(desk, nurse)).text
        async with sessions.begin() as session:
            row = (await session.scalars(select(Officer).where(Officer.username == nurse))).one()
            if again == "invited":
                token, _ = await invite(session, row)
                await accept(session, office, token, hash_password(PASSWORD))
            else:
                await activate(session, office, await actor(session, "administrator"), nurse)
        assert IN == (await sign_in(desk, nurse)).status_code


async def test_nobody_plants_a_device_of_theirs(browse: Browse, nurse: str) -> None:
    """A cookie no officer was ever known by is not taken over: whoever put it there guesses with all other strangers."""
    desk, stranger = await browse(""), await browse("")
    for each in (desk, stranger):
        each.cookies.set("homeward-device", "planted")
    assert IN == (await sign_in(desk, nurse)).status_code
    await guess(stranger, nurse)
    assert IN == (await sign_in(desk, nurse)).status_code


async def test_a_browser_that_keeps_no_cookie_leaves_few_traces(browse: Browse, nurse: str, sessions: Sessions) -> None:
    """Of devices met once, the last twenty are known; the one that is used stays."""
    for _ in range(MOST_DEVICES + 2):
        await browse(nurse)
    desk = await browse(nurse)
    async with sessions() as session:
        assert MOST_DEVICES == await session.scalar(select(func.count()).select_from(_of(nurse).subquery()))
    await guess(await browse(""), nurse)
    assert IN == (await sign_in(desk, nurse)).status_code


async def test_a_device_nobody_uses_is_known_no_more(browse: Browse, nurse: str, sessions: Sessions) -> None:
    """A year after the last sign-in there its row goes, at the officer's next sign-in anywhere."""
    await browse(nurse)
    async with sessions.begin() as session:
        old = datetime.now(UTC) - FORGOTTEN - timedelta(days=1)
        officer = select(Officer.id).where(Officer.username == nurse).scalar_subquery()
        await session.execute(update(KnownDevice).where(KnownDevice.officer_id == officer).values(used_at=old))
    desk = await browse(nurse)
    async with sessions() as session:
        assert 1 == await session.scalar(select(func.count()).select_from(_of(nurse).subquery()))
    cookie = next(each for each in desk.cookies.jar if each.name == "homeward-device")
    assert cookie.has_nonstandard_attr("HttpOnly")


def _of(username: str) -> Select[KnownDevice]:
    return select(KnownDevice).join(Officer, Officer.id == KnownDevice.officer_id).where(Officer.username == username)
