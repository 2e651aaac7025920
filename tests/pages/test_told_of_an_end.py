"""How a journey ended and what was found, on the pages: told to the lead, and to nobody who had another part or only watches."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from activities.domain.states import Role
from activities.store.engine import Sessions
from api.pages.wording import Wording
from tests.api.test_officers_day import reported
from tests.api.test_who_reads_what_was_found import ABOVE, BANK, BANK_HEAD, FOUND, HEAD, LEAD, POLICE, closed, found
from tests.build.officers import newcomer
from tests.build.pages import Page
from tests.pages.conftest import Visit

__all__ = ("closed", "found", "reported")
OVER, WORDS = Wording("vi").said("closed", "journey"), Wording("vi").said(FOUND, "closing")
STAGE = Wording("vi").said("identification", "stage")


@pytest.mark.parametrize(("username", "told"), [(LEAD, True), (BANK, False), (BANK_HEAD, False), (ABOVE, False)])
async def test_the_page_of_a_closed_journey_says_why_to_the_lead(
    visit: Visit, closed: str, username: str, told: bool
) -> None:
    """For the others it is over, on its day, with nothing in brackets."""
    page = Page((await (await visit(username)).get(f"/journeys/{closed}")).text)
    assert OVER in page.text
    assert (told, told) == (f"({WORDS})" in page.text, WORDS in page.text)
    assert "()" not in page.text
    marked = {link for link in page.links if link.startswith("/plan?here=")}
    assert ({"/plan?here="} if username in (BANK, BANK_HEAD) else {"/plan?here=identification"}) == marked


async def test_the_list_and_its_sheet_leave_the_stage_out(visit: Visit, sessions: Sessions, closed: str) -> None:
    """For a coordinator of the bank, who leads nothing; the district's sheet has it."""
    await newcomer(sessions, "lan.bank", "policy-bank", Role.COORDINATOR, Role.OFFICER)
    stages = {}
    for username in ("lan.bank", ABOVE):
        browser = await visit(username)
        row = (await browser.get("/journeys")).text.split('id="journeys"')[1].split("</ul>")[0]
        assert (STAGE in row) is (username == ABOVE)
        rows = list(load_workbook(BytesIO((await browser.get("/journeys.xlsx")).content)).worksheets[0].values)
        stages[username] = [line[2] or "" for line in rows[2:]]
    assert {"lan.bank": [""], ABOVE: [STAGE]} == stages


@pytest.mark.parametrize(("username", "told"), [(LEAD, True), (POLICE, True), (HEAD, False), (ABOVE, False)])
async def test_the_timeline_says_what_was_found_to_whom_it_belongs(
    visit: Visit, reported: str, found: str, username: str, told: bool
) -> None:
    """Everybody who may look sees that the police answered."""
    words = "Không đủ căn cứ xác định"
    page = Page((await (await visit(username)).get(f"/journeys/{reported}/timeline")).text)
    assert Wording("vi").said("task-done", "event") in page.text
    assert told is (words in page.text)
