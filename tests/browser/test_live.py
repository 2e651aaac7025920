"""A page that stays open: it says of when it is, follows others' acts without being asked, and catches up after the line was away."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from deploy.local.supervisor import Stack
from tests.browser.conftest import Sit
from tests.browser.line import Line
from tests.browser.seats import WIDE
from tests.browser.stage import report, send_back

pytestmark = pytest.mark.xdist_group("browser")
SOON = 60_000  # milliseconds a busy machine may take; no speed is asserted
OPEN = "Đang mở"


def figure(page: Page, number: str = r"\d+") -> Locator:
    """The number of open tasks at the head of the board."""
    return page.get_by_role("listitem").filter(has_text=re.compile(rf"^\s*({number})\s*{OPEN}\s*$"))


async def shown(page: Page) -> int:
    """That number as it stands."""
    return int((await figure(page).inner_text()).split()[0])


async def grows(page: Page, before: int) -> None:
    """It comes to be greater, while nobody loads the page again."""
    await expect(figure(page, "|".join(str(before + more) for more in range(1, 40)))).to_be_visible(timeout=SOON)


async def test_the_board_moves_while_nothing_of_the_supervisors_own_changes(stack: Stack, sit: Sit) -> None:
    """A commune reports: no notice, no work of the supervisor's own; the board moves all the same."""
    page = await sit("district.supervisor", size=WIDE)
    await expect(page.get_by_text(re.compile(r"^Số liệu lúc \d\d:\d\d \d\d/\d\d/\d{4}"))).to_be_visible()
    await page.evaluate(
        "document.body.addEventListener('moved', () => document.body.setAttribute('data-moved', 'yes'))"
    )
    before = await shown(page)
    await report(stack)
    await grows(page, before)
    assert "yes" == await page.evaluate("document.body.dataset.moved")


async def test_the_board_catches_up_after_the_line_was_away(stack: Stack, sit: Sit) -> None:
    """What was reported while the supervisor had no line is on their board once they have it again; they touch nothing."""
    page = await sit("district.supervisor", size=WIDE)
    async with Line(stack.port) as line:
        async with page.expect_response(lambda answer: answer.url == f"{line.url}/live"):
            await page.goto(f"{line.url}/board")
        before = await shown(page)
        line.cut()
        await report(stack)
        assert before == await shown(page)
        line.mend()
        await grows(page, before)
        await expect(page.get_by_text(re.compile(r"^Số liệu lúc"))).to_be_visible()
        await page.close()


async def test_an_open_journey_catches_up_after_the_line_was_away(stack: Stack, sit: Sit) -> None:
    """The coordinator reads where a journey is; the police return their task while the line is away."""
    reference = await report(stack)
    page = await sit("labour-division.coordinator", size=WIDE)
    async with Line(stack.port) as line:
        await page.goto(f"{line.url}/journeys?reference={reference}")
        async with page.expect_response(lambda answer: answer.url == f"{line.url}/live"):
            await page.get_by_role("link", name=reference, exact=True).click()
        records = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Đối chiếu thông tin")).last
        await expect(records).to_contain_text("Chờ nhận", timeout=SOON)
        line.cut()
        await send_back(stack, reference)
        await expect(records).to_contain_text("Chờ nhận")
        line.mend()
        await expect(records).to_contain_text("Đã trả lại", timeout=SOON)
        await page.close()
