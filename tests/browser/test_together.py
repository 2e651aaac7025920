"""Three desks and one journey: what one does, the others see without asking for the page again."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Sit
from tests.browser.seats import WIDE
from tests.browser.test_officers_story import SAYS, report

pytestmark = pytest.mark.xdist_group("browser")
SOON = 30_000  # milliseconds a busy machine may take; no speed is asserted


async def test_the_three_roles_see_each_others_acts(sit: Sit) -> None:
    """The commune reports: the task is before doctor and supervisor, the journey in the coordinator's list, who is typing there meanwhile.

    The doctor answers: the coordinator sees it done, the supervisor sees the number move.
    """
    says = SAYS["vi"]
    doctor = await sit("medical-centre.officer", size=WIDE)
    supervisor = await sit("district.supervisor", size=WIDE)
    coordinator = await sit("labour-division.coordinator", size=WIDE)
    await coordinator.goto("/journeys?commune=tri-an")
    await coordinator.get_by_role("textbox", name="Mã hồ sơ").press_sequentially("HW-24")
    reference = await report(await sit("commune-tri-an.officer", size=WIDE), says)
    task = doctor.get_by_role("link", name=re.compile(f"{says['health']}.*{reference}"))
    await expect(task).to_be_visible(timeout=SOON)
    stalls = supervisor.get_by_role("row", name=re.compile("Trung tâm Y tế")).first
    await expect(stalls).to_be_visible(timeout=SOON)
    before = await stalls.inner_text()
    opened = coordinator.get_by_role("link", name=reference, exact=True)
    await expect(opened).to_be_visible(timeout=SOON)
    typed = coordinator.get_by_role("textbox", name="Mã hồ sơ")
    await expect(typed).to_have_value("HW-24")
    await expect(typed).to_be_focused()
    await opened.click()
    examined = (
        coordinator.get_by_role("listitem")
        .filter(has=coordinator.get_by_role("link", name="Khám, chữa bệnh", exact=True))
        .last
    )
    await expect(examined).not_to_contain_text("Hoàn thành")
    await task.click()
    await doctor.get_by_label(says["done"]).check()
    await doctor.get_by_role("button", name=says["review"]).click()
    await doctor.get_by_role("button", name=says["send"], exact=True).click()
    await expect(examined).to_contain_text("Hoàn thành", timeout=SOON)
    await expect(
        supervisor.get_by_role("row").filter(has_text=re.compile(r"\s+".join(map(re.escape, before.split()))))
    ).to_have_count(0, timeout=SOON)
