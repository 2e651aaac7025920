"""The administrator's story: a colleague is let in by a link, works, and leaves with an heir; a day off is seen before it is one."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.supervisor import Stack
from tests.browser.conftest import Sit
from tests.browser.seats import PHONE, WIDE, Seat
from tests.browser.telling import Teller

pytestmark = pytest.mark.xdist_group("browser")
WORDS = {
    "vi": ("Trung tâm Y tế huyện Vĩnh Cửu", "Khám, chữa bệnh"),
    "en": ("Medical Centre of Vĩnh Cửu", "Examine and treat"),
}
CHOSEN = "bốn con trâu trên đồi"
GIVEN = "Give this link to the officer yourself, by hand or by a telephone call, not by mail that others read. It is shown this once, works once, and until %(until)s."
HELD = "%(name)s holds %(held)s tasks, %(overdue)s of them overdue. None is stranded: they go where you say, with their dates."
DAY = "16/12/2024"  # a Monday on which nothing of these stories is due


@pytest.mark.parametrize(
    ("size", "language", "script"), [(PHONE, "vi", True), (WIDE, "vi", False), (PHONE, "en", False), (WIDE, "en", True)]
)
async def test_an_officer_is_let_in_and_leaves_with_an_heir(
    stack: Stack, sit: Sit, browser: Browser, size: dict[str, int], language: str, script: bool
) -> None:  # fmt: skip
    """From the sign-in to an account that works and one that is shut, without a manual and without JavaScript."""
    page = await sit("administrator", size=size, language=language, script=script)
    told = await Teller.at(page, language, "Administration", script=script)
    username = f"lan.{uuid4().hex[:6]}"
    code = await invite(told, username)
    seat = await invited(browser, stack, size, language, script=script)
    newcomer = Teller(seat.page, language, script)
    await let_in(newcomer, username, code)
    await let_go(told, username)
    await shut_out(newcomer, username)
    await seat.leave()
    await add_a_day_and_take_it_back(told)
    await read_the_rules(told)


async def invite(told: Teller, username: str) -> str:
    """Who it is, where they sit; the code of the link, which is shown this once."""
    await told.follow("Officers")
    await told.follow("Invite an officer")
    await told.press("Invite an officer")
    await expect(told.page.get_by_role("alert")).to_be_visible()  # what is missing is said
    await told.can_be_read()
    await told.write("User name", username)
    await told.write("Name", "Trần Thị Thử Lan")
    await told.choose("Organisation", WORDS[told.language][0])
    await told.press("Invite an officer")
    await told.sees(GIVEN)
    await told.can_be_read()
    (link,) = [each for each in await told.page.get_by_role("code").all_inner_texts() if "#" in each]
    code = link.partition("#")[2]
    await told.sees(code)  # also alone, where the link is no use
    return code


async def invited(browser: Browser, stack: Stack, size: dict[str, int], language: str, *, script: bool) -> Seat:
    """Another window, at which nobody has signed in."""
    context = await browser.new_context(
        base_url=stack.api_url, viewport={"width": size["width"], "height": size["height"]}, java_script_enabled=script
    )
    await context.add_cookies([{"name": "homeward-language", "value": language, "url": stack.api_url}])
    return Seat(context, await context.new_page())


async def let_in(told: Teller, username: str, code: str) -> None:
    """By the link, or where no script takes the code from it, by the code; a password of one's own; the first page of an officer."""
    await told.page.goto(f"/invitation#{code}" if told.script else "/invitation")
    if not told.script:
        await told.write("Code of the invitation", code)
    for label in ("New password", "New password once more"):
        await told.page.get_by_label(told.word(label), exact=True).fill(CHOSEN)
    await told.press("Choose a password")
    await told.hears("password-chosen")
    await sign_in(told.page, told, username)
    await expect(told.page.get_by_role("heading", level=1, name=told.word("My work"))).to_be_visible()


async def sign_in(page: Page, told: Teller, username: str) -> None:
    """With the name and the password that was chosen."""
    await page.get_by_label(told.word("User name")).fill(username)
    await page.get_by_label(told.word("Password"), exact=True).fill(CHOSEN)
    await told.press("Sign in")


async def let_go(told: Teller, username: str) -> None:
    """What they hold is read first; a colleague gets it."""
    await told.follow("To the officer")
    await told.follow("Deactivate")
    await told.sees(HELD)
    await told.can_be_read()
    await told.choose("Tasks go to", "medical-centre.officer")
    await told.press("Deactivate")
    await told.hears("officer-deactivated")
    await told.sees("deactivated")


async def shut_out(told: Teller, username: str) -> None:
    """The page they had open leads to the sign-in, which they do not pass."""
    await told.page.goto("/work")
    await told.hears("session-ended")
    await sign_in(told.page, told, username)
    await expect(told.page.get_by_role("alert")).to_be_visible()
    await expect(told.page.get_by_role("button", name=told.word("Sign in"), exact=True)).to_be_visible()


async def add_a_day_and_take_it_back(told: Teller) -> None:
    """How many dates move stands before the act, and before it is taken back."""
    await told.page.goto("/administration")
    await told.follow("Holidays and swap days")
    await told.follow("Add a day")
    await told.write("Day", DAY)
    await told.tick("day:holiday")
    await told.write("Name in Vietnamese", "Nghỉ thêm")
    await told.write("Name in English", "Extra day off")
    await told.press("See what it does")
    await told.sees("Running tasks that get another date: %(n)s")
    await told.can_be_read()
    await told.press("Add the day")
    await told.hears("day-added")
    added = told.page.get_by_role("row").filter(has_text=DAY[:5])
    await told.open(added.get_by_role("link"))
    await told.can_be_read()
    await told.press("Take the day away")
    await told.hears("day-removed")
    await expect(added).to_have_count(0)


async def read_the_rules(told: Teller) -> None:
    """Every rule with where it comes from, and those nobody knows with the way to set them."""
    await told.page.goto("/administration/plans")
    await told.open(told.page.get_by_role("main").get_by_role("link", name=re.compile("2024")).first)
    await told.sees("Every rule with its source")
    rule = told.page.get_by_role("row").filter(has_text=WORDS[told.language][1]).first
    await expect(rule).to_be_visible()
    ways = told.page.get_by_role("link", name=re.compile(re.escape(told.word("Set with source"))))
    assert await ways.count() > 0
    await told.open(ways.first)
    await told.can_be_read()
