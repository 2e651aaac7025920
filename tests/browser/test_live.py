"""A page that stays open: it says of when it is, follows others' acts without being asked, and catches up after the line was away."""

import re

import pytest
from playwright.async_api import Page, expect

from deploy.local.supervisor import Stack
from tests.browser.conftest import Sit
from tests.browser.seats import WIDE
from tests.browser.stage import report, send_back

pytestmark = pytest.mark.xdist_group("browser")
SOON = 60_000  # milliseconds a busy machine may take; no speed is asserted
OPEN = "Đang mở"


async def number(page: Page, name: str) -> int:
    """A number at the head of the board."""
    return int(
        (await page.get_by_role("listitem").filter(has_text=name).locator("visible=true").last.inner_text()).split()[0]
    )


async def more_than(page: Page, name: str, before: int) -> None:
    """Wait until the number is greater, without loading the page again."""
    shown = page.get_by_role("listitem").filter(has_text=name).last
    greater = re.compile(rf"^\s*({'|'.join(str(before + more) for more in range(1, 40))})\s")
    await expect(shown).to_have_text(greater, timeout=SOON)


async def test_the_board_moves_while_nothing_of_the_supervisors_own_changes(stack: Stack, sit: Sit) -> None:
    """A commune reports: no notice, no work of the supervisor's own; the board moves all the same."""
    page = await sit("district.supervisor", size=WIDE)
    await expect(page.get_by_text(re.compile(r"^Số liệu lúc \d\d:\d\d \d\d/\d\d/\d{4}"))).to_be_visible()
    await page.evaluate(
        "document.body.addEventListener('moved', () => document.body.setAttribute('data-moved', 'yes'))"
    )
    before = await number(page, OPEN)
    await report(stack)
    await more_than(page, OPEN, before)
    assert "yes" == await page.evaluate("document.body.dataset.moved")


async def test_the_board_catches_up_after_the_line_was_away(stack: Stack, sit: Sit) -> None:
    """What was reported while the supervisor had no line is on their board once they have it again; they touch nothing."""
    page = await sit("district.supervisor", size=WIDE)
    before = await number(page, OPEN)
    await page.context.set_offline(offline=True)
    await report(stack)
    assert before == await number(page, OPEN)
    await page.context.set_offline(offline=False)
    await more_than(page, OPEN, before)
    await expect(page.get_by_text(re.compile(r"^Số liệu lúc"))).to_be_visible()


async def test_an_open_journey_catches_up_after_the_line_was_away(stack: Stack, sit: Sit) -> None:
    """The coordinator reads where a journey is; the police return their task while the line is away."""
    reference = await report(stack)
    page = await sit("labour-division.coordinator", size=WIDE)
    await page.goto(f"/journeys?reference={reference}")
    await page.get_by_role("link", name=reference, exact=True).click()
    records = (
        page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Đối chiếu thông tin", exact=True)).last
    )
    await expect(records).to_contain_text("Chờ nhận", timeout=SOON)
    await page.context.set_offline(offline=True)
    await send_back(stack, reference)
    await page.context.set_offline(offline=False)
    await expect(records).to_contain_text("Đã trả lại", timeout=SOON)
