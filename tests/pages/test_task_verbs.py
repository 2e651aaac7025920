"""The short forms of a task, each a story: opened on its page, filled in, sent, and told what came of it."""

import re

import httpx
import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.requests import read_words
from activities.casework.tasks import give_back
from activities.domain.states import Role
from activities.store.comments import Comment
from activities.store.corrections import Correction
from activities.store.delegations import Delegation
from activities.store.engine import Sessions
from activities.store.journeys import Danger
from activities.store.organisations import Officer, Organisation
from activities.store.reminders import Reminder
from activities.store.requests import Request
from activities.store.tasks import Task
from api.pages.wording import Wording
from tests.build.officers import actor, newcomer
from tests.build.outcomes import VALID
from tests.build.pages import Page, filled, send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, LABOUR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]
REFUSED = httpx.codes.UNPROCESSABLE_ENTITY


async def act(who: httpx.AsyncClient, task: str, name: str, **values: str | list[str]) -> httpx.Response:
    """Open the task, fill in one of its short forms, send it."""
    return await send(who, f"/tasks/{task}", f"/tasks/{task}/{name}", **values)


async def sure(who: httpx.AsyncClient, task: str, name: str, **values: str | list[str]) -> httpx.Response:
    """Send a form that is read back first, and say yes to what was read."""
    seen = await act(who, task, name, **values)
    return await who.post(f"/tasks/{task}/{name}", data=filled(seen.text, f"/tasks/{task}/{name}", step="send"))


async def test_a_task_is_taken_on_put_back_and_returned_with_a_reason(visit: Visit, opens: Opens) -> None:
    """Each act says what came of it; a return without a reason keeps the note."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    assert "Bạn đã nhận việc này." in (taken := await act(doctor, task, "claim")).text
    assert "do bạn giữ" in Page(taken.text).text
    assert "hàng chờ của cơ quan" in (await act(doctor, task, "release")).text
    without = await act(doctor, task, "return", note="thiếu giấy giới thiệu")
    assert REFUSED == without.status_code
    assert "thiếu giấy giới thiệu" == filled(without.text, f"/tasks/{task}/return")["note"]
    assert "Đã trả lại" in (await act(doctor, task, "return", reason="missing_facts", note="thiếu giấy")).text
    assert "Cán bộ điều phối sẽ trả lời" in (await doctor.get(f"/tasks/{task}")).text


async def test_a_return_keeps_the_draft_that_was_begun(visit: Visit, opens: Opens) -> None:
    """When the task comes again, what was typed before is still there."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    form = filled((await doctor.get(f"/tasks/{task}")).text, f"/tasks/{task}/check", next_visit="12/06/2024")
    await doctor.post(f"/tasks/{task}/draft", data=form)
    await act(doctor, task, "return", reason="other", note="hỏi lại")
    coordinator = await visit(COORDINATOR)
    await act(coordinator, task, "decide", kind="resend", reason="đã có giấy")
    assert "12/06/2024" == filled((await doctor.get(f"/tasks/{task}")).text, f"/tasks/{task}/check")["next_visit"]


async def test_the_note_of_a_return_is_that_of_this_return(visit: Visit, opens: Opens) -> None:
    """The holder who types on meanwhile does not wipe it out, and a second return without a note shows no older one."""
    task, doctor, coordinator = await opens("examine_health"), await visit(DOCTOR), await visit(COORDINATOR)
    await act(doctor, task, "return", reason="missing_facts", note="chưa có giấy hẹn")
    form = filled((await doctor.get(f"/tasks/{task}")).text, f"/tasks/{task}/check", next_visit="12/06/2024")
    await doctor.post(f"/tasks/{task}/draft", data=form)
    assert "chưa có giấy hẹn" in (await coordinator.get(f"/tasks/{task}")).text
    await act(coordinator, task, "decide", kind="resend", reason="đã có giấy")
    await act(doctor, task, "return", reason="wrong_place")
    page = (await coordinator.get(f"/tasks/{task}")).text
    assert (True, False) == ("Không đúng địa bàn" in page, "chưa có giấy hẹn" in page)
    assert "12/06/2024" in (await doctor.get(f"/tasks/{task}")).text


