"""Why a date is that date, whom to call about it, and what presses most: read from the page alone."""

from datetime import timedelta

import httpx
from sqlalchemy import update

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.pages import Page
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]


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
