"""The page of a task: answered, kept as a draft, lost to somebody who was quicker; what happens next is said."""

from datetime import timedelta

import httpx
from sqlalchemy import select

from activities.casework.context import Office
from activities.store.engine import Sessions
from activities.store.tasks import Task
from api.pages.wording import Wording
from tests.build.outcomes import VALID
from tests.build.pages import Page, filled, send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, LABOUR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]


async def test_a_task_says_what_it_rests_on(visit: Visit, opens: Opens) -> None:
    """The part of the plan that gives the duty, in the list and on its page; why the date is that one stands beside."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    for path in ("/work", f"/tasks/{task}"):
        assert "Kế hoạch 2024" in Page((await doctor.get(path)).text).text, path


async def test_an_answer_is_read_back_sent_and_says_what_happens_next(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """Nothing is recorded that the officer did not see once more; afterwards they know who has it."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    visited = f"{office.today() + timedelta(days=20):%d/%m/%Y}"
    read_back = await send(doctor, f"/tasks/{task}", f"/tasks/{task}/check", took_place="yes", next_visit=visited)
    said = Page(read_back.text).text
    assert "Nội dung ghi nhận đã đúng chưa?" in said
    assert f"Ngày hẹn lần sau {visited} Có hẹn lần sau Có" in said
    sent = await doctor.post(f"/tasks/{task}/outcome", data=filled(read_back.text, f"/tasks/{task}/outcome"))
    said = Page(sent.text).text
    for each in ("Đã gửi kết quả", "Tiếp theo", "đang chuyển vào hồ sơ", f"Lần hẹn tới: {visited}", "Phòng Lao động"):
        assert each in said, said
    async with sessions() as session:
        row = await session.get_one(Task, task)
        assert (True, ["again"]) == ((row.outcome or {})["took_place"], row.flags)


async def test_what_does_not_fit_is_told_beside_its_field_and_the_text_stays(visit: Visit, opens: Opens) -> None:
    """A slip costs one field, not the whole form."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    got = await send(doctor, f"/tasks/{task}", f"/tasks/{task}/check", took_place="yes", next_visit="31/02/2024")
    assert httpx.codes.UNPROCESSABLE_ENTITY == got.status_code
    form = filled(got.text, f"/tasks/{task}/check")
    assert ("yes", "31/02/2024") == (form["took_place"], form["next_visit"])
    assert "Hãy ghi ngày theo dạng" in Page(got.text).text
    assert 1 == got.text.count('class="problem"')  # said once, where the focus goes


async def test_a_draft_comes_back_and_says_when_it_was_kept(visit: Visit, opens: Opens, office: Office) -> None:
    """An interrupted officer goes on where they were, and knows that it is their own text."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    form = filled((await doctor.get(f"/tasks/{task}")).text, f"/tasks/{task}/check", next_visit="nửa chừng")
    await doctor.post(f"/tasks/{task}/draft", data=form)
    page = (await doctor.get(f"/tasks/{task}")).text
    assert "nửa chừng" == filled(page, f"/tasks/{task}/check")["next_visit"]
    assert f"{office.today():%d/%m/%Y} đã được đưa lại" in Page(page).text


