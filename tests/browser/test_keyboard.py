"""An officer whose mouse is broken: the whole story by keyboard, and the focus always to be seen."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.seats import WIDE, until_there
from tests.browser.test_officers_story import SAYS

pytestmark = pytest.mark.xdist_group("browser")
MOST = 80  # presses of the tab key until something must have been reached


async def reach(page: Page, name: str | re.Pattern[str]) -> None:
    """Press tab until the control of this name has the focus; every stop on the way shows where it is."""
    for _ in range(MOST):
        await page.keyboard.press("Tab")
        at = await page.evaluate(
            "(() => { const it = document.activeElement, style = getComputedStyle(it), label = it.labels?.[0]?.innerText;"
            " return {name: (it.getAttribute('aria-label') || label || it.innerText || '').trim(),"
            " seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none'}; })()"
        )
        assert at["seen"], f"nothing shows that {at['name']!r} has the focus"
        if re.search(name, at["name"]):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


async def follow(page: Page) -> None:
    """Enter, and the page it leads to."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.wait_for_function("document.readyState === 'complete' && document.activeElement")


async def choose(page: Page, name: str) -> None:
    """One answer of several: the arrow keys lead from the one the tab key stops at to the one of this name."""
    for _ in range(MOST):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.type === 'radio'"):
            break
    await page.keyboard.press("Space")
    wanted = page.get_by_role("radio", name=name)
    for _ in range(MOST):
        if await wanted.evaluate("it => it === document.activeElement"):
            return await expect(wanted).to_be_checked()
        await page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} cannot be chosen by keyboard")


async def report(page: Page, says: dict[str, str]) -> str:
    """A person who came is reported by keys alone; the reference of the journey."""
    await expect(page.get_by_role("link", name=says["report"])).to_be_visible()  # the sign-in has led here
    await reach(page, f"^{says['report']}$")
    await follow(page)
    await choose(page, says["way"])
    await reach(page, f"^{says['open']}$")
    await follow(page)
    await expect(page.get_by_role("heading", name=says["opened"])).to_be_visible()
    return await page.get_by_text(re.compile(r"^HW-")).inner_text()


async def test_a_person_is_reported_and_a_task_answered_without_a_mouse(sit: Sit) -> None:
    """The first stop leads past the menu; radio buttons, ticks and buttons answer to keys."""
    says = SAYS["vi"]
    reference = await report(await sit("commune-tri-an.officer", size=WIDE), says)
    doctor = await sit("medical-centre.officer", size=WIDE)
    await until_there(doctor, doctor.get_by_role("link", name=re.compile(f"{says['health']}.*{reference}")))
    await doctor.keyboard.press("Tab")
    await expect(doctor.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    await doctor.keyboard.press("Enter")
    await reach(doctor, re.compile(f"^{says['health']}.*{reference}"))
    await follow(doctor)
    await reach(doctor, f"^{says['done']}$")
    await doctor.keyboard.press("Space")
    await reach(doctor, says["review"])
    await follow(doctor)
    await reach(doctor, says["send"])
    await follow(doctor)
    await expect(doctor.get_by_role("status").filter(has_text=says["sent"])).to_be_visible()


async def test_what_is_missing_takes_the_focus(sit: Sit) -> None:
    """A form that cannot be sent says so first, and leads to the field."""
    page = await sit("commune-tri-an.officer", size=WIDE)
    await page.get_by_role("link", name=SAYS["vi"]["report"]).click()
    await page.get_by_role("button", name=SAYS["vi"]["open"]).click()
    summary = page.get_by_role("alert")
    await expect(summary).to_be_focused()
    await summary.get_by_role("link").first.click()
    await expect(page.get_by_role("group", name=re.compile("trở về bằng cách nào"))).to_be_visible()
