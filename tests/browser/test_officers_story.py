"""The officer's story: a person comes to the commune, the medical centre examines them, on any screen, in either language."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.seats import PHONE, WIDE, until_there

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
    reference = await report(commune, says)
    doctor = await sit("medical-centre.officer", size=size, language=language, script=script)
    task = doctor.get_by_role("link", name=re.compile(f"{says['health']}.*{reference}"))
    await until_there(doctor, task)
    await task.click()
    await doctor.get_by_label(says["done"]).check()
    await doctor.get_by_role("button", name=says["review"]).click()
    await expect(doctor.get_by_role("heading", level=1)).to_be_visible()
    await doctor.get_by_role("button", name=says["send"], exact=True).click()
    await expect(doctor.get_by_role("status").filter(has_text=says["sent"])).to_be_visible()
