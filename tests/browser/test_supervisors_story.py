"""The supervisor's story: what stalls, whom it waits on, and each thing they may do about it, seen before it is done."""

import re

import pytest
from playwright.async_api import expect

from deploy.local.supervisor import Stack
from tests.browser.conftest import Sit
from tests.browser.seats import PHONE, WIDE
from tests.browser.stage import report, send_back
from tests.browser.telling import Teller

pytestmark = pytest.mark.xdist_group("browser")
PLAN = {
    "vi": {
        "doctors": "Trung tâm Y tế huyện Vĩnh Cửu", "others": "Phòng Y tế huyện Vĩnh Cửu", "health": "Khám, chữa bệnh",
        "records": "Đối chiếu thông tin",
    },
    "en": {
        "doctors": "Medical Centre of Vĩnh Cửu", "others": "Health division of Vĩnh Cửu", "health": "Examine and treat",
        "records": "Check the records",
    },
}  # fmt: skip
OPEN = 0  # column of the board
LATER = "11/03/2024"


@pytest.mark.parametrize(
    ("size", "language", "script"), [(PHONE, "vi", True), (WIDE, "vi", False), (PHONE, "en", False), (WIDE, "en", True)]
)
async def test_what_stalls_is_found_and_moved(
    stack: Stack, sit: Sit, size: dict[str, int], language: str, script: bool
) -> None:  # fmt: skip
    """From the numbers to the rows behind them, to one task, to many at once, without a manual and without JavaScript."""
    returned, other = await report(stack), await report(stack)
    await send_back(stack, returned)
    page = await sit("district.supervisor", size=size, language=language, script=script)
    told, says = await Teller.at(page, language, "Stalled steps", script=script), PLAN[language]
    await open_a_number(told, says, returned)
    await remind(told)
    await open_the_agency(told, says, returned, other)
    await act_on_one(told, says, returned)
    await act_on_many(told, says, returned, other)
    await look_round(told)


async def open_a_number(told: Teller, says: dict[str, str], reference: str) -> None:
    """The number of what was returned opens exactly so many rows; without the filter there are more."""
    await told.sees("As of %(moment)s")
    shown = told.row(told.word("number:returned")).get_by_role("link")
    number = int(await shown.inner_text())
    await told.open(shown)
    rows = told.page.get_by_role("checkbox", name=told.pattern("Choose: %(task)s, %(reference)s, %(name)s"))
    await expect(rows).to_have_count(number)
    await told.open(told.page.get_by_role("link", name=re.compile(told.word("remove this filter"))).first)
    assert await rows.count() > number
    await told.page.go_back()
    await told.open(told.row(says["records"], reference).get_by_role("link"))


async def remind(told: Teller) -> None:
    """Whom I spoke to, what was promised, when to look again."""
    await told.follow("act:record")
    await told.write("Whom you spoke to", "Trực ban")
    await told.write("What was promised", "trả lời trong ngày")
    await told.write("Look again on", "05/03/2024")
    await told.press("Show what it will do")
    await told.sees("What this will do")
    await told.sees("trả lời trong ngày")
    await told.can_be_read()
    await told.press("Do it")
    await told.hears("act-record")
    await told.sees("trả lời trong ngày")


async def open_the_agency(told: Teller, says: dict[str, str], *references: str) -> None:
    """The agency's own number on the board opens its rows."""
    await told.follow("Stalled steps", told.page.get_by_role("navigation", name=told.word("Rooms")))
    agency = told.page.get_by_role("row", name=re.compile(says["doctors"]))
    await told.waits_for(agency)
    await told.open(agency.get_by_role("cell").nth(OPEN).get_by_role("link"))
    for reference in references:
        await told.waits_for(told.row(says["health"], reference))


async def act_on_one(told: Teller, says: dict[str, str], reference: str) -> None:
    """More time, the clock stopped and let go, another agency: the new date and its reason come before the act."""
    await told.open(told.row(says["health"], reference).get_by_role("link"))
    await told.follow("act:extend")
    await told.tick("reason-extend:papers")
    await told.write("Number", "3")
    await foreseen(told, "New due date %(day)s (it was %(was)s).", "Because: start %(start)s, time allowed %(budget)s")
    await told.hears("act-extend")
    await told.follow("act:pause")
    await told.tick("reason-pause:person")
    await told.write("Until when at the latest", LATER)
    await foreseen(told, "Because: start %(start)s, time allowed %(budget)s")
    await told.hears("act-pause")
    await told.follow("act:resume")
    await told.tick("reason-resume:come")
    await foreseen(told, "New due date %(day)s (it was %(was)s).")
    await told.hears("act-resume")
    await told.follow("act:reassign")
    await told.tick("reason-reassign:overloaded")
    offered = told.page.get_by_role("option").filter(has_text=says["others"])
    await expect(offered).to_have_text(
        re.compile(f"{says['others']} – {told.pattern('%(n)s open, %(late)s overdue').pattern}")
    )
    await told.choose("To which agency", says["others"])
    await foreseen(told, "%(name)s takes over and gets a notice. The due date: %(day)s.")
    await told.hears("act-reassign")
    await expect(told.page.get_by_role("link", name=says["others"])).to_be_visible()


async def act_on_many(told: Teller, says: dict[str, str], *references: str) -> None:
    """Rows chosen, seen one by one before, and told one by one after."""
    await told.follow("Stalled steps", told.page.get_by_role("navigation", name=told.word("Rooms")))
    await told.open(
        told.page.get_by_role("row", name=re.compile(f"^{says['health']}"))
        .get_by_role("cell")
        .nth(OPEN)
        .get_by_role("link")
    )
    for reference in references:
        await told.choose_row(says["health"], reference)
    await told.press("act:remind")
    await told.sees("%(num)s rows chosen", num=2)
    await told.can_be_read()
    await told.tick("reason-remind:soon")
    await told.press("Show what it will do")
    await told.sees("%(good)s of %(all)s rows can be done.", good=2, all=2)
    await told.can_be_read()
    for reference in references:
        await expect(told.row(reference)).to_contain_text(
            told.pattern("%(name)s gets a notice. The due date stays: %(day)s.")
        )
    await told.press("Do it for %(num)s rows", num=2)
    await told.sees("%(good)s done, %(bad)s not done.", good=2, bad=0)
    await told.can_be_read()
    for reference in references:
        await expect(told.row(reference)).to_contain_text(told.word("done"))
    await told.follow("Back to the rows")


async def look_round(told: Teller) -> None:
    """Who was told of what is overdue, what comes back today, and how the work flows."""
    for tab, sight in (
        ("Escalations", "escalation:overdue"), ("To look at again", "To look at again"), ("Flow", "Where journeys stand now"),
    ):  # fmt: skip
        await told.follow(tab)
        await expect(told.page.get_by_role("heading", level=1, name=told.word(tab), exact=True)).to_be_visible()
        await told.sees(sight)


async def foreseen(told: Teller, *messages: str) -> None:
    """What the act would do is read, then it is done."""
    await told.press("Show what it will do")
    await told.sees("What this will do")
    for message in messages:
        await told.sees(message)
    await told.press("Do it")
