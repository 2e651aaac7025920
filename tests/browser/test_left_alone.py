"""A screen somebody left: who the person is hides again after a minute, the whole screen locks, and the password leads back."""

import pytest
from playwright.async_api import Page, expect

from activities.security.sign_in_file import read_sign_ins
from deploy.local.supervisor import Stack
from tests.browser.conftest import Sit
from tests.browser.seats import PASSWORD, PHONE, WIDE
from tests.browser.stage import report
from tests.browser.telling import Teller

pytestmark = pytest.mark.xdist_group("browser")
COORDINATOR = "labour-division.coordinator"
NAME = "Nguyễn Thị Thử Ẩn"


async def at_a_journey(stack: Stack, page: Page, language: str) -> Teller:
    """The coordinator before the journey of a child; the clock of the window is the test's own."""
    told = await Teller.at(page, language, "My work")
    reference = await report(stack)
    await page.route(
        "**/live", lambda line: line.abort()
    )  # a list fetched while the clock leaps would be given up as too slow
    await page.clock.install()
    await page.goto(f"/journeys?reference={reference}")
    await told.follow(reference)
    return told


@pytest.mark.parametrize(("size", "language"), [(PHONE, "vi"), (WIDE, "en")])
async def test_who_the_person_is_hides_itself_after_a_minute(
    stack: Stack, sit: Sit, size: dict[str, int], language: str
) -> None:
    """Shown, it is there for a minute; then nothing of it is left on the page, and it may be shown anew."""
    page = await sit(COORDINATOR, size=size, language=language)
    told = await at_a_journey(stack, page, language)
    await told.press("Show who it is (the reading is logged)")
    await told.unfold("Write down or correct")
    await told.write("identity:full_name", NAME)
    await told.press("Keep")
    await told.hears("person-written")
    await told.press("Show who it is (the reading is logged)")
    await page.clock.run_for(30_000)
    await told.sees(NAME)
    await told.can_be_read()
    await page.clock.run_for(40_000)
    await told.sees("Hidden again. Show it anew if you need it.")
    assert NAME not in await page.content()


@pytest.mark.parametrize(("size", "language"), [(PHONE, "vi"), (WIDE, "en")])
async def test_a_screen_nobody_is_at_locks_itself(stack: Stack, sit: Sit, size: dict[str, int], language: str) -> None:
    """After a quarter of an hour nothing of the journey is shown or given out; the password leads back to it."""
    page = await sit(COORDINATOR, size=size, language=language)
    told = await at_a_journey(stack, page, language)
    at = page.url
    await page.clock.fast_forward("10:00")
    await page.keyboard.press("Shift")
    await page.clock.fast_forward("10:00")
    await expect(page.get_by_role("heading", name=told.word("Stages of the plan"))).to_be_visible()
    await page.clock.fast_forward("16:00")
    locked = page.get_by_role("heading", level=1, name=told.word("The screen is locked"))
    await expect(locked).to_be_visible()
    await told.can_be_read()
    assert told.word("Stages of the plan") not in await (await page.request.get(at)).text()
    await page.get_by_label(PASSWORD[language]).fill("nothing like it")
    await told.press("Go on")
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_label(PASSWORD[language]).fill(read_sign_ins(stack.sign_ins)[COORDINATOR])
    await told.press("Go on")
    assert at == page.url
    await expect(page.get_by_role("heading", name=told.word("Stages of the plan"))).to_be_visible()
