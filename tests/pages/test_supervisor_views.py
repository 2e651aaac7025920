"""Who was told of what, how long work stays, and what waits for a decision: the other rooms of the supervisor."""

from datetime import timedelta

from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.requests import Asked, ask
from activities.casework.resending import came_to_nobody, resend
from activities.casework.settling import settle
from activities.casework.spreading import spread
from activities.casework.tasks import claim, give_back, submit
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.notices import Delivery, Notice
from activities.store.organisations import Officer, Organisation
from activities.store.requests import Request
from activities.store.tasks import PauseRow, Task
from api.deps import Desk
from api.reads.flow import flow
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.pages import Page, go, press
from tests.casework.test_races import KIND, later, opened
from tests.casework.times import opened_kind
from tests.pages.conftest import Visit
from tests.pages.test_supervisor_acts import row, said

ABOVE = "district.supervisor"


async def overdue(sessions: Sessions, office: Office) -> Ask:
    """A task long past its date, its rungs fired and their notices spread."""
    ask = await opened(sessions, office)
    async with sessions.begin() as session:
        await settle(session, later(office, timedelta(days=60)), Wake(ask=ask, held=1, why="expired"))
    async with sessions.begin() as session:
        await spread(session, office, [])
    return ask


async def test_the_ladder_of_an_overdue_task_is_told_step_by_step(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Owed, sent, delivered, seen and by whom: a superior need not ask who knew."""
    task = (await overdue(sessions, office)).task
    async with sessions.begin() as session:
        head = await actor(session, "labour-division.head")
        told = select(Notice).where(Notice.task_id == task, Notice.code == "rung-overdue_head")
        notice = (await session.scalars(told)).one()
        notice.seen_at, notice.seen_by = office.now(), head.officer_id
    page = await go(await visit(ABOVE), "/board/escalations")
    assert f"/board/tasks/{task}" in page.links
    for word in ("Quá hạn: báo lãnh đạo cơ quan", "Quá hạn: báo cáo huyện", "Đã đến", f"{said(office.now())[6:]}"):
        assert word in page.text
    assert "Lãnh đạo" in page.text
    for path in (f"/board/tasks/{task}", f"/tasks/{task}"):  # and from the task to all of its journey
        [whole] = [each for each in (await go(await visit(ABOVE), path)).links if each.startswith("/journeys/")]
        assert (await (await visit(ABOVE)).get(whole)).is_success


async def test_what_came_to_nobody_is_sent_again(visit: Visit, sessions: Sessions, office: Office) -> None:
    """It stands in a list with the reason; once sent again it leaves the list, and a second try says there is nothing."""
    task = (await overdue(sessions, office)).task
    async with sessions.begin() as session:
        notice = (await session.scalars(select(Notice.id).where(Notice.task_id == task).limit(1))).one()
        lost = Delivery(id="delivery-lost", notice_id=notice, channel="mail", state="undelivered", error="mail_refused")
        lost.next_at, lost.tries, lost.reached = office.now(), 5, []
        session.add(lost)
    browser, path = await visit(ABOVE), "/board/escalations?box=undelivered"
    page, action = await go(browser, path), f"/board/escalations/{task}/resend"
    answer = await press(browser, page, action)
    assert (303, f"{path}&said=resent") == (answer.status_code, answer.headers["location"])
    assert f"/board/tasks/{task}" not in (await go(browser, path)).links
    async with sessions() as session:
        again = await session.get_one(Delivery, "delivery-lost")
    assert ("pending", 0, "") == (again.state, again.tries, again.error)
    assert 409 == (await press(browser, page, action)).status_code


async def test_who_answered_late_is_named(visit: Visit, sessions: Sessions, office: Office) -> None:
    """The ladder stays to be read when the task is answered after all."""
    task = (await overdue(sessions, office)).task
    async with sessions.begin() as session:
        kept = await session.get_one(Task, task)
        who = await actor(session, "labour-division.officer")
        await submit(session, office, who, task, kept.revision, dict(VALID[KIND]), office.now())
    page = await go(await visit(ABOVE), "/board/escalations?box=answered")
    assert f"/board/tasks/{task}" in page.links
    assert "người trả lời: " in page.text
    assert f"/board/tasks/{task}" not in (await go(await visit(ABOVE), "/board/escalations")).links


async def _answered(sessions: Sessions, office: Office, kind: str, days: int, *, paused: int = 0, late: bool) -> None:
    """A task answered some days after it was opened, with its clock standing still for some of them."""
    task = (await opened_kind(sessions, office, kind)).task
    async with sessions.begin() as session:
        kept = await session.get_one(Task, task)
        who = await actor(session, f"{'labour-division' if kind == KIND else 'medical-centre'}.officer")
        await submit(session, office, who, task, kept.revision, dict(VALID[kind]), office.now())
        ended = kept.ended_at or office.now()
        kept.late, kept.opened_at = late, ended - timedelta(days=days)
        kept.due_at = ended - timedelta(hours=1) if late else kept.due_at
        if paused:
            since = kept.opened_at + timedelta(hours=1)
            until = since + timedelta(days=paused)
            ledger = PauseRow(id=f"pause-{task}", task_id=task, reason="chờ", since=since, until=until)
            ledger.officer_id = who.officer_id
            session.add(ledger)


async def test_the_time_work_stays_leaves_out_what_the_agency_did_not_hold(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Ten days of which six the clock stood still are four; half of two tasks on time is 50 %."""
    await _answered(sessions, office, "examine_health", 10, paused=6, late=False)
    await _answered(sessions, office, "examine_health", 4, late=True)
    page = await go(await visit(ABOVE), "/board/flow")
    assert "50 %" in page.text
    assert "4 ngày" in page.text
    assert "10 ngày" not in page.text
    head = await visit("labour-division.head")
    assert "Chưa có việc nào được trả lời" in (await go(head, "/board/flow")).text


async def _days_of_the_agency(sessions: Sessions, office: Office, task: str, days: int) -> tuple[int, float]:
    """The Medical Centre answers its only task after so many days: how many tasks the flow counts, and how long it had them."""
    async with sessions.begin() as session:
        kept, then = await session.get_one(Task, task), later(office, timedelta(days=days))
        doctor = await actor(session, "medical-centre.officer")
        await submit(session, then, doctor, task, kept.revision, dict(VALID["examine_health"]), office.now())
        kept.opened_at = kept.ended_at - timedelta(days=days) if kept.ended_at else kept.opened_at
    async with sessions() as session:
        whole = Desk(session, later(office, timedelta(days=days + 1)), await actor(session, ABOVE), Officer())
        name = (await session.get_one(Organisation, kept.organisation_id)).name_en
        [line] = [each for each in (await flow(whole, "en"))["agencies"] if each["of"] == name]
    return line["n"], round(line["median"] / 86400, 2)


async def test_the_time_a_returned_task_lay_with_the_coordinator_is_not_the_agencys(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Seven days, of which four it lay returned, in two returns: three."""
    task = (await opened_kind(sessions, office, "examine_health")).task
    for days, resent in ((1, 3), (4, 6)):
        async with sessions.begin() as session:
            doctor, lead = [
                await actor(session, name) for name in ("medical-centre.officer", "labour-division.coordinator")
            ]
            kept = await session.get_one(Task, task)
            await give_back(session, later(office, timedelta(days=days)), doctor, task, kept.revision, "missing_facts")
            again = Decide(kind=DecisionKind.RESEND, reason="đã có giấy")
            await decide(session, later(office, timedelta(days=resent)), lead, task, kept.revision, again)
    assert (1, 3) == await _days_of_the_agency(sessions, office, task, 7)


async def test_the_time_a_tasks_messages_came_to_nobody_is_not_the_agencys(sessions: Sessions, office: Office) -> None:
    """Nine days: out of reach for two until it was sent again, and for three more until it was answered all the same: four."""
    task = (await opened_kind(sessions, office, "examine_health")).task
    async with sessions.begin() as session:
        told = (await session.scalars(select(Notice).where(Notice.task_id == task))).first()
        lost = Delivery(
            id="delivery-lost", notice_id=told.id if told else "", channel="mail", reached=[], next_at=office.now()
        )
        session.add(lost)
        await came_to_nobody(session, later(office, timedelta(days=1)), lost, "mail_refused")
    async with sessions.begin() as session:
        head = await actor(session, "medical-centre.head")
        assert 1 == await resend(session, later(office, timedelta(days=3)), head, task)
    async with sessions.begin() as session:
        lost = await session.get_one(Delivery, "delivery-lost")
        await came_to_nobody(session, later(office, timedelta(days=6)), lost, "mail_refused")
    assert (1, 4) == await _days_of_the_agency(sessions, office, task, 9)


async def asked(sessions: Sessions, office: Office, **wanted: str) -> tuple[str, str]:
    """The medical centre asks for something about a task it took on: the task, and the page of the request."""
    task = (await opened_kind(sessions, office, "examine_health")).task
    async with sessions.begin() as session:
        who = await actor(session, "medical-centre.officer")
        await claim(session, office, who, task, 1)
        request = await ask(session, office, who, task, 1, Asked.model_validate(wanted))
    return task, f"/board/requests/{request.id}"


async def test_a_request_is_granted_with_the_date_that_was_shown(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """The head reads why, sees the new date, grants; the request waits for nobody any more."""
    task, path = await asked(sessions, office, kind="extend", reason="máy hỏng", budget="P3WD")
    head = await visit("medical-centre.head")
    assert path in (await go(head, "/board/requests")).links
    form = await go(head, path)
    assert "máy hỏng" in form.text
    seen = Page((await press(head, form, path, step="preview", grant="yes")).text)
    answer = await press(head, seen, path, step="do")
    assert "/board/requests?said=request-granted" == answer.headers["location"]
    assert f"Hạn mới {said((await row(sessions, task)).due_at)}" in seen.text
    assert "đã đồng ý" in (await go(head, path)).text
    assert path not in (await go(head, "/board/requests")).links


async def test_facts_are_given_to_who_asked_and_the_date_stays(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """The coordinator reads what is missing and writes it; the agency finds it on its task."""
    task, path = await asked(sessions, office, kind="facts", reason="nhóm máu?")
    lead, before = await visit("labour-division.coordinator"), await row(sessions, task)
    form = await go(lead, path)
    assert "nhóm máu?" in form.text
    bare = await press(lead, form, path, step="preview", grant="yes")
    assert 422 == bare.status_code
    seen = await press(lead, Page(bare.text), path, step="preview", grant="yes", answer="nhóm O")
    await press(lead, Page(seen.text), path, step="do")
    assert before.due_at == (await row(sessions, task)).due_at
    assert "nhóm O" in (await go(await visit("medical-centre.officer"), f"/tasks/{task}")).text


async def test_another_holder_is_named_in_words_and_gets_the_task(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Who decides reads the agency's name, before and after, not its code."""
    task, path = await asked(
        sessions, office, kind="reassign", reason="không còn khoa này", organisation="health-division"
    )
    above = await visit("district.supervisor")
    form = await go(above, path)
    seen = Page((await press(above, form, path, step="preview", grant="yes", reason="đúng chức năng")).text)
    await press(above, seen, path, step="do")
    async with sessions() as session:
        holder = await session.get_one(Organisation, (await row(sessions, task)).organisation_id)
    assert "health-division" == holder.code
    for page in (form, await go(above, path)):
        assert holder.name_vi in page.text
        assert "health-division" not in page.text


async def test_a_refusal_needs_a_reason(visit: Visit, sessions: Sessions, office: Office) -> None:
    """The agency learns why not; the date stays."""
    task, path = await asked(sessions, office, kind="extend", reason="bận", budget="P3WD")
    head, before = await visit("medical-centre.head"), await row(sessions, task)
    bare = await press(head, await go(head, path), path, step="preview", grant="no")
    assert (422, True) == (bare.status_code, "Cần nêu lý do." in bare.text)
    seen = await press(head, Page(bare.text), path, step="preview", grant="no", reason="có người khác làm")
    await press(head, Page(seen.text), path, step="do")
    async with sessions() as session:
        assert "refused" == (await session.get_one(Request, path.rpartition("/")[2])).state
    assert before.due_at == (await row(sessions, task)).due_at


async def test_an_agencys_page_says_who_has_how_much(visit: Visit, sessions: Sessions, office: Office) -> None:
    """Its head and the district read the same numbers, with whom to call."""
    task = (await opened_kind(sessions, office, "examine_health")).task
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, "medical-centre.officer"), task, 1)
    for username in (ABOVE, "medical-centre.head"):
        page = await go(await visit(username), "/board/agencies/medical-centre")
        assert f"/board/tasks/{task}" in page.links
        assert "Ai đang giữ bao nhiêu việc" in page.text
        assert "Điện thoại: chưa có số điện thoại" in " ".join(page.text.split())
