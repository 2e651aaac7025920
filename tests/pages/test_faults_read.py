"""The pages for what is no officer's fault, in a browser: whoever meets one can read what to do now."""

import pytest
from playwright.async_api import async_playwright, expect

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions, open_engine, open_sessions
from api.app import create_app
from tests.browser.axe import Looks, violations
from tests.browser.conftest import chromium
from tests.browser.seats import PHONE, WIDE
from tests.build.serving import serving

LOOKS: dict[str, Looks] = {"vi": {"light": PHONE, "dark": WIDE}, "en": {"light": WIDE, "dark": PHONE}}
NO_DATABASE = "postgresql+asyncpg://nobody:x@127.0.0.1:1/none"
HEADINGS = {
    "vi": {"/breaks": "Có lỗi", "/work": "Cơ sở dữ liệu tạm gián đoạn"},
    "en": {"/breaks": "A fault", "/work": "The database is away"},
}


async def read(url: str, path: str, language: str) -> list[str]:
    """What an assistive technology would trip over on the page of this fault, once it is there."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        context = await browser.new_context(base_url=url, locale="vi-VN" if language == "vi" else "en-GB")
        await context.add_cookies([{"name": "homeward", "value": "a-token", "url": url}])
        page = await context.new_page()
        answer = await page.goto(path)
        assert answer
        assert answer.status >= 500
        await expect(page.get_by_role("heading", level=1)).to_contain_text(HEADINGS[language][path])
        found = await violations(page, LOOKS[language])
        await browser.close()
    return found


@pytest.mark.parametrize("language", LOOKS)
async def test_the_page_of_a_fault_can_be_read(
    settings: Settings, office: Office, sessions: Sessions, language: str
) -> None:
    """With the number to quote on it."""
    app = create_app(settings, office, sessions)

    @app.get("/breaks")
    async def breaks() -> None:
        raise RuntimeError

    async with serving(app) as url:
        assert [] == await read(url, "/breaks", language)


@pytest.mark.parametrize("language", LOOKS)
async def test_the_page_of_a_database_that_is_away_can_be_read(
    settings: Settings, office: Office, language: str
) -> None:
    """It says that nothing was lost."""
    engine = open_engine(NO_DATABASE)
    async with serving(create_app(settings, office, open_sessions(engine))) as url:
        assert [] == await read(url, "/work", language)
    await engine.dispose()
