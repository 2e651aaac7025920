"""What a supervisor does about a task from its page: what was foreseen is what happens, and what cannot be done says why."""

from datetime import date, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.reasons import whole
from activities.casework.tasks import claim, submit
from activities.domain.states import DecisionKind, TaskState
from activities.plan.calendar import TIME_ZONE
from activities.store.engine import Sessions
from activities.store.reminders import Reminder
from activities.store.tasks import Decision, Task
from api.pages.wording import Wording
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.pages import Page, go, press
from tests.casework.test_races import opened
from tests.casework.times import opened_kind
from tests.pages.conftest import Visit

ABOVE = "district.supervisor"


async def row(sessions: Sessions, task: str) -> Task:
    """The task as it is kept."""
    async with sessions() as session:
        return await session.get_one(Task, task)


async def act(browser: httpx.AsyncClient, task: str, name: str, **given: str) -> tuple[str, httpx.Response]:
    """Fill in an act's form, look at what it would do, do it: what was foreseen, and the answer."""
    path = f"/board/tasks/{task}/{name}"
    seen = await press(browser, await go(browser, path), path, step="preview", **given)
    assert 200 == seen.status_code, Page(seen.text).text
    preview = Page(seen.text)
    return preview.text, await press(browser, preview, path, step="do")


def said(moment: datetime) -> str:
    """A moment as the page writes it."""
    return f"{moment.astimezone(TIME_ZONE):%H:%M %d/%m/%Y}"


async def test_an_extension_does_what_its_preview_said(visit: Visit, sessions: Sessions, office: Office) -> None:
    """The supervisor reads the new date and why before they decide; the agency gets exactly that date."""
    task = (await opened(sessions, office)).task
    browser, before = await visit(ABOVE), await row(sessions, task)
    told, answer = await act(browser, task, "extend", reason="papers", note="chờ xã", count="3", unit="wd")
    after = await row(sessions, task)
    assert (303, f"/board/tasks/{task}?said=act-extend") == (answer.status_code, answer.headers["location"])
    assert after.due_at > before.due_at
    assert f"Hạn mới {said(after.due_at)} (trước đó {said(before.due_at)})" in told
    assert "3 ngày làm việc" in told
    async with sessions() as session:
        kept = (await session.scalars(select(Decision).where(Decision.task_id == task))).one()
    assert ("extend", "extend/papers: chờ xã") == (kept.kind, whole(office, kept.task_id, kept.reason))
    assert "Chờ giấy tờ, tài liệu: chờ xã" in (await go(browser, f"/board/tasks/{task}")).text
    browser.cookies.set("homeward-language", "en")
    english = (await go(browser, f"/board/tasks/{task}")).text
    assert f"{Wording('en').said('papers', 'reason-extend')}: chờ xã" in english
    assert "Chờ giấy tờ" not in english


