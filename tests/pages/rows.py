"""A row for every list: what a day must have seen so that no place of a page where a list stands is empty for everybody."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx
from sqlalchemy import select

from activities.casework.consents import record_consent
from activities.casework.contacts import set_contact
from activities.casework.context import Office
from activities.casework.dangers import raise_danger
from activities.casework.ending import close_journey
from activities.casework.notices import notify
from activities.casework.tasks import submit
from activities.domain.ids import new_id
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.reminders import Reminder
from activities.store.tasks import Rung, Task
from tests.api.test_board import _made
from tests.build.files import pdf
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.pages import Page, filled, go, press, send
from tests.casework.test_races import opened
from tests.pages import test_starting as starting
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, LABOUR, Opens, answer
from tests.pages.test_corrections import ABOVE as POLICE_HEAD
from tests.pages.test_corrections import IDENTIFIED, POLICE, asks, refused
from tests.pages.test_importing import AT, SOUND, looked, sent
from tests.pages.test_importing import chosen as rows_chosen
from tests.pages.test_importing import filled as sheet_of
from tests.pages.test_supervisor_acts import act as decided
from tests.pages.test_task_files import attach

EDUCATION, FINANCE, DISTRICT = "education-division.officer", "finance-division.officer", "district.supervisor"
KNOWN = "Nguyễn Thị Thử Đã Biết"
BOXES = ("agency", "mine", "returned", "look_again", "handed_down", "upcoming", "done")
PLAN = re.compile(r"/administration/plans/(?!wording)[^/?]+")
Look = Callable[[httpx.AsyncClient, str], Awaitable[str]]


@dataclass(frozen=True)
class Day:
    """What the rows are made with; `journey`: the one that most of them belong to."""

    visit: Visit
    opens: Opens
    sessions: Sessions
    office: Office
    journey: str
    look: Look


async def every_row(day: Day) -> None:
    """All of them, each looked at by somebody who may."""
    await _of_many(day)
    await _of_a_task(day)
    await _handed(day)
    await _of_a_paper(day)
    await _of_corrections(day)
    await _of_a_journey(day)
    await _of_a_start(day)
    await _of_a_sheet(day)
    await _of_the_board(day)
    await _of_the_office(day)


async def _of_many(day: Day) -> None:
    """Journeys in every state, some tasks of theirs overdue, some paused, some undelivered."""
    await _made(day.sessions, day.office, 5)
    above = await day.visit(DISTRICT)
    for box in ("overdue", "undelivered", "answered"):
        await day.look(above, f"/board/escalations?box={box}")
    await day.look(above, "/board/rows?state=overdue&organisation=medical-centre&kind=examine_health")
    await day.look(await day.visit(COORDINATOR), "/journeys?state=open&commune=tri-an")


async def _of_a_task(day: Day) -> None:
    """A file, a comment, a request, a reminder, a pause, more time, and what was shown of the person and of a danger."""
    task, doctor, above = await day.opens("examine_health", 3), await day.visit(DOCTOR), await day.visit(DISTRICT)
    await attach(doctor, task, ("giấy hẹn.pdf", pdf()))
    await send(doctor, f"/tasks/{task}", f"/tasks/{task}/comment", text="đã gọi điện", to=["holder", "coordinator"])
    await send(doctor, f"/tasks/{task}", f"/tasks/{task}/extend", count="2", reason="máy hỏng")
    ahead = f"{day.office.today() + timedelta(days=5):%d/%m/%Y}"
    await decided(above, task, "record", whom="Trưởng khoa", promised="xong thứ Sáu", look_again=ahead)
    async with day.sessions.begin() as session:
        (await session.scalars(select(Reminder).where(Reminder.task_id == task))).one().look_again_at = day.office.now()
    await day.look(above, "/board/again")
    await decided(above, task, "extend", reason="away", count="1")
    await decided(above, task, "pause", reason="person", until=ahead)
    for who in (doctor, above):
        await day.look(who, f"/tasks/{task}")
    await day.look(above, f"/board/tasks/{task}")
    head = await day.visit("medical-centre.head")
    waits = await day.opens("counsel_person", 3)
    await send(doctor, f"/tasks/{waits}", f"/tasks/{waits}/extend", count="2", reason="máy hỏng")
    request = next(each for each in (await go(head, "/board/requests")).links if each.startswith("/board/requests/"))
    await press(head, await go(head, request), request, step="preview", grant="no", reason="còn đủ thời gian")
    await decided(above, task, "resume", reason="come")
    await send(doctor, f"/tasks/{task}", f"/tasks/{task}/delegate", whom="officer:nobody", reason="đi vắng")
    async with day.sessions.begin() as session:
        doctor_ = await actor(session, DOCTOR)
        danger = await raise_danger(session, day.office, doctor_, day.journey, "có người lạ theo dõi")
        round_ = danger.round
    await day.opens("assess_danger", round_)
    await send(doctor, f"/tasks/{task}", f"/tasks/{task}/show-person")
    too_late = filled(
        await day.look(doctor, f"/tasks/{task}"), f"/tasks/{task}/return", reason="other", note="hết giấy"
    )
    await answer(day.sessions, day.office, task, DOCTOR, VALID["examine_health"])
    await doctor.post(f"/tasks/{task}/return", data=too_late)
    await _late(day, await day.opens("examine_health", 5))
    await day.look(doctor, f"/tasks/{task}")
    for who in (doctor, await day.visit(LABOUR)):
        for box in BOXES:
            await day.look(who, f"/work?box={box}")


async def _late(day: Day, task: str) -> None:
    """A task whose date has passed, about which a message came to nobody."""
    above = await day.visit(DISTRICT)
    async with day.sessions.begin() as session:
        row = await session.get_one(Task, task)
        row.due_at = row.reply_due_at = day.office.now() - timedelta(hours=1)
        rung = Rung(id=new_id("rung"), task_id=task, code="overdue_head", to="head", merged=[], owed_at=row.due_at)
        rung.fired_at = day.office.now()
        session.add(rung)
        journey = await session.get_one(Journey, day.journey)
        notify(session, day.office, journey, row.organisation_id, "rung-overdue_head", task=task, rung=rung.id)
        await session.flush()
        notice = (await session.scalars(select(Notice).where(Notice.rung_id == rung.id))).one()
        lost = Delivery(id=new_id("delivery"), notice_id=notice.id, channel="mail", state="undelivered", reached=[])
        lost.next_at, lost.error = day.office.now(), "mail_refused"
        session.add(lost)
    await day.look(above, "/board/escalations")


async def _handed(day: Day) -> None:
    """A task handed down to a school; one that needs what was decided before; one handed a voucher."""
    needs = await day.opens("assess_needs", 2)
    labour = await day.visit(LABOUR)
    await send(labour, f"/tasks/{needs}", f"/tasks/{needs}/check", needs=["schooling", "hardship"], later=["loan"])
    await answer(day.sessions, day.office, needs, LABOUR, VALID["assess_needs"])
    school, education = await day.opens("enrol_in_school"), await day.visit(EDUCATION)
    at = f"/tasks/{school}"
    await day.look(education, at)
    seen = await send(education, at, f"{at}/delegate", whom="organisation:school-one", reason="trường gần nhà")
    await education.post(f"{at}/delegate", data=filled(seen.text, f"{at}/delegate", step="send"))
    await day.look(education, at)
    await day.look(education, "/work?box=handed_down")
    home = await day.opens("pay_journey_home")
    await answer(day.sessions, day.office, home, LABOUR, dict(VALID["pay_journey_home"]) | {"cost_line": ""})
    await day.look(await day.visit(FINANCE), f"/tasks/{await day.opens('confirm_funds')}")
    await answer(
        day.sessions,
        day.office,
        await day.opens("approve_support"),
        "district-committee.officer",
        VALID["approve_support"],
    )
    for who in (labour, await day.visit(COORDINATOR)):
        await day.look(who, "/work?box=done")


async def _of_a_paper(day: Day) -> None:
    """The coordinator reads back an answer that came on paper."""
    task, lead = await day.opens("examine_health", 4), await day.visit(COORDINATOR)
    at = f"/tasks/{task}"
    await attach(lead, task, ("biên bản.pdf", pdf()))
    page = await go(lead, at)
    scan = next(each.rpartition("/")[2] for each in page.links if "/attachments/" in each)
    today = f"{day.office.today():%d/%m/%Y}"
    paper = {
        "paper_number": "12/BV",
        "paper_date": today,
        "paper_signer": "Trần Văn Ký",
        "paper_received_on": today,
        "paper_scan": scan,
    }
    await send(lead, at, f"{at}/check", by_paper="yes", happened_day=today, happened_hour="0:00", **paper)


async def _of_corrections(day: Day) -> None:
    """One that is asked for again, for its effect is another; the page of who asked and who decides."""
    wrong = await refused(day.opens, day.sessions, day.office)
    police, lead, above = await day.visit(POLICE), await day.visit(COORDINATOR), await day.visit(POLICE_HEAD)
    await asks(police, wrong, **IDENTIFIED, correction_reason="ghi nhầm")
    path = next(each for each in (await go(lead, f"/tasks/{wrong}")).links if each.startswith("/board/corrections/"))
    await press(lead, await go(lead, path), path, grant="yes")
    await day.opens("explain_result")
    await day.look(above, path)
    await day.look(police, f"/tasks/{wrong}")
    sent_on = await day.opens("request_identification", 2)
    async with day.sessions.begin() as session:
        who, at = await actor(session, LABOUR), day.office.now() - timedelta(days=6)
        await submit(session, day.office, who, sent_on, 1, VALID["request_identification"], at)
    await day.opens("identify_victim", 2)
    moved = {"happened_day": f"{day.office.today() - timedelta(days=1):%d/%m/%Y}", "correction_reason": "nhầm ngày"}
    await send(await day.visit(LABOUR), f"/tasks/{sent_on}", f"/tasks/{sent_on}/correct", **moved)


async def _of_a_journey(day: Day) -> None:
    """Who the person is, what they agreed to, a comment, a contact with a telephone; and another journey that is over."""
    at, lead = f"/journeys/{day.journey}", await day.visit(COORDINATOR)
    async with day.sessions.begin() as session:
        head = await actor(session, "labour-division.head")
        await set_contact(session, day.office, head, "labour-division", "0251 3861 111", "7:30–17:00", [COORDINATOR])
        coordinator = await actor(session, COORDINATOR)
        await record_consent(
            session, day.office, coordinator, day.journey, "Hỗ trợ y tế", ["medical-centre"], None, "vi"
        )
    await send(lead, at, f"{at}/show-dangers")
    shown = await send(lead, at, f"{at}/show-person")
    await lead.post(f"{at}/person", data=filled(shown.text, f"{at}/person", full_name=KNOWN, id_number="075201000333"))
    await send(lead, at, f"{at}/show-person")
    live = f"/tasks/{await day.opens('examine_health', 5)}"
    await send(await day.visit(DOCTOR), live, f"{live}/show-person")
    await send(lead, f"{at}/comments", f"{at}/comments", text="đã gặp gia đình", to=["coordinator"])
    for path in ("", "/timeline", "/comments", "/receipt"):
        await day.look(lead, f"{at}{path}")
    await day.look(lead, "/contacts")
    over = (await opened(day.sessions, day.office)).journey
    async with day.sessions.begin() as session:
        close_journey(session, day.office, await session.get_one(Journey, over, with_for_update=True), "settled")
    await day.look(lead, f"/journeys/{over}")


async def _of_a_start(day: Day) -> None:
    """A draft with everything entered, and one whose person may be known."""
    seat, at = await starting.filled(day.visit, "Lý Thị Thử Dở Dang")
    await starting.send(seat, f"{at}/came", starting.CAME | {"papers": "poor_household"})
    for step in ("person", "came", "wishes", "done", "check"):
        await day.look(seat, f"{at}/{step}")
    seat, at = await starting.begun(day.visit)
    await starting.send(seat, f"{at}/person", {"full_name": KNOWN})
    await day.look(seat, "/journeys/start")


async def _of_a_sheet(day: Day) -> None:
    """Rows that fit, that do not, that may be known; a sheet that lacks columns; one that waits."""
    seat, first = await looked(day.visit, SOUND)
    await seat.post(f"{first.url.path}/open", data=rows_chosen(first))
    wrong = {"row_key": "Sổ 2023/03", "happened_day": "31/02/2024", "commune": "Nowhere"}
    await looked(day.visit, SOUND | {"row_key": "Sổ 2023/02"}, wrong)
    await day.look(seat, AT)
    await sent(seat, sheet_of((await seat.get("/journeys.xlsx")).content))


async def _of_the_board(day: Day) -> None:
    """Every act on one row and on several, up to its end."""
    above = await day.visit(DISTRICT)
    tasks = [(await opened(day.sessions, day.office)).task for _ in range(3)]
    for act, typed in (
        ("extend", {"reason": "away", "count": "2"}),
        ("reassign", {"reason": "moved", "organisation": "health-division"}),
    ):
        path = f"/board/tasks/{tasks[0]}/{act}"
        await press(above, await go(above, path), path, step="preview", **typed)
        rows = await press(above, await go(above, "/board/rows"), "/board/bulk", task=tasks, act=act)
        seen = await press(above, Page(rows.text), "/board/bulk", step="preview", **typed)
        await press(above, Page(seen.text), "/board/bulk", step="do")
    for each in tasks:  # one press moves some of them, in the order of their dates and ids
        await day.look(above, f"/tasks/{each}")
    await day.look(above, "/board/rows?state=open&stage=reception")


async def _of_the_office(day: Day) -> None:
    """What the administrator did; and a form that came too late, with what was typed into it."""
    keeper, doctor = await day.visit("administrator"), await day.visit(DOCTOR)
    await day.look(keeper, "/administration/log")
    versions = [each for each in (await go(keeper, "/administration/plans")).links if PLAN.fullmatch(each)]
    await day.look(keeper, f"{versions[0]}?against={versions[1].rpartition('/')[2]}")
    offices, officers = "/administration/organisations", f"/administration/officers/{DOCTOR}"
    held = next(each for each in (await go(keeper, f"{offices}/medical-centre")).links if each.endswith("/end"))
    unknown = next(
        each
        for each in (await go(keeper, versions[0])).links + (await go(keeper, versions[1])).links
        if "/set?path=" in each
    )
    at = f"{offices}/medical-centre"
    for path in (
        f"{offices}/new",
        f"{at}/change",
        f"{at}/roles/new",
        held,
        f"{officers}/change",
        f"{officers}/leave",
        unknown,
        "/",
    ):
        await day.look(keeper, path)
    for path in ("/contacts/medical-centre", "/guide/officer", "/"):
        await day.look(await day.visit("medical-centre.head"), path)
    above = await day.visit(DISTRICT)
    for path in (
        "/board/numbers.xlsx",
        "/board/agencies/medical-centre/agency.xlsx",
        f"/journeys/{day.journey}/timeline.xlsx",
    ):
        await day.look(above, path)
    late = filled(await day.look(doctor, "/report"), "/report", commune="tri-an") | {
        "csrf": "of-another",
        "note": "hai chữ",
    }
    await doctor.post("/report", data=late)