@pytest.mark.parametrize(
    ("kind", "organisation", "state", "holder"),
    [("resend", "", "open", "medical-centre"), ("reassign", "health-division", "open", "health-division"), ("withdraw", "", "withdrawn", "medical-centre")],
)  # fmt: skip
async def test_the_coordinator_answers_what_came_back(
    visit: Visit,
    opens: Opens,
    sessions: Sessions,
    office: Office,
    kind: str,
    organisation: str,
    state: str,
    holder: str,
) -> None:
    """The note is read where it is answered; the task goes again, elsewhere, or not at all."""
    task = await opens("examine_health")
    async with sessions.begin() as session:
        await give_back(session, office, await actor(session, DOCTOR), task, 1, "missing_facts", "chưa có giấy hẹn")
    coordinator = await visit(COORDINATOR)
    assert "chưa có giấy hẹn" in (await coordinator.get(f"/tasks/{task}")).text
    without = await act(coordinator, task, "decide", kind=kind, organisation=organisation)
    assert "Cần nêu lý do" in without.text
    done = await act(coordinator, task, "decide", kind=kind, organisation=organisation, reason="đã hỏi lại")
    assert "Đã trả lời việc bị trả lại." in done.text, Page(done.text).text
    async with sessions() as session:
        row = await session.get_one(Task, task)
        held = await session.get_one(Organisation, row.organisation_id)
        assert (state, holder) == (row.state.value, held.code)