async def test_a_pause_and_its_end_do_what_their_previews_said(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """The clock stands still until the day named; let go on before, the date is the one that was shown."""
    task = (await opened_kind(sessions, office, "examine_health")).task
    browser, until = await visit(ABOVE), date(2024, 3, 11)
    told, _ = await act(browser, task, "pause", reason="person", until=f"{until:%d/%m/%Y}")
    paused = await row(sessions, task)
    assert (TaskState.PAUSED, office.calendar.start_of(until)) == (paused.state, paused.paused_until)
    assert "muộn nhất đến 11/03/2024" in told
    told, _ = await act(browser, task, "resume", reason="come")
    gone_on = await row(sessions, task)
    assert TaskState.OPEN is gone_on.state
    assert f"Hạn mới {said(gone_on.due_at)}" in told


async def test_more_time_that_is_over_already_says_so(visit: Visit, sessions: Sessions, office: Office) -> None:
    """Who gives two days to what is weeks late reads that it stays overdue, before they do it; enough time says nothing of it."""
    task = (await opened_kind(sessions, office, "examine_health")).task
    async with sessions.begin() as session:
        late = await session.get_one(Task, task)
        late.start_at, late.due_at = late.start_at - timedelta(days=60), late.due_at - timedelta(days=60)
    browser, path = await visit(ABOVE), f"/board/tasks/{task}/extend"
    for count, said in (("2", True), ("90", False)):
        seen = await press(browser, await go(browser, path), path, step="preview", reason="papers", count=count)
        assert (200, said) == (seen.status_code, "Hạn này cũng đã qua: việc vẫn quá hạn." in Page(seen.text).text)


async def test_nothing_of_a_preview_stays(visit: Visit, sessions: Sessions, office: Office) -> None:
    """Whoever only looks changes nothing: not the date, not the revision, not the journal."""
    task = (await opened(sessions, office)).task
    browser, before = await visit(ABOVE), await row(sessions, task)
    path = f"/board/tasks/{task}/waive"
    page = await go(browser, path)
    seen = await press(browser, page, path, step="preview", reason="double")
    after = await row(sessions, task)
    assert "Không ai phải thực hiện việc này nữa" in Page(seen.text).text
    assert (before.state, before.revision, before.due_at) == (after.state, after.revision, after.due_at)
    async with sessions() as session:
        assert [] == list(await session.scalars(select(Decision).where(Decision.task_id == task)))


async def test_a_new_agency_is_chosen_beside_its_load(visit: Visit, sessions: Sessions, office: Office) -> None:
    """What each agency has open now stands beside its name; the one chosen has the task then."""
    await opened_kind(sessions, office, "examine_health")
    task = (await opened(sessions, office)).task
    browser = await visit(ABOVE)
    form = await go(browser, f"/board/tasks/{task}/reassign")
    assert "đang có 1 việc, quá hạn 0" in form.text
    told, answer = await act(browser, task, "reassign", reason="overloaded", organisation="medical-centre")
    assert ("nhận việc và nhận được thông báo" in told, 303) == (True, answer.status_code)
    listed = await go(browser, "/board/rows?organisation=medical-centre")
    assert f"/board/tasks/{task}" in listed.links


async def test_a_head_loses_sight_of_what_they_gave_away(visit: Visit, sessions: Sessions, office: Office) -> None:
    """They are told it was done, on a page that is still theirs; other agencies' load is not shown to them."""
    task = (await opened_kind(sessions, office, "examine_health")).task
    head = await visit("medical-centre.head")
    assert "không thuộc phạm vi của bạn" in (await go(head, f"/board/tasks/{task}/reassign")).text
    _, answer = await act(head, task, "reassign", reason="not-theirs", organisation="labour-division")
    assert "/board?said=act-reassign" == answer.headers["location"]
    assert 404 == (await head.get(f"/board/tasks/{task}")).status_code


async def test_what_cannot_be_done_says_why(visit: Visit, sessions: Sessions, office: Office) -> None:
    """A clock of the law, one's own task, a clock that does not stand still: in words, before anybody tries."""
    fixed = (await opened_kind(sessions, office, "check_information")).task
    browser = await visit(ABOVE)
    for name in ("extend", "pause", "waive"):
        assert "Thời hạn luật định: không có căn cứ" in (await go(browser, f"/board/tasks/{fixed}/{name}")).text
    assert "Việc không tạm dừng." in (await go(browser, f"/board/tasks/{fixed}/resume")).text
    ours = (await opened_kind(sessions, office, "examine_health")).task
    async with sessions.begin() as session:
        own = await actor(session, "medical-centre.head")
        (await session.get_one(Task, ours)).officer_id = own.officer_id
    head = await visit("medical-centre.head")
    assert "Không được tự quyết định việc của mình." in (await go(head, f"/board/tasks/{ours}/waive")).text


@pytest.mark.parametrize(
    ("name", "given", "word"),
    [
        ("extend", {"reason": "papers", "count": "mai", "unit": "wd"}, "Thời gian gia hạn không đọc được"),
        ("extend", {"reason": "papers", "count": "99", "unit": "m"}, "Thời gian gia hạn quá dài."),
        ("extend", {"count": "1", "unit": "wd"}, "Cần nêu lý do."),
        ("extend", {"reason": "other", "note": "", "count": "1", "unit": "wd"}, "Mục này cần được điền."),
        ("pause", {"reason": "court", "until": "hôm nào"}, "Hãy ghi ngày theo dạng"),
        ("pause", {"reason": "court", "until": "01/01/2024"}, "Ngày hẹn xem lại phải ở phía trước"),
        ("reassign", {"reason": "moved", "organisation": "nowhere"}, "Không có cơ quan này trong huyện."),
        ("record", {"whom": " "}, "Chưa ghi đã trao đổi với ai."),
        ("record", {"whom": "lãnh đạo", "look_again": "01/03/2024"}, "Ngày xem lại phải ở phía trước"),
    ],
)
async def test_a_slip_is_told_beside_its_field_and_the_text_stays(
    visit: Visit, sessions: Sessions, office: Office, name: str, given: dict[str, str], word: str
) -> None:
    """Nobody types a reason twice."""
    task = (await opened(sessions, office)).task
    browser, path = await visit(ABOVE), f"/board/tasks/{task}/{name}"
    page = await go(browser, path)
    answer = await press(browser, page, path, step="preview", **({"note": "ghi chú còn đây"} | given))
    assert (422, True) == (answer.status_code, word in answer.text)
    assert "-problem" in answer.text
    kept = "ghi chú còn đây" if given.get("note", name) and name != "record" else given.get("look_again", "")
    assert kept in answer.text


async def test_somebody_who_comes_second_is_told(visit: Visit, sessions: Sessions, office: Office) -> None:
    """The form was drawn before the task ended: nothing is done twice, nothing fails without a word."""
    task = (await opened(sessions, office)).task
    browser, path = await visit(ABOVE), f"/board/tasks/{task}/extend"
    page = await go(browser, path)
    async with sessions.begin() as session:
        who = await actor(session, ABOVE)
        await decide(session, office, who, task, 1, Decide(kind=DecisionKind.WAIVE, reason="trùng"))
    answer = await press(browser, page, path, step="preview", reason="papers", count="1")
    assert (409, True) == (answer.status_code, "Việc đã kết thúc" in answer.text)


async def test_a_recorded_reminder_brings_the_row_back_on_its_day(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Whom, what was promised, and the day: on that day the row stands in the list of whoever wrote it down."""
    task = (await opened(sessions, office)).task
    browser = await visit(ABOVE)
    tomorrow = office.today() + timedelta(days=1)
    _, answer = await act(
        browser, task, "record", whom="Trưởng phòng", promised="xong thứ Sáu", look_again=f"{tomorrow:%d/%m/%Y}"
    )
    assert 303 == answer.status_code
    assert "Trưởng phòng – xong thứ Sáu" in (await go(browser, f"/board/tasks/{task}")).text
    assert f"/board/tasks/{task}" not in (await go(browser, "/board/again")).links
    async with sessions.begin() as session:
        (await session.scalars(select(Reminder))).one().look_again_at = office.now()
    assert f"/board/tasks/{task}" in (await go(browser, "/board/again")).links


async def test_a_form_sent_twice_acts_once(visit: Visit, sessions: Sessions, office: Office) -> None:
    """A slow line and an impatient finger extend a task once."""
    task = (await opened(sessions, office)).task
    browser, path = await visit(ABOVE), f"/board/tasks/{task}/extend"
    seen = await press(browser, await go(browser, path), path, step="preview", reason="papers", count="1")
    answers = [await press(browser, Page(seen.text), path, step="do") for _ in range(2)]
    assert [303, 303] == [each.status_code for each in answers]
    async with sessions() as session:
        assert 1 == len(list(await session.scalars(select(Decision).where(Decision.task_id == task))))


async def test_many_rows_are_seen_before_and_told_one_by_one(visit: Visit, sessions: Sessions, office: Office) -> None:
    """Two tasks get more time; the one of the law does not and says so; one that moved meanwhile is told apart."""
    good, moved = [(await opened_kind(sessions, office, "examine_health")).task for _ in range(2)]
    fixed = (await opened_kind(sessions, office, "check_information")).task
    browser = await visit(ABOVE)
    rows = await go(browser, "/board/rows")
    form = await press(browser, rows, "/board/bulk", task=[good, moved, fixed], act="extend")
    seen = await press(browser, Page(form.text), "/board/bulk", step="preview", reason="away", count="2")
    preview = Page(seen.text)
    assert "Thực hiện được 2 trên 3 việc đã chọn." in preview.text
    assert "Thời hạn luật định: không có căn cứ" in preview.text
    assert [False, True] == [f"/board/tasks/{each}" in preview.links for each in (good, fixed)]
    async with sessions.begin() as session:
        (await session.get_one(Task, moved)).revision += 1
    before = [await row(sessions, each) for each in (good, moved)]
    done = Page((await press(browser, preview, "/board/bulk", step="do")).text)
    after = [await row(sessions, each) for each in (good, moved)]
    assert "Đã thực hiện 1, chưa thực hiện 1." in done.text
    assert all(f"/board/tasks/{each}" in done.links for each in (good, moved)), "each row can be looked at again"
    assert [True, False] == [new.due_at > old.due_at for new, old in zip(after, before, strict=True)]
    assert f"Hạn mới {said(after[0].due_at)}" in preview.text


async def test_a_row_that_ended_meanwhile_is_told_and_a_press_sent_twice_too(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Of three chosen one was answered before the press: it stands there as not done, and why. The same press again tells the same."""
    tasks = [(await opened_kind(sessions, office, "examine_health")).task for _ in range(3)]
    browser = await visit(ABOVE)
    form = await press(browser, await go(browser, "/board/rows"), "/board/bulk", task=tasks, act="waive")
    seen = Page((await press(browser, Page(form.text), "/board/bulk", step="preview", reason="done-elsewhere")).text)
    async with sessions.begin() as session:
        doctor = await actor(session, "medical-centre.officer")
        await submit(session, office, doctor, tasks[0], 1, VALID["examine_health"], office.now())
    for _ in range(2):
        done = Page((await press(browser, seen, "/board/bulk", step="do")).text)
        assert "Đã thực hiện 2, chưa thực hiện 1." in done.text
        assert "Việc đã kết thúc" in done.text


async def test_more_rows_than_one_request_does_go_on_with_the_next_press(
    visit: Visit, sessions: Sessions, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without script, progress is a number and a button; every row is done once in the end."""
    monkeypatch.setattr("api.pages.supervision.bulk.AT_ONCE", 2)
    tasks = [(await opened(sessions, office)).task for _ in range(3)]
    browser = await visit(ABOVE)
    form = await press(browser, await go(browser, "/board/rows"), "/board/bulk", all="yes", act="remind")
    seen = await press(browser, Page(form.text), "/board/bulk", step="preview", reason="late")
    first = Page((await press(browser, Page(seen.text), "/board/bulk", step="do")).text)
    assert "Đã xong 2 trên 3 việc." in first.text
    await press(browser, first, "/board/bulk", step="do")
    async with sessions() as session:
        assert sorted(tasks) == sorted(await session.scalars(select(Reminder.task_id)))


async def test_an_officer_cannot_act_from_the_board(visit: Visit, sessions: Sessions, office: Office) -> None:
    """Neither by address nor by form."""
    task = (await opened(sessions, office)).task
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, "labour-division.officer"), task, 1)
    officer = await visit("labour-division.officer")
    assert 403 == (await officer.get(f"/board/tasks/{task}/extend")).status_code
