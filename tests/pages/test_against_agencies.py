"""What counts against an agency on the board: late, and the agency itself is waited for; the file of an agency says the same."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from activities.casework.context import Office
from activities.store.engine import Sessions
from activities.store.tasks import Task
from api.sorting import sort_key
from tests.api.test_board import _befalls, _made
from tests.build.pages import Page, go
from tests.casework.times import opened_kind
from tests.pages.conftest import Visit
from tests.pages.test_board import NUMBER, listed

LATE, COUNTS = "/board/rows?state=overdue&organisation=", "/board/rows?state=overdue_own&organisation="


async def test_what_waits_on_the_person_or_stands_still_does_not_count_against_the_agency(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Labour is late with a check, a wish nobody can force, and a task sent back: only the first counts against it."""
    own = await opened_kind(sessions, office, "check_information")
    wish = await opened_kind(sessions, office, "record_choice", own.journey)
    back = await opened_kind(sessions, office, "assess_needs", own.journey)
    await _befalls(sessions, office, back.task, "returned")
    async with sessions.begin() as session:
        for each in (own, wish, back):
            (await session.get_one(Task, each.task)).due_at = office.now() - timedelta(hours=1)
    above = await visit("district.supervisor")
    numbers = {path.replace("&amp;", "&"): int(n) for path, n in NUMBER.findall((await above.get("/board")).text)}
    assert (3, 1) == (numbers[f"{LATE}labour-division"], numbers[f"{COUNTS}labour-division"])
    [row] = await listed(above, f"{COUNTS}labour-division")
    assert own.task == row
    assert {own.task, wish.task, back.task} == set(await listed(above, f"{LATE}labour-division"))


@pytest.mark.parametrize(
    ("agency", "kind", "fate"), [("justice-division", "protect_rights_in_proceedings", ""), ("medical-centre", "examine_health", "undelivered")]
)  # fmt: skip
async def test_what_waits_on_a_court_or_came_to_nobody_does_not_count_against_the_agency(
    visit: Visit, sessions: Sessions, office: Office, agency: str, kind: str, fate: str
) -> None:
    """A court takes its time, a letter comes back: overdue for everybody to see, and held against no office."""
    task = (await opened_kind(sessions, office, kind)).task
    await _befalls(sessions, office, task, fate)
    async with sessions.begin() as session:
        (await session.get_one(Task, task)).due_at = office.now() - timedelta(hours=1)
    above = await visit("district.supervisor")
    page = (await above.get("/board")).text
    numbers = {path.replace("&amp;", "&"): int(n) for path, n in NUMBER.findall(page)}
    assert (1, None) == (numbers[LATE + agency], numbers.get(COUNTS + agency))
    assert ([task], []) == (await listed(above, LATE + agency), await listed(above, COUNTS + agency))


async def test_an_agency_is_taken_along_as_a_file(visit: Visit, sessions: Sessions, office: Office) -> None:
    """The numbers, who has how much in hand and the rows of the page, with the moment they were true; of no other agency."""
    await _made(sessions, office, 3)
    head = await visit("medical-centre.head")
    page = await go(head, "/board/agencies/medical-centre")
    answer = await head.get(next(each for each in page.links if each.endswith(".xlsx")))
    numbers, load, rows = load_workbook(BytesIO(answer.content)).worksheets
    assert all("Số liệu lúc" in str(each["A1"].value) for each in (numbers, load, rows))
    opened = len(await listed(head, "/board/rows?organisation=medical-centre"))
    assert (
        opened
        == numbers["B3"].value
        == rows.max_row - 2
        == sum(int(str(row[1].value)) for row in load.iter_rows(min_row=3))
    )
    assert 404 == (await head.get("/board/agencies/labour-division/agency.xlsx")).status_code


async def test_agencies_of_the_board_stand_in_the_order_of_their_names(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """As a Vietnamese reader looks for them, not by a code they never see."""
    await _made(sessions, office, 2)
    above = await visit("district.supervisor")
    page = Page((await above.get("/board")).text)
    codes = [each.rpartition("/")[2] for each in page.links if each.startswith("/board/agencies/")]
    table = load_workbook(BytesIO((await above.get("/board/numbers.xlsx")).content)).worksheets[0]
    names = [str(row[0].value) for row in table.iter_rows(min_row=3)]
    assert len(names) > 5
    assert sorted(names, key=sort_key) == names
    assert codes[: len(names)] != sorted(codes[: len(names)])