async def test_who_sent_a_task_back_is_not_offered_to_withdraw_it(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """On its own page and on its journey's; a colleague is offered all three answers."""
    task = await opens("assess_needs")
    await newcomer(sessions, "binh.lead", "labour-division", Role.COORDINATOR)
    async with sessions.begin() as session:
        await give_back(session, office, await actor(session, COORDINATOR), task, 1, "other", "")
    for username, offered in ((COORDINATOR, False), ("binh.lead", True)):
        seat = await visit(username)
        for path in (f"/tasks/{task}", f"/journeys/{reported}"):
            page = (await seat.get(path)).text
            own = [each for each in ('value="resend"', 'value="withdraw"') if f'name="kind" {each}' in page]
            assert (1 + offered, not offered) == (len(own), "không phải người đã trả lại" in page), path


async def test_a_task_goes_down_to_a_colleague_or_a_unit_and_comes_back(
    visit: Visit, opens: Opens, sessions: Sessions
) -> None:
    """The agency that handed it down follows it and takes it back; without a reason nothing moves and the choice stays."""
    task, education = await opens("enrol_in_school"), await visit("education-division.officer")
    refused = await act(education, task, "delegate", whom="organisation:school-one")
    assert REFUSED == refused.status_code
    assert "organisation:school-one" == filled(refused.text, f"/tasks/{task}/delegate")["whom"]
    down = await sure(education, task, "delegate", whom="organisation:school-one", reason="trường gần nhà")
    assert "Đã giao việc" in down.text, Page(down.text).text
    assert "trường gần nhà" in down.text
    assert "Enrol" not in (await education.get("/work")).text
    assert "Đã giao xuống 1" in Page((await education.get("/work")).text).text
    assert "Đã thu lại việc." in (await act(education, task, "recall", reason="trường nghỉ hè")).text
    await newcomer(sessions, "education-division.second", "education-division")
    assert "Đã giao việc" in (await sure(education, task, "delegate", whom="officer:education-division.second", reason="phụ trách")).text  # fmt: skip
    async with sessions() as session:
        assert 2 == len(list(await session.scalars(select(Delegation).where(Delegation.task_id == task))))


async def test_time_facts_and_another_holder_are_asked_for_and_taken_back(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """Each is put before whoever decides it; the clock runs on, and the page says that it waits."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    unreadable = await act(doctor, task, "extend", count="năm", reason="bác sĩ đi công tác")
    assert "bác sĩ đi công tác" == filled(unreadable.text, f"/tasks/{task}/extend")["reason"]
    for name, more in (
        ("extend", {"count": "5", "unit": "WD"}),
        ("facts", {}),
        ("another", {"organisation": "health-division"}),
    ):
        asked = await act(doctor, task, name, reason=f"lý do {name}", **more)
        assert "Đã gửi đề nghị." in asked.text, Page(asked.text).text
    page = (await doctor.get(f"/tasks/{task}")).text
    assert f"/tasks/{task}/extend" not in Page(page).forms
    async with sessions() as session:
        found = list(await session.scalars(select(Request).where(Request.task_id == task)))
        assert {("extend", "P5WD", ""), ("facts", "", ""), ("reassign", "", "health-division")} == {
            (each.kind, each.budget, each.organisation) for each in found
        }
        words = {each.kind: read_words(office, each)["reason"] for each in found}
    assert "lý do facts" == words["facts"]
    asked_time = next(each.id for each in found if each.kind == "extend")
    assert "Đã rút đề nghị." in (await act(doctor, task, f"requests/{asked_time}/withdraw")).text


async def test_a_term_set_by_law_says_why_no_more_time_can_be_asked_for(visit: Visit, opens: Opens) -> None:
    """An officer is not sent through a form that the law refuses."""
    page = (await (await visit(LABOUR)).get(f"/tasks/{await opens('check_information')}")).text
    assert "Thời hạn do luật định và chưa rõ căn cứ" in page


async def test_a_reminder_a_comment_and_a_danger_are_written_down(
    visit: Visit, opens: Opens, sessions: Sessions, reported: str
) -> None:
    """Whom was spoken to, who is to read, what was seen; the danger opens protection at once."""
    task, coordinator, doctor = await opens("examine_health"), await visit(COORDINATOR), await visit(DOCTOR)
    late = await act(coordinator, task, "remind", whom="trưởng khoa", look_again_on="01/01/2024")
    assert "trưởng khoa" == filled(late.text, f"/tasks/{task}/remind")["whom"]
    assert (
        "Đã ghi nhận đôn đốc." in (await act(coordinator, task, "remind", whom="trưởng khoa", promised="thứ Sáu")).text
    )
    nobody = await act(doctor, task, "comment", text="đã hẹn khám")
    assert "đã hẹn khám" == filled(nobody.text, f"/tasks/{task}/comment")["text"]
    assert "đã hẹn khám" in (await act(doctor, task, "comment", text="đã hẹn khám", to=["coordinator", "head"])).text
    assert "đã hẹn khám" in (await coordinator.get(f"/tasks/{task}")).text
    assert "Đã báo nguy hiểm." in (await sure(doctor, task, "danger", note="có người lạ theo dõi")).text
    async with sessions() as session:
        assert 1 == len(list(await session.scalars(select(Reminder).where(Reminder.task_id == task))))
        assert [["head", "coordinator"]] == list(await session.scalars(select(Comment.to)))
        assert [reported] == list(await session.scalars(select(Danger.journey_id)))


async def test_a_danger_is_read_back_before_anybody_is_alarmed(visit: Visit, opens: Opens, sessions: Sessions) -> None:
    """What is recorded, what opens and who is told stand there; one goes back with the words kept, and it counts once."""
    task, doctor, action = await opens("examine_health"), await visit(DOCTOR), "danger"
    seen = await act(doctor, task, action, note="có người lạ theo dõi")
    for words in (
        "có người lạ theo dõi",
        "Đánh giá nguy cơ mất an toàn",
        "Ai được báo",
        "điều phối của Phòng Lao động",
    ):
        assert words in Page(seen.text).text
    path = f"/tasks/{task}/{action}"
    back = await doctor.post(path, data=filled(seen.text, path, step="edit"))
    assert "có người lạ theo dõi" in back.text.split('id="act-danger" open', 1)[1]
    async with sessions() as session:
        assert [] == list(await session.scalars(select(Danger)))
    for _ in range(2):
        await doctor.post(path, data=filled(seen.text, path, step="send"))
    async with sessions() as session:
        assert 1 == len(list(await session.scalars(select(Danger))))


async def test_the_agency_above_reads_why_its_unit_gave_a_task_back(visit: Visit, opens: Opens) -> None:
    """The reason in words and the note beside it, where the chain of hands is shown."""
    task, education = await opens("enrol_in_school"), await visit("education-division.officer")
    await sure(education, task, "delegate", whom="organisation:school-one", reason="trường gần nhà")
    school, why = await visit("school-one.officer"), {"reason": "missing_facts", "note": "chưa có giấy khai sinh"}
    await act(school, task, "return", **why)
    shown = Page((await education.get(f"/tasks/{task}")).text).text
    assert re.search(rf"trả lại ngày [\d/]+: {Wording('vi').said(why['reason'], 'return')}: “{why['note']}”", shown), (
        shown
    )


async def test_a_hand_down_is_read_back_before_it_is_done(visit: Visit, opens: Opens, sessions: Sessions) -> None:
    """To whom, why, until when and who is told; what was typed comes back to the form, and nothing moved until yes is said."""
    task, education = await opens("enrol_in_school"), await visit("education-division.officer")
    path = f"/tasks/{task}/delegate"
    seen = await act(education, task, "delegate", whom="organisation:school-one", reason="trường gần nhà")
    async with sessions() as session:
        [name] = await session.scalars(select(Organisation.name_vi).where(Organisation.code == "school-one"))
        due = (await session.get_one(Task, task)).due_at
    for words in (name, "trường gần nhà", Wording("vi").moment(due), "Ai được báo"):
        assert words in Page(seen.text).text
    back = filled((await education.post(path, data=filled(seen.text, path, step="edit"))).text, path)
    assert ("organisation:school-one", "trường gần nhà") == (back["whom"], back["reason"])
    async with sessions() as session:
        assert [] == list(await session.scalars(select(Delegation)))


async def test_a_division_names_whom_at_the_school_it_means(visit: Visit, opens: Opens, sessions: Sessions) -> None:
    """The unit's own officers are offered where it is read back, nobody else's; whoever is named has the task in hand."""
    task, education = await opens("enrol_in_school"), await visit("education-division.officer")
    path = f"/tasks/{task}/delegate"
    seen = await act(education, task, "delegate", whom="organisation:school-one", reason="trường gần nhà")
    assert 'value="school-one.officer"' in seen.text
    assert 'value="education-division.officer"' not in seen.text
    refused = await education.post(path, data=filled(seen.text, path, step="send", named="medical-centre.officer"))
    assert REFUSED == refused.status_code
    down = await education.post(path, data=filled(seen.text, path, step="send", named="school-one.officer"))
    assert "Đã giao việc" in down.text, Page(down.text).text
    async with sessions() as session:
        holder = select(Officer.username).join(Task, Task.officer_id == Officer.id).where(Task.id == task)
        assert "school-one.officer" == await session.scalar(holder)


async def test_a_correction_shows_what_it_changes_before_it_is_sent(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """A slip that chose no way is corrected at once; the effect was on the page before."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    await answer(sessions, office, task, DOCTOR, VALID["examine_health"])
    seen = await act(doctor, task, "correct", onward_referral="yes", correction_reason="đánh dấu thiếu")
    said = Page(seen.text).text
    assert "Không việc nào bị thu hồi" in said, said
    assert "Có hiệu lực ngay khi gửi" in said
    again = await doctor.post(f"/tasks/{task}/correct", data=filled(seen.text, f"/tasks/{task}/correct", step="edit"))
    assert "đánh dấu thiếu" == filled(again.text, f"/tasks/{task}/correct")["correction_reason"]
    done = await doctor.post(f"/tasks/{task}/correct", data=filled(seen.text, f"/tasks/{task}/correct", step="send"))
    assert "Đã đính chính." in done.text, Page(done.text).text
    async with sessions() as session:
        made = (await session.scalars(select(Correction))).one()
        assert ("applied", ["onward_referral"]) == (made.state, made.fields)


async def test_a_correction_that_changes_the_way_waits_for_two_people(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """The page says so before it is sent; what is unchanged is refused with the reason kept."""
    task, labour = await opens("record_choice"), await visit(LABOUR)
    await answer(sessions, office, task, LABOUR, VALID["record_choice"])
    bare = await act(labour, task, "correct", choice="centre")
    assert 'required aria-invalid="true" aria-describedby="correction_reason-problem"' in bare.text
    empty = await act(labour, task, "correct", correction_reason="không khác gì")
    assert "không khác gì" == filled(empty.text, f"/tasks/{task}/correct")["correction_reason"]
    seen = await act(labour, task, "correct", choice="centre", correction_reason="nghe nhầm")
    assert "sẽ quyết định" in Page(seen.text).text
    sent = await labour.post(f"/tasks/{task}/correct", data=filled(seen.text, f"/tasks/{task}/correct", step="send"))
    assert "chờ cán bộ điều phối" in sent.text
    assert "đã đề nghị đính chính" in Page((await labour.get("/work?box=done")).text).text


async def test_a_reason_that_was_answered_is_not_the_reason_of_its_correction(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """Why the person left the Centre, and why that is corrected, are two things on one form."""
    task, centre = await opens("leave_centre"), await visit("social-work-centre.officer")
    left = VALID["leave_centre"] | {"left_on": office.today().isoformat()}
    await answer(sessions, office, task, "social-work-centre.officer", left)
    seen = await act(centre, task, "correct", reason="own_wish", correction_reason="ghi nhầm lý do")
    await centre.post(f"/tasks/{task}/correct", data=filled(seen.text, f"/tasks/{task}/correct", step="send"))
    async with sessions() as session:
        row = await session.get_one(Task, task)
        assert "own_wish" == (row.outcome or {})["reason"]
