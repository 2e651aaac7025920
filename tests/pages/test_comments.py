"""What is written of a journey as a whole is read by those it was written to, and by their notice."""

import httpx
from sqlalchemy import func, select

from activities.store.comments import Comment
from activities.store.engine import Sessions
from tests.build.pages import Page, filled
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]


async def test_a_doctor_writes_to_the_coordinator_of_a_journey_and_is_read(
    visit: Visit, opens: Opens, sessions: Sessions, reported: str
) -> None:
    """Found from the journey and from the bell; sent twice it stands once; the police, who are not meant, read nothing."""
    await opens("examine_health")
    await opens("check_records")
    at, doctor = f"/journeys/{reported}/comments", await visit(DOCTOR)
    form = filled((await doctor.get(at)).text, at, to="coordinator", text="Người này cần phiên dịch tiếng Khmer.")
    for _ in range(2):
        sent = await doctor.post(at, data=form)
        assert httpx.codes.OK == sent.status_code, sent.text
    async with sessions() as session:
        assert 1 == await session.scalar(select(func.count()).select_from(Comment))
    coordinator = await visit(COORDINATOR)
    assert at in Page((await coordinator.get(f"/journeys/{reported}")).text).links
    assert at in Page((await coordinator.get("/notices")).text).links
    assert "phiên dịch tiếng Khmer" in Page((await coordinator.get(at)).text).text
    police = await visit("district-police.officer")
    assert "Khmer" not in (await police.get(at)).text


async def test_words_for_nobody_are_kept_on_the_page(visit: Visit, opens: Opens, reported: str) -> None:
    """Nobody was ticked: the page says so, and the text is still there."""
    await opens("examine_health")
    at, doctor = f"/journeys/{reported}/comments", await visit(DOCTOR)
    form = filled((await doctor.get(at)).text, at, text="Chưa chọn người nhận")
    refused = await doctor.post(at, data=form)
    assert httpx.codes.UNPROCESSABLE_ENTITY == refused.status_code
    assert "Chưa chọn người nhận" == filled(refused.text, at)["text"]


async def test_the_timeline_names_the_task_a_comment_is_about(visit: Visit, opens: Opens, reported: str) -> None:
    """Of two comments the coordinator sees which is about the examination, and which about the journey as a whole."""
    task, doctor, at = await opens("examine_health"), await visit(DOCTOR), f"/journeys/{reported}"
    for path, form in ((f"/tasks/{task}", f"/tasks/{task}/comment"), (f"{at}/comments", f"{at}/comments")):
        sent = await doctor.post(
            form, data=filled((await doctor.get(path)).text, form, to="coordinator", text="cần gọi lại")
        )
        assert httpx.codes.OK == sent.status_code, sent.text
    told = Page((await (await visit(COORDINATOR)).get(f"{at}/timeline")).text)
    assert (1, 2) == (told.text.count("Trao đổi: Khám, chữa bệnh"), told.text.count("Trao đổi"))
