"""What each page says afterwards: of a task that came back, was taken back, was entered from a paper; of a journey closed or opened again."""

import httpx

from activities.casework.context import Office
from activities.casework.ending import close_journey
from activities.casework.locks import lock_journey
from activities.casework.reopening import reopen
from activities.store.engine import Sessions
from tests.build.files import pdf
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.pages import Page, filled, go, send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, LABOUR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]
POLICE, COMMUNE_POLICE = "district-police.officer", "police-tri-an.officer"


async def act(who: httpx.AsyncClient, task: str, name: str, **values: str) -> Page:
    """One short form of a task; the page it leads to."""
    return Page((await send(who, f"/tasks/{task}", f"/tasks/{task}/{name}", **values)).text)


async def test_who_gets_a_task_again_reads_why(visit: Visit, opens: Opens) -> None:
    """The doctor said it is the wrong place; the coordinator's answer stands on the task, not in a telephone call."""
    task, doctor, coordinator = await opens("examine_health"), await visit(DOCTOR), await visit(COORDINATOR)
    await act(doctor, task, "return", reason="wrong_place")
    await act(coordinator, task, "decide", kind="resend", reason="người này đang ở Trị An")
    assert "người này đang ở Trị An" in (await go(doctor, f"/tasks/{task}")).text
    await act(doctor, task, "return", reason="not_ours")
    await act(coordinator, task, "decide", kind="withdraw", reason="đã khám ở tỉnh")
    said = (await go(doctor, f"/tasks/{task}")).text
    assert "Đã thu hồi: đã khám ở tỉnh" in said
    assert "Ai đã giữ việc" in said


async def test_what_was_handed_down_comes_back_to_whoever_handed_it_down(visit: Visit, opens: Opens) -> None:
    """The form, the notice and the task name the agency above, and nobody is told of the coordinator."""
    task, police, commune = await opens("check_records"), await visit(POLICE), await visit(COMMUNE_POLICE)
    sure = await send(
        police, f"/tasks/{task}", f"/tasks/{task}/delegate", whom="organisation:police-tri-an", reason="gần dân"
    )
    await police.post(f"/tasks/{task}/delegate", data=filled(sure.text, f"/tasks/{task}/delegate", step="send"))
    form = (await go(commune, f"/tasks/{task}")).text
    assert ("Ghi chú cho cơ quan đã giao việc" in form, "Ghi chú cho cán bộ điều phối" in form) == (True, False)
    done = await act(commune, task, "return", reason="missing_facts", note="chưa có họ tên")
    assert "Đã trả lại cho cơ quan đã giao việc." in done.text
    assert "Việc đã giao xuống bị trả lại" in (await go(police, "/notices")).text
    said = (await go(police, f"/tasks/{task}")).text
    assert "trả lại ngày" in said
    assert "Thiếu thông tin : “ chưa có họ tên ”".replace(" ", "") in said.replace(" ", "")
    assert "thu lại ngày" not in said


async def test_an_answer_from_a_paper_is_told_to_each_as_it_concerns_them(
    visit: Visit, opens: Opens, office: Office
) -> None:
    """The coordinator reads that the agency may object, the agency that it may; while it objects it is not asked to again."""
    task, coordinator, doctor = await opens("examine_health"), await visit(COORDINATOR), await visit(DOCTOR)
    at = f"/tasks/{task}/attachments"
    given = filled((await coordinator.get(f"/tasks/{task}")).text, at)
    await coordinator.post(at, data=given, files=[("file", ("công văn.pdf", pdf()))])
    day = f"{office.today():%d/%m/%Y}"
    paper = {
        "paper_number": "18/CV",
        "paper_signer": "Ký",
        "paper_date": day,
        "paper_received_on": day,
        "took_place": "yes",
    }
    read = await send(coordinator, f"/tasks/{task}", f"/tasks/{task}/check", **paper)
    done = await coordinator.post(f"/tasks/{task}/outcome", data=filled(read.text, f"/tasks/{task}/outcome"))
    told = Page(done.text).text
    assert ("Cơ quan được phản đối đến" in told, "Bạn được phản đối" in told, "Kết quả của cơ quan bạn" in told) == (
        True,
        False,
        False,
    )
    assert f"Thời điểm thực hiện {day}" in told
    assert "Bạn được phản đối đến" in (await go(doctor, f"/tasks/{task}")).text
    seen = await send(
        doctor, f"/tasks/{task}", f"/tasks/{task}/correct", onward_referral="yes", correction_reason="khác"
    )
    assert "Gửi phản đối" in seen.text
    sent = await doctor.post(f"/tasks/{task}/correct", data=filled(seen.text, f"/tasks/{task}/correct", step="send"))
    assert "Phản đối ngày" in Page(sent.text).text
    assert f"/tasks/{task}/correct" not in Page(sent.text).forms
    assert "Bạn được phản đối" not in Page(sent.text).text
    timeline = (await go(coordinator, f"/journeys/{await _journey(coordinator, task)}/timeline")).text
    assert "không đồng ý với nội dung đã ghi nhận thay theo văn bản của mình" in timeline


async def _journey(who: httpx.AsyncClient, task: str) -> str:
    page = await go(who, f"/tasks/{task}")
    return next(each.removeprefix("/journeys/") for each in page.links if each.startswith("/journeys/journey-"))


async def test_a_journey_closed_and_opened_again_says_so_everywhere(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """Closed, no form is offered that would be refused; opened again, from which stage, and that closing is still to come."""
    task, labour, coordinator = await opens("close_journey"), await visit(LABOUR), await visit(COORDINATOR)
    await answer(sessions, office, task, LABOUR, VALID["close_journey"])
    async with sessions.begin() as session:
        close_journey(session, office, await lock_journey(session, reported), "settled")
    page = await go(labour, f"/tasks/{task}")
    assert [] == [each for each in page.forms if each.endswith(("/danger", "/comment"))]
    assert "không còn việc tiếp theo" in page.text
    async with sessions.begin() as session:
        await reopen(session, office, await actor(session, COORDINATOR), reported, "có kết quả mới", "identification")
    assert "từ giai đoạn: Xác minh, xác định" in (await go(coordinator, f"/journeys/{reported}/timeline")).text
    again = (await go(coordinator, f"/journeys/{reported}")).text
    assert "Theo dõi, kết thúc chưa đến" in again
    assert "Còn sẽ mở: Thăm, nắm tình hình; Kết thúc hồ sơ" in again
    await opens("close_journey", 2)
    assert "Kết thúc hồ sơ ( lần 2 )".replace(" ", "") in (await go(coordinator, f"/journeys/{reported}")).text.replace(
        " ", ""
    )