async def test_who_comes_second_learns_who_was_first_and_keeps_the_text(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """The agency, the hour and what was recorded; what the second one typed stands below to be copied."""
    task, doctor = await opens("record_choice"), await visit(LABOUR)
    page = (await doctor.get(f"/tasks/{task}")).text
    form = filled(page, f"/tasks/{task}/check", choice="centre")
    await answer(sessions, office, task, COORDINATOR, VALID["record_choice"])
    lost = await doctor.post(f"/tasks/{task}/outcome", data=form)
    said = Page(lost.text).text
    async with sessions() as session:
        when = (await session.get_one(Task, task)).ended_at
    assert when
    assert f"Hoàn thành – Về nơi cư trú, {Wording('vi').moment(when)}" in said, said
    assert httpx.codes.CONFLICT == lost.status_code
    for each in (
        "Việc đã kết thúc",
        "Phòng Lao động",
        "Hoàn thành – Về nơi cư trú",
        "chưa được ghi nhận",
        "Đến Trung tâm",
    ):
        assert each in said, said


async def test_a_draft_that_comes_too_late_stays_to_be_copied(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """A colleague answered first: who keeps a draft after that reads who and when, and all they had chosen is there."""
    task, labour = await opens("record_choice"), await visit(LABOUR)
    form = filled((await labour.get(f"/tasks/{task}")).text, f"/tasks/{task}/check", choice="centre")
    await answer(sessions, office, task, COORDINATOR, VALID["record_choice"])
    late = await labour.post(f"/tasks/{task}/draft", data=form)
    said = Page(late.text).text
    assert httpx.codes.CONFLICT == late.status_code
    for each in ("Việc đã kết thúc", "Phòng Lao động", "chưa được ghi nhận", "Đến Trung tâm"):
        assert each in said, said


async def test_an_answer_reviewed_after_somebody_elses_is_not_asked_about_again(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """Who reviews what a colleague has answered meanwhile learns it there, with all they typed and nothing they did not."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    form = filled((await doctor.get(f"/tasks/{task}")).text, f"/tasks/{task}/check", next_visit="12/05/2024")
    await answer(sessions, office, task, DOCTOR, VALID["examine_health"])
    late = await doctor.post(f"/tasks/{task}/check", data=form | {"took_place": "yes"})
    said = Page(late.text).text
    assert (httpx.codes.CONFLICT, False) == (late.status_code, "đã đúng chưa" in said)
    for each in (
        "Việc đã kết thúc",
        "Trung tâm Y tế",
        "Hoàn thành",
        f"{office.now():%Y}",
        "chưa được ghi nhận",
        "12/05/2024",
    ):
        assert each in said, said
    kept = late.text[late.text.index('id="kept"') :]
    assert "Có hẹn lần sau" not in kept[: kept.index("</section>")]


async def test_an_answer_reviewed_from_an_old_form_is_shown_the_task_as_it_is(
    visit: Visit, opens: Opens, sessions: Sessions
) -> None:
    """A review does not make an old form a new one: what changed is looked at first."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    form = filled((await doctor.get(f"/tasks/{task}")).text, f"/tasks/{task}/check", next_visit="12/05/2024")
    async with sessions.begin() as session:
        (await session.get_one(Task, task)).revision += 1
    stale = await doctor.post(f"/tasks/{task}/check", data=form | {"took_place": "yes"})
    assert httpx.codes.PRECONDITION_FAILED == stale.status_code
    assert "12/05/2024" == filled(stale.text, f"/tasks/{task}/check")["next_visit"]


async def test_a_form_drawn_before_a_change_keeps_its_text(visit: Visit, opens: Opens, sessions: Sessions) -> None:
    """A task that changed meanwhile is shown as it is, with what was typed in the form."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    form = filled((await doctor.get(f"/tasks/{task}")).text, f"/tasks/{task}/check", next_visit="12/05/2024")
    async with sessions.begin() as session:
        (await session.get_one(Task, task)).revision += 1
    stale = await doctor.post(f"/tasks/{task}/outcome", data=form | {"took_place": "yes"})
    assert httpx.codes.PRECONDITION_FAILED == stale.status_code
    assert "12/05/2024" == filled(stale.text, f"/tasks/{task}/check")["next_visit"]


async def test_the_same_form_sent_twice_records_one_answer(visit: Visit, opens: Opens, sessions: Sessions) -> None:
    """A doubled click is no second answer and no error."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    read_back = await send(doctor, f"/tasks/{task}", f"/tasks/{task}/check", took_place="yes")
    form = filled(read_back.text, f"/tasks/{task}/outcome")
    both = [await doctor.post(f"/tasks/{task}/outcome", data=form) for _ in range(2)]
    assert [httpx.codes.OK] * 2 == [each.status_code for each in both]
    assert all("Đã gửi kết quả" in each.text for each in both)
    async with sessions() as session:
        assert [1] == list(await session.scalars(select(Task.answers).where(Task.id == task)))


async def test_what_finance_works_on_stands_on_its_task_and_nothing_of_the_person(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """The voucher, its sum in dong; not the reference, not the name."""
    await answer(
        sessions, office, await opens("pay_journey_home"), LABOUR, VALID["pay_journey_home"] | {"cost_line": ""}
    )
    task = await opens("confirm_funds")
    said = Page((await (await visit("finance-division.officer")).get(f"/tasks/{task}")).text).text
    assert "490.000 đồng" in said
    assert "PC-0007" in said
    assert "HW-" not in said


async def test_what_the_person_chose_stays_before_whoever_leads(
    visit: Visit, sessions: Sessions, office: Office, opens: Opens, reported: str
) -> None:
    """The wish that waited is answered, and the page still says where the person wants to be."""
    task, coordinator = await opens("record_choice"), await visit(COORDINATOR)
    assert (
        "muốn ở đâu: về nơi cư trú" not in (await coordinator.get(f"/journeys/{reported}")).text.split('id="acts"')[0]
    )
    await answer(sessions, office, task, COORDINATOR, VALID["record_choice"])
    assert "muốn ở đâu: về nơi cư trú" in (await coordinator.get(f"/journeys/{reported}")).text.split('id="acts"')[0]
