"""The officer's story: a person comes to the commune, the medical centre examines them, on any screen, in either language."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.seats import PHONE, WIDE
from tests.browser.telling import Teller

pytestmark = pytest.mark.xdist_group("browser")
SAYS = {
    "vi": {
        "report": "Báo có người đến trình báo", "way": "Tự trở về", "open": "Mở hồ sơ", "opened": "Hồ sơ đã mở",
        "health": "Mở: Khám, chữa bệnh", "done": "Đã thực hiện", "review": "Xem lại và gửi", "send": "Gửi kết quả",
        "sent": "Đã gửi kết quả",
    },
    "en": {
        "report": "Report a person who came", "way": "Came back alone", "open": "Open the journey", "opened": "The journey is open",
        "health": "Open: Examine", "done": "It took place", "review": "Review and send", "send": "Send", "sent": "Sent.",
    },
}  # fmt: skip


async def report(page: Page, says: dict[str, str]) -> str:
    """Report a person who came; the reference of the journey."""
    await page.get_by_role("link", name=says["report"]).click()
    await page.get_by_label(says["way"]).check()
    await page.get_by_role("button", name=says["open"]).click()
    await expect(page.get_by_role("heading", name=says["opened"])).to_be_visible()
    return await page.get_by_text(re.compile(r"^HW-")).inner_text()


@pytest.mark.parametrize(
    ("size", "language", "script"), [(PHONE, "vi", True), (WIDE, "vi", False), (PHONE, "en", False), (WIDE, "en", True)]
)
async def test_a_person_is_reported_and_examined(sit: Sit, size: dict[str, int], language: str, script: bool) -> None:
    """From the commune's one screen to the medical centre's answer, without a manual and without JavaScript."""
    says = SAYS[language]
    commune = await sit("commune-tri-an.officer", size=size, language=language, script=script)
    told = await Teller.at(commune, language, "My work", script=script)
    await told.follow("Report a person who came")
    await told.tick("way:self_returned")
    await told.press("Open the journey")
    await told.sees("The journey is open")
    reference = await commune.get_by_text(re.compile(r"^HW-")).inner_text()
    doctor = await sit("medical-centre.officer", size=size, language=language, script=script)
    told = await Teller.at(doctor, language, "My work", script=script)
    task = doctor.get_by_role("link", name=re.compile(f"{says['health']}.*{reference}"))
    await told.waits_for(task)
    await told.open(task)
    await told.tick(says["done"])
    await told.press("Review and send")
    await told.sees("Is this what is to be recorded?")
    await told.press("Send")
    await expect(doctor.get_by_role("status").filter(has_text=says["sent"])).to_be_visible()
    assert (4, 3) == (told.tally["clicks"], told.tally["fields"]), (
        "as many steps as the story has: sign in, open, review, send"
    )
