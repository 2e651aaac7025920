"""Why a date is that date, whom to call about it, and what presses most: read from the page alone."""

from datetime import timedelta

import httpx
from sqlalchemy import update

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.opening import ASKED_ABOVE
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.pages import Page
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]
TOWN_POLICE = "police-tri-an.officer"


async def test_the_page_tells_how_the_date_came_about(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """Start, length, what was added and why, when the clock stood still, and the rule it all rests on."""
    task = await opens("examine_health")
    steps = (
        Decide(kind=DecisionKind.EXTEND, reason="bác sĩ đi công tác", budget="P5WD"),
        Decide(
            kind=DecisionKind.PAUSE, reason="người bệnh nằm viện tuyến trên", until=office.now() + timedelta(days=9)
        ),
        Decide(kind=DecisionKind.RESUME, reason="đã về"),
    )
    for step in steps:
        async with sessions.begin() as session:
            row = await session.get_one(Task, task)
            await decide(session, office, await actor(session, "district.supervisor"), task, row.revision, step)
    said = Page((await (await visit(DOCTOR)).get(f"/tasks/{task}")).text).text
    assert "Vì sao có hạn này?" in said
    why = said.partition("Vì sao có hạn này?")[2]
    for each in (
        "Thời hạn",
        "Gia hạn 5 ngày làm việc (bác sĩ đi công tác)",
        "Tạm dừng tính hạn",
        "(người bệnh nằm viện tuyến trên)",
    ):
        assert each in why, (each, why[:600])


async def test_the_page_says_whom_to_call(visit: Visit, opens: Opens) -> None:
    """The duty telephones of who holds the task and of who leads the journey, with their hours, as their heads wrote them; a telephone calls them."""
    task = await opens("examine_health")
    for code, phone, hours in (
        ("medical-centre", "0251 386 1234", "7:00 – 17:00"),
        ("labour-division", "0251 386 5678", "ngày đêm"),
    ):
        head = await visit(f"{code}.head")
        bearer = {"Authorization": f"Bearer {head.cookies['homeward']}"}
        duty = {"phone": phone, "hours": hours}
        written = await head.put(f"/api/v1/organisations/{code}/contact", json=duty, headers=bearer)
        assert httpx.codes.OK == written.status_code
    for username in (DOCTOR, COORDINATOR):
        page = (await (await visit(username)).get(f"/tasks/{task}")).text
        assert ('href="tel:02513861234"' in page, 'href="tel:02513865678"' in page) == (True, True)
        said = Page(page).text.partition("Gọi ai")[2]
        assert "Trung tâm Y tế huyện Vĩnh Cửu 0251 386 1234 , 7:00 – 17:00" in said, said
        assert "Phòng Lao động - Thương binh và Xã hội huyện Vĩnh Cửu 0251 386 5678 , ngày đêm" in said, said


async def test_what_presses_most_stands_first(visit: Visit, opens: Opens, sessions: Sessions, office: Office) -> None:
    """Badly overdue, overdue, due soon, later: each a group under its name."""
    now, kinds = office.now(), ("examine_health", "counsel_person", "check_records", "confirm_residence")
    dues = (now - timedelta(days=40), now - timedelta(hours=3), now + timedelta(hours=20), now + timedelta(days=60))
    names = ("Quá hạn lâu 1", "Quá hạn 1", "Sắp đến hạn 1", "Còn hạn 1")
    tasks = [await opens(kind) for kind in kinds]
    async with sessions.begin() as session:
        doctor = await actor(session, DOCTOR)
        for task, due in reversed(list(zip(tasks, dues, strict=True))):
            moved = update(Task).where(Task.id == task).values(due_at=due, organisation_id=doctor.organisation_id)
            await session.execute(moved)
    html = (await (await visit(DOCTOR)).get("/work")).text
    at = [html.index(f'href="/tasks/{task}"') for task in tasks]
    assert at == sorted(at)
    said = Page(html).text
    where = [said.index(name) for name in names]
    assert where == sorted(where)


async def test_a_visit_is_not_late_before_its_day(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """The doctor made an appointment in six weeks: the next visit's clock starts on that day; one asked for besides starts at once."""
    day = office.today() + timedelta(weeks=6)
    first = await opens("examine_health")
    await answer(sessions, office, first, DOCTOR, {"took_place": True, "next_visit": day.isoformat()})
    second, besides = await opens("examine_health", 2), await opens("examine_health", ASKED_ABOVE + 1)
    async with sessions() as session:
        planned, asked = await session.get_one(Task, second), await session.get_one(Task, besides)
    assert office.calendar.start_of(day) == planned.start_at
    assert day < office.calendar.day_of(planned.due_at)
    assert office.today() == office.calendar.day_of(asked.start_at)
    said = Page((await (await visit(DOCTOR)).get(f"/tasks/{second}")).text).text
    assert f"Bắt đầu 00:00 {day:%d/%m/%Y}" in said
    after = Page((await (await visit(DOCTOR)).get(f"/tasks/{first}")).text).text
    assert "Khám, chữa bệnh (lần 2) –" in after
    listed = Page((await (await visit(DOCTOR)).get("/work")).text).text
    assert "Khám, chữa bệnh (lần 2) HW-" in listed


async def test_another_danger_is_not_put_off_to_the_day_the_first_is_looked_at_again(
    opens: Opens, sessions: Sessions, office: Office
) -> None:
    """Police protect against one danger and look at it again in six weeks; the protection against the next one is due from now."""
    again = (office.today() + timedelta(weeks=6)).isoformat()
    first = await opens("protect_person")
    await answer(
        sessions, office, first, TOWN_POLICE, {"result": "applied", "measures": ["shelter"], "review_on": again}
    )
    second = await opens("protect_person", 2)
    async with sessions() as session:
        row = await session.get_one(Task, second)
        assert abs(row.start_at - row.opened_at) < timedelta(minutes=1)
