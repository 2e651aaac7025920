"""What the pages' own script does, in a browser: it keeps drafts, warns who would lose what was typed, and locks the screen."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, Dialog, Page, async_playwright, expect

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from api.app import create_app
from tests.browser.conftest import chromium
from tests.build.officers import PASSWORD
from tests.build.serving import serving
from tests.pages.standing import reported

__all__ = ["reported"]

COORDINATOR = "labour-division.coordinator"


@pytest.fixture
async def address(settings: Settings, office: Office, sessions: Sessions) -> AsyncIterator[str]:
    """The application on a port of this machine alone."""
    async with serving(create_app(settings, office, sessions)) as url:
        yield url


@pytest.fixture
async def window(address: str) -> AsyncIterator[BrowserContext]:
    """A window of a browser, in English."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        opened = await browser.new_context(base_url=address, locale="en-GB")
        await opened.add_cookies([{"name": "homeward-language", "value": "en", "url": address}])
        yield opened
        await browser.close()


async def sits(window: BrowserContext, username: str, path: str) -> Page:
    """An officer at a page; the page's clock is the story's to move."""
    page = await window.new_page()
    await page.clock.install()
    await page.goto(f"/sign-in?next={path}")
    await page.get_by_label("User name").fill(username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_load_state()
    return page


async def asks(page: Page) -> bool:
    """Whether the browser asks before it closes the page; whoever is asked stays."""
    came: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def stay(dialog: Dialog) -> None:
        came.set_result(True)
        await dialog.dismiss()

    page.once("dialog", stay)
    page.once("close", lambda _: None if came.done() else came.set_result(False))
    await page.close(run_before_unload=True)
    return await came


async def test_who_would_lose_what_was_typed_is_asked(window: BrowserContext) -> None:
    """A hand that slips on the telephone does not throw away a report that is kept nowhere; an empty form lets one go."""
    assert not await asks(await sits(window, "commune-tri-an.officer", "/report"))
    page = await sits(window, "commune-tri-an.officer", "/report")
    await page.get_by_label("Hour").fill("06:00")
    assert await asks(page)


async def test_words_in_any_form_are_asked_for_before_they_are_lost(window: BrowserContext, reported: str) -> None:
    """A comment half written; an empty one lets the coordinator go."""
    page = await sits(window, COORDINATOR, f"/journeys/{reported}/comments")
    await page.get_by_label("What you write").fill("Người này cần")
    assert await asks(page)
    assert not await asks(await sits(window, COORDINATOR, f"/journeys/{reported}/comments"))


async def test_a_step_of_a_start_keeps_itself_while_it_is_typed(window: BrowserContext, sessions: Sessions) -> None:
    """The coordinator goes to answer the telephone and finds the name where it was; a step that is kept asks nothing."""
    page = await sits(window, COORDINATOR, "/journeys/start")
    await page.get_by_role("button", name="Begin").click()
    name = page.get_by_label("Full name")
    await name.fill("Nguyễn Thị Thử")
    await page.clock.fast_forward(2000)
    await expect(page.get_by_text("Draft kept.")).to_be_visible()
    step = page.url
    assert not await asks(page)
    again = await window.new_page()
    await again.goto(step)
    await expect(again.get_by_label("Full name")).to_have_value("Nguyễn Thị Thử")


async def test_a_step_that_could_not_be_kept_says_so_and_asks(window: BrowserContext) -> None:
    """The network is gone: nobody closes the page believing that the name is safe."""
    page = await sits(window, COORDINATOR, "/journeys/start")
    await page.get_by_role("button", name="Begin").click()
    await window.set_offline(True)
    await page.get_by_label("Full name").fill("Nguyễn Thị Thử")
    await page.clock.fast_forward(2000)
    await expect(page.get_by_text("The draft could not be kept")).to_be_visible()
    assert await asks(page)


async def test_the_screen_locks_itself_when_nobody_works(window: BrowserContext) -> None:
    """Who passes by sees no page of a colleague who went away, not even one with words in it; the password opens it there."""
    page = await sits(window, "commune-tri-an.officer", "/report")
    await page.get_by_label("Hour").fill("06:00")
    await page.clock.fast_forward(14 * 60_000)
    await expect(page.get_by_role("heading", name="Report a person who came")).to_be_visible()
    await page.clock.fast_forward(2 * 60_000)
    await expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Go on").click()
    await expect(page).to_have_url(re.compile(r"/report$"))


async def test_the_person_is_not_hidden_from_under_the_hands_of_who_writes_it_down(
    window: BrowserContext, reported: str
) -> None:
    """Each key starts the minute again; a minute without one, and it is hidden."""
    page = await sits(window, COORDINATOR, f"/journeys/{reported}")
    await page.get_by_role("button", name="Show who it is").click()
    await page.get_by_text("Write down or correct").click()
    name = page.get_by_label("Full name", exact=True)
    for typed in ("Nguyễn", "Nguyễn Thị", "Nguyễn Thị Thử"):
        await page.clock.run_for(45_000)
        await name.fill(typed)
    await expect(name).to_have_value("Nguyễn Thị Thử")
    await page.clock.run_for(61_000)
    await expect(page.get_by_text("Hidden again.")).to_be_visible()
    await expect(name).not_to_be_visible()
