"""A window of a real browser before the application of this process; its clock is the story's to move."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from api.app import create_app
from tests.browser.conftest import chromium
from tests.build.officers import PASSWORD
from tests.build.serving import serving


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
    """An officer at a page."""
    page = await window.new_page()
    await page.clock.install()
    await page.goto(f"/sign-in?next={path}")
    await page.get_by_label("User name").fill(username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_load_state()
    return page
