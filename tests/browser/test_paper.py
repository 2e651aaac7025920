"""Pages that people print: the board, a task, rows, journeys, the slip, the guide, the plan. Paper has what is read, nothing that is pressed."""

import re
from io import BytesIO

import pytest
from playwright.async_api import ViewportSize, expect
from pypdf import PdfReader

from deploy.local.supervisor import Stack
from tests.browser.conftest import Sit
from tests.browser.seats import WIDE, until_there
from tests.browser.stage import report

pytestmark = pytest.mark.xdist_group("browser")
SHEET: ViewportSize = {"width": 680, "height": 1009}  # A4 within its margins, at 96 dots an inch
A4, INCH = (210, 297), 25.4 / 72  # millimetres; of a point
PRESSED = "nav, button, input, select, textarea, details:not(.printed) > summary, .act, .skip, #said, [data-count], a[href$='xlsx']"
PRESSED_STILL = f"""() => [...document.querySelectorAll("{PRESSED}")].filter(each => each.getClientRects().length)
    .map(each => each.outerHTML.slice(0, 120))"""
PALE = """() => [...document.querySelectorAll("main *")]
    .filter(each => each.getClientRects().length && !each.closest("svg") && each.innerText?.trim())
    .filter(each => getComputedStyle(each).color.match(/[0-9]+/g).slice(0, 3).some(part => Number(part) > 96))
    .map(each => each.outerHTML.slice(0, 120))"""
CUT = """() => [...document.querySelectorAll("main *")].filter(each => !each.closest("svg"))
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML.slice(0, 120))"""


PAGES = {
    "district.supervisor": (
        "/board", "/board/agencies/medical-centre", "/board/rows?organisation=medical-centre", "/board/escalations", "/board/flow", "{task}",
    ),
    "labour-division.coordinator": (
        "/journeys?commune=tri-an", "{journey}", "{journey}/timeline", "{journey}/receipt", "/guide/coordinator", "/plan",
    ),
    "medical-centre.officer": ("{task}",),
    "administrator": ("/administration/plans/plan-2024", "/contacts"),
}  # fmt: skip
READ = "() => [...document.querySelectorAll('main :is(h1, svg)')].filter(each => each.getClientRects().length).length"
BARE = """() => [...document.querySelectorAll("main :is(section, article) :is(h2, h3)")]
    .filter(each => each.getClientRects().length && each.parentElement.innerText.trim() === each.innerText.trim())
    .map(each => each.innerText)"""  # a heading over nothing
UNDATED = ("/guide/coordinator", "/plan", "/administration/plans/plan-2024")  # what does not change from hour to hour


@pytest.mark.parametrize("username", PAGES)
async def test_paper_has_what_is_read_and_nothing_that_is_pressed(stack: Stack, sit: Sit, username: str) -> None:
    """No menu, button or filter, nothing cut at the edge, black from the dark scheme too; what changes says of when it is."""
    reference = await report(stack)
    page, journey, task = await sit(username, size=WIDE, dark=True), "", ""
    if "coordinator" in username:
        await page.goto(f"/journeys?reference={reference}")
        await page.get_by_role("link", name=reference, exact=True).click()
        journey = page.url
    if "officer" in username:
        await until_there(page, page.get_by_role("link", name=re.compile(reference)))
        task = await page.get_by_role("link", name=re.compile(reference)).first.get_attribute("href") or ""
    if "supervisor" in username:
        row = page.get_by_role("listitem").filter(has_text=reference).get_by_role("link").first
        await page.goto("/board/rows?organisation=medical-centre")
        await until_there(page, row)
        task = await row.get_attribute("href") or ""
    for path in PAGES[username]:
        await page.goto(path.format(journey=journey, task=task))
        assert await page.evaluate(PRESSED_STILL), "there is something to press on the screen"
        await page.emulate_media(media="print")
        await page.set_viewport_size(SHEET)
        for fault in (PRESSED_STILL, CUT, PALE, BARE):
            assert [] == await page.evaluate(fault), path
        assert await page.evaluate(READ), f"an empty sheet: {path}"
        assert (path not in UNDATED) == ("Số liệu lúc" in await page.get_by_role("main").inner_text()), path
        await page.emulate_media(media="screen")
        await page.set_viewport_size({"width": WIDE["width"], "height": WIDE["height"]})


async def test_who_the_person_is_stays_off_paper(stack: Stack, sit: Sit) -> None:
    """The minute it is shown is long enough to print; a sheet hides nothing by itself, and lies on a table."""
    reference = await report(stack)
    page = await sit("labour-division.coordinator", size=WIDE)
    await page.goto(f"/journeys?reference={reference}")
    await page.get_by_role("link", name=reference, exact=True).click()
    await page.get_by_text("Ghi hoặc sửa thông tin").click()
    await page.get_by_label("Họ và tên", exact=True).fill("Nguyễn Thị Giấy")
    await page.get_by_role("button", name="Lưu", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="Đã lưu thông tin")).to_be_visible()
    await page.get_by_role("button", name="Hiện thông tin (có ghi nhật ký)").click()
    who = page.get_by_text("Nguyễn Thị Giấy")
    await expect(who).to_be_visible()
    await page.emulate_media(media="print")
    await expect(who).to_be_hidden()
    await expect(page.get_by_text("không in ra giấy")).to_be_visible()


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_guide_is_one_sheet_the_plan_another_and_every_sheet_is_a4(sit: Sit, language: str) -> None:
    """Of every role, as it comes out of a printer: an officer pins it to the wall."""
    page = await sit("labour-division.coordinator", size=WIDE, language=language)
    sheets = {f"/guide/{role}": A4 for role in ("officer", "coordinator", "supervisor", "administrator")}
    for path, sheet in (sheets | {"/plan": A4[::-1], "/board": A4, "/board/agencies/medical-centre": A4}).items():
        await page.goto(path)
        printed = PdfReader(BytesIO(await page.pdf(prefer_css_page_size=True))).pages
        measured = [(round(each.mediabox.width * INCH), round(each.mediabox.height * INCH)) for each in printed]
        assert measured == [sheet] * (len(printed) if "board" in path else 1), path
