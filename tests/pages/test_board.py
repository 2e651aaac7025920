"""The supervisor's front page: every number opens exactly its rows, few statements, nobody else's board."""

import re
from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.casework.context import Office
from activities.store.engine import Sessions
from api.pages.supervision.figures import Figures
from api.pages.wording import Wording
from tests.api.test_board import _made
from tests.build.pages import Page, filled, go
from tests.build.statements import statements
from tests.pages.conftest import Visit

ROW = re.compile(r'name="shown" value="([^"]+)"')
OPTIONS = re.compile(r'<option value="([^"]*)"( selected)?>')
NUMBER = re.compile(r'<a href="(/board/rows[^"]*)"[^>]*>(\d+)</a>')


async def listed(browser: httpx.AsyncClient, path: str) -> list[str]:
    """Every row of a number, page by page, as somebody who follows the links meets them."""
    found = list[str]()
    while path:
        text = (await browser.get(path)).text
        found += ROW.findall(text)
        path = next((each for each in Page(text).links if "cursor=" in each), "")
    return found


def test_a_number_lets_no_foreign_text_into_the_page() -> None:
    """Whatever an office is called by: it is drawn as markup, so what comes from outside is escaped in it."""
    found = {"count": 3, "query": '?box=board&organisation="><script>'}
    profile, late = [{"days": None, "count": 1}], {"count": 1, "age": 90000.0, "query": "?'"}
    figures = Figures(Wording("vi"))
    drawn = [
        figures.number(found),
        figures.cells({"open": found | late, "overdue": found, "profile": profile}, ("overdue",)),
    ]
    assert not [each for each in drawn if "<script>" in each or 'organisation="' in each]
    assert all("organisation=&#34;&gt;&lt;script&gt;" in each for each in drawn)


@pytest.mark.parametrize("username", ["district.supervisor", "labour-division.coordinator", "medical-centre.head"])
async def test_every_number_of_the_page_opens_exactly_its_rows(
    visit: Visit, sessions: Sessions, office: Office, username: str
) -> None:
    """A supervisor who clicks 3 finds three tasks, whoever they are."""
    await _made(sessions, office, 5)
    browser = await visit(username)
    numbers = NUMBER.findall((await browser.get("/board")).text)
    assert len(numbers) > 10
    for path, count in numbers:
        rows = await listed(browser, path.replace("&amp;", "&"))
        assert (int(count), int(count)) == (len(rows), len(set(rows))), path


async def test_each_part_of_the_filter_can_be_taken_away(visit: Visit, sessions: Sessions, office: Office) -> None:
    """From one agency's unclaimed tasks to everybody's, and to all of that agency's."""
    await _made(sessions, office, 1)
    browser = await visit("district.supervisor")
    page = await go(browser, "/board/rows?state=unclaimed&organisation=medical-centre&kind=examine_health")
    assert {
        "/board/rows?organisation=medical-centre&kind=examine_health",
        "/board/rows?state=unclaimed&kind=examine_health",
        "/board/rows?state=unclaimed&organisation=medical-centre",
    } <= set(page.links)


async def test_rows_are_chosen_by_agency_and_kind_within_ones_own_reach(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Two lists to choose from; the address says what was chosen; a head is offered their own agency and those below it."""
    await _made(sessions, office, 1)
    above, head = await visit("district.supervisor"), await visit("medical-centre.head")
    chosen = "/board/rows?state=open&organisation=medical-centre&kind=examine_health"
    page = (await above.get(chosen)).text
    options = OPTIONS.findall(page.split('<select name="organisation">', 1)[1].split("</select>", 1)[0])
    assert {("medical-centre", " selected"), ("labour-division", "")} <= set(options)
    assert '<option value="examine_health" selected>' in page
    assert "medical-centre" == filled(page, "/board/rows")["organisation"]
    own = OPTIONS.findall(
        (await head.get("/board/rows")).text.split('<select name="organisation">', 1)[1].split("</select>")[0]
    )
    assert "medical-centre" in dict(own)
    assert "labour-division" not in dict(own)


async def test_the_board_asks_little_of_the_database(
    visit: Visit, sessions: Sessions, office: Office, engine: AsyncEngine
) -> None:
    """Four statements at the most, however many tasks, silent agencies or filters there are."""
    await _made(sessions, office, 2)
    browser = await visit("district.supervisor")
    for path in ("/board", "/board/rows?state=open&organisation=medical-centre", "/board/again", "/board/requests"):
        with statements(engine) as asked:
            await go(browser, path)
        assert len(asked) <= 4, (path, [each[-300:] for each in asked])


async def test_the_spreadsheet_has_the_numbers_and_says_as_of_when(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """What goes to a meeting is what stood on the page; a name that looks like a formula is text."""
    await _made(sessions, office, 3)
    browser = await visit("district.supervisor")
    answer = await browser.get("/board/numbers.xlsx")
    book = load_workbook(BytesIO(answer.content))
    shown = NUMBER.findall((await browser.get("/board")).text)
    for sheet, part in zip(book.worksheets, ("organisation=", "kind="), strict=True):
        assert "Số liệu lúc" in str(sheet["A1"].value)
        opened = {path: int(n) for path, n in shown if path.startswith("/board/rows?state=open&") and part in path}
        assert list(opened.values()) == [row[1].value for row in sheet.iter_rows(min_row=3)]


async def test_a_head_sees_their_agency_and_those_below(visit: Visit, sessions: Sessions, office: Office) -> None:
    """Another agency is as if it were not there."""
    await _made(sessions, office, 4)
    head = await visit("medical-centre.head")
    board = await go(head, "/board")
    assert {"/board/agencies/medical-centre"} == {link for link in board.links if link.startswith("/board/agencies/")}
    assert 200 == (await head.get("/board/agencies/medical-centre")).status_code
    assert 404 == (await head.get("/board/agencies/labour-division")).status_code
    assert [] == await listed(head, "/board/rows?state=open&organisation=labour-division")


@pytest.mark.parametrize("username", ["administrator", "medical-centre.officer"])
async def test_nobody_else_gets_a_board(visit: Visit, username: str) -> None:
    """An administrator and an officer are told in words that this is not theirs."""
    browser = await visit(username)
    for path in (
        "/board",
        "/board/rows",
        "/board/flow",
        "/board/escalations",
        "/board/requests",
        "/board/numbers.xlsx",
    ):
        answer = await browser.get(path)
        assert (403, True) == (answer.status_code, "Bạn không có quyền làm việc này." in Page(answer.text).text), path
