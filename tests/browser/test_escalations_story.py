"""The supervisor's story of a task that nobody did in time: who was told and when, who saw it, and who answered after all."""

import re

import pytest
from playwright.async_api import Locator, expect

from deploy.local.supervisor import Stack
from tests.browser.conftest import Sit
from tests.browser.seats import PHONE, WIDE
from tests.browser.stage import report
from tests.browser.telling import Teller

pytestmark = pytest.mark.xdist_group("browser")
RECORDS = "Đối chiếu thông tin"  # of the police, three days from the reception on
LONG_AGO = "2024-02-19T01:00:00Z"  # the person came; it is entered two weeks later
CAME_DUE = "22/02/2024"
OWED, SENT, DELIVERED, SEEN = range(1, 5)  # columns of a ladder behind its step and whom it tells


def ladder(told: Teller, reference: str) -> Locator:
    """What the page of escalations says of the task of this journey."""
    return told.page.get_by_role("region", name=RECORDS).filter(has_text=reference)


def step(ladder: Locator, told: Teller, rung: str) -> Locator:
    """The cells of one step of it."""
    return ladder.get_by_role("row").filter(has_text=told.word(f"rung:{rung}")).get_by_role("cell")


@pytest.mark.parametrize("size", [PHONE, WIDE])
async def test_what_is_overdue_shows_whom_it_was_told(stack: Stack, sit: Sit, size: dict[str, int]) -> None:
    """From the step that is owed to the head who saw it and the officer who answered: nobody need ask who knew."""
    reference = await report(stack, happened_at=LONG_AGO)
    page = await sit("district.supervisor", size=size)
    told = await Teller.at(page, "vi", "Stalled steps")
    await told.follow("Escalations")
    await told.waits_for(ladder(told, reference).get_by_text(told.word("delivery:delivered")).nth(4))
    await everybody_was_told(told, reference)
    await told.can_be_read()
    head = await Teller.at(await sit("district-police.head", size=size), "vi", "Stalled steps")
    await the_head_sees_it(head, reference)
    officer = await Teller.at(await sit("district-police.officer", size=size), "vi", "My work")
    await the_officer_answers(officer, reference)
    await told.follow("escalation:answered")
    await told.waits_for(ladder(told, reference))
    await who_saw_and_who_answered(told, reference)
    await told.can_be_read()


async def everybody_was_told(told: Teller, reference: str) -> None:
    """Every step up to the district was owed long ago, has gone out and arrived; nobody has looked; one is not owed yet."""
    here = ladder(told, reference)
    for rung in ("overdue_head", "overdue_directing", "overdue_lead", "overdue_district"):
        cells = step(here, told, rung)
        await expect(cells.nth(OWED)).to_have_text(re.compile(r"^\d\d:\d\d \d\d/02/2024$"))
        await expect(cells.nth(SENT)).to_have_text(re.compile(r"^\d\d:\d\d 04/03/2024$"))
        await expect(cells.nth(DELIVERED)).to_contain_text(told.word("delivery:delivered"))
        await expect(cells.nth(SEEN)).to_have_text(told.word("not yet"))
    await expect(step(here, told, "overdue_head").nth(OWED)).to_contain_text(CAME_DUE)
    await expect(step(here, told, "no_reply").nth(SENT)).to_have_text(told.word("still to come"))


async def the_head_sees_it(head: Teller, reference: str) -> None:
    """The head of the police opens the notice."""
    await head.open(head.page.get_by_role("link", name=re.compile(f"^{head.word('Notices')}")))
    told = head.row(reference, head.word("notice:rung-overdue_head"))
    await head.open(told.get_by_role("button"))
    await expect(head.page.get_by_role("heading", level=1, name=RECORDS)).to_be_visible()


async def the_officer_answers(officer: Teller, reference: str) -> None:
    """Late, and it counts all the same."""
    await officer.open(officer.page.get_by_role("link", name=re.compile(f"{RECORDS}.*{reference}")))
    await officer.tick("Không có thông tin")
    await officer.press("Review and send")
    await officer.press("Send")
    await officer.hears("answer-sent")


async def who_saw_and_who_answered(told: Teller, reference: str) -> None:
    """The head by name and hour at their step, the officer by name above; the step still owed fell away."""
    here = ladder(told, reference)
    await expect(step(here, told, "overdue_head").nth(SEEN)).to_have_text(re.compile(r"^\d\d:\d\d 04/03/2024, \S+"))
    await expect(step(here, told, "overdue_district").nth(SEEN)).to_have_text(told.word("not yet"))
    await expect(step(here, told, "no_reply").nth(SENT)).to_have_text(told.word("no longer owed"))
    await told.sees("answered by %(name)s")
