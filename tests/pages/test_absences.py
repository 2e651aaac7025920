"""Away from when to when, and who stands in: by the pages, without script."""

from datetime import timedelta

import httpx
import pytest

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.handovers import take_over
from activities.casework.tasks import claim, submit
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor, newcomer
from tests.build.pages import Page, filled, send
from tests.pages.conftest import Visit
from tests.pages.standing import DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]
SECOND, HEAD = "medical-centre.second", "medical-centre.head"


def days(office: Office, first: int, last: int) -> dict[str, str]:
    """The days of an absence, as people write them, counted from today."""
    return {
        name: f"{office.today() + timedelta(days=after):%d/%m/%Y}"
        for name, after in (("since", first), ("until", last))
    }


async def recorded(who: httpx.AsyncClient, path: str = "/absences", **values: str) -> httpx.Response:
    """Fill in the form of this page, read it through, and record it."""
    asked = await send(who, path, "/absences", **values)
    assert httpx.codes.OK == asked.status_code, asked.text
    return await who.post("/absences", data=filled(asked.text, "/absences"))


@pytest.fixture
async def held(sessions: Sessions, office: Office, opens: Opens) -> str:
    """A task the doctor holds; one colleague could stand in."""
    await newcomer(sessions, SECOND, "medical-centre")
    task = await opens("examine_health")
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, DOCTOR), task, 1)
    return task


async def test_an_officer_hands_their_tasks_on_and_comes_back_early(visit: Visit, office: Office, held: str) -> None:
    """Read back before it counts; in the colleague's list meanwhile; ended with one button."""
    doctor, second = await visit(DOCTOR), await visit(SECOND)
    assert "/absences" in Page((await doctor.get("/work")).text).links
    asked = await doctor.post(
        "/absences",
        data=filled((await doctor.get("/absences")).text, "/absences", substitute=SECOND, **days(office, 0, 2)),
    )
    said = Page(asked.text).text
    assert f"Việc đang giữ 1 Các việc này giữ nguyên và đồng thời vào danh sách của {SECOND}" in said
    assert f"/tasks/{held}" not in Page((await second.get("/work?box=mine")).text).links
    sent = filled(asked.text, "/absences")
    for _ in range(2):  # sent twice, recorded once
        done = await doctor.post("/absences", data=sent)
        assert "Đã ghi lịch vắng mặt" in Page(done.text).text
    assert f"{SECOND} xử lý thay" in Page(done.text).text
    assert f"/tasks/{held}" in Page((await second.get("/work?box=mine")).text).links
    (end,) = [action for action in Page(done.text).forms if action.endswith("/end")]
    assert end not in Page((await second.get("/absences")).text).forms
    ended = await doctor.post(end, data=filled(done.text, end))
    assert "Lịch vắng mặt đã kết thúc" in Page(ended.text).text
    assert "Không ai vắng mặt" in Page(ended.text).text
    assert f"/tasks/{held}" not in Page((await second.get("/work?box=mine")).text).links


async def test_what_was_read_back_and_not_recorded_changed_nothing(visit: Visit, office: Office, held: str) -> None:
    """Going back leaves the officer there, and their tasks with them."""
    doctor = await visit(DOCTOR)
    page = (await doctor.get("/absences")).text
    asked = await doctor.post("/absences", data=filled(page, "/absences", **days(office, 0, 2)))
    assert "trở về hàng chờ của cơ quan từ ngày đầu" in Page(asked.text).text
    assert "Không ai vắng mặt" in Page((await doctor.get("/absences")).text).text
    assert f"/tasks/{held}" in Page((await doctor.get("/work?box=mine")).text).links


async def test_a_refusal_says_what_to_change_and_keeps_what_was_typed(
    visit: Visit, office: Office, sessions: Sessions, held: str
) -> None:
    """Beside the field: a day nobody can read, a day gone by, days taken already, a colleague who is away."""
    doctor, second = await visit(DOCTOR), await visit(SECOND)
    page = (await doctor.get("/absences")).text
    assert held
    await newcomer(sessions, "medical-centre.third", "medical-centre")
    await recorded(second, **days(office, 5, 6))
    for values, words in (
        ({"since": "mai", "until": ""}, "Hãy ghi ngày theo dạng 18/12/2024."),
        ({"since": "mai", "until": ""}, "Mục này cần được điền."),
        (days(office, -1, 2), "từ hôm nay trở đi, nhiều nhất 400 ngày"),
        (days(office, 4, 5) | {"substitute": SECOND}, "cũng vắng mặt trong những ngày đó"),
        (days(office, 4, 5) | {"substitute": HEAD}, "không xử lý được việc của cơ quan"),
    ):
        asked = await doctor.post("/absences", data=filled(page, "/absences", **values))
        assert asked.status_code in {httpx.codes.UNPROCESSABLE_ENTITY, httpx.codes.CONFLICT}
        assert words in Page(asked.text).text
        assert values["since"] == filled(asked.text, "/absences")["since"]
    again = await second.post("/absences", data=filled(page, "/absences", **days(office, 6, 7)) | await fresh(second))
    taken = days(office, 5, 6)
    assert f"Đã có lịch vắng mặt từ {taken['since']} đến {taken['until']}" in Page(again.text).text


async def test_the_last_one_there_learns_how_many_tasks_and_which_day(visit: Visit, office: Office, held: str) -> None:
    """Nobody leaves people's tasks with an empty room, and the page says what to do instead."""
    assert held
    await recorded(await visit(SECOND), **days(office, 0, 3))
    doctor = await visit(DOCTOR)
    asked = await doctor.post(
        "/absences", data=filled((await doctor.get("/absences")).text, "/absences", **days(office, 0, 1))
    )
    assert httpx.codes.CONFLICT == asked.status_code
    assert f"Ngày {office.today():%d/%m/%Y} không còn ai xử lý các việc đang mở của cơ quan (1 việc)" in (
        Page(asked.text).text
    )


async def test_a_head_records_it_for_an_officer_who_fell_ill(
    visit: Visit, office: Office, sessions: Sessions, held: str
) -> None:
    """The head chooses whom; an officer has no such choice and is refused a colleague's; a stranger learns nothing."""
    async with sessions() as session:
        doctor = (await actor(session, DOCTOR)).officer_id
    head, second = await visit(HEAD), await visit(SECOND)
    path = f"/absences?for={doctor}"
    assert doctor in (await head.get("/absences")).text
    assert doctor not in (await second.get("/absences")).text
    done = await recorded(head, path, substitute=SECOND, **days(office, 0, 2))
    assert "Đã ghi lịch vắng mặt" in Page(done.text).text
    assert f"/tasks/{held}" in Page((await second.get("/work?box=mine")).text).links
    assert httpx.codes.FORBIDDEN == (await second.get(path)).status_code
    assert httpx.codes.NOT_FOUND == (await (await visit("justice-division.head")).get(path)).status_code


async def fresh(who: httpx.AsyncClient) -> dict[str, str]:
    """The token of this visitor's own form."""
    sent = filled((await who.get("/absences")).text, "/absences")
    return {"csrf": str(sent["csrf"]), "key": str(sent["key"])}


async def test_a_last_day_before_the_first_is_told_beside_the_last(visit: Visit, office: Office) -> None:
    """The officer sees which of the two days to look at."""
    refused = await send(await visit(DOCTOR), "/absences", "/absences", **days(office, 3, 1))
    assert '<a href="#until">' in refused.text
    assert '<a href="#since">' not in refused.text


async def test_a_day_that_has_passed_and_one_that_is_none_are_told_together(visit: Visit, office: Office) -> None:
    """The first day was yesterday, the last is no day: both are marked at one sending."""
    given = days(office, -1, 1) | {"until": "32/03/2024"}
    refused = await send(await visit(DOCTOR), "/absences", "/absences", **given)
    assert httpx.codes.UNPROCESSABLE_ENTITY == refused.status_code
    for name in ("since", "until"):
        assert f'<a href="#{name}">' in refused.text
        assert f'aria-describedby="{name}-problem"' in refused.text


async def test_a_stand_in_who_leaves_too_is_told_whose_tasks_go_to_the_queue(
    visit: Visit, sessions: Sessions, office: Office, held: str
) -> None:
    """Nobody is trusted with what nobody will do: it is said before, in the list of absences, and on the task in the queue."""
    await newcomer(sessions, "medical-centre.third", "medical-centre")
    doctor, second = await visit(DOCTOR), await visit(SECOND)
    await recorded(doctor, substitute=SECOND, **days(office, 0, 3))
    assert "cũng vắng mặt" not in Page((await doctor.get("/absences")).text).text
    asked = await send(second, "/absences", "/absences", **days(office, 0, 1))
    said = Page(asked.text).text
    assert "đang xử lý thay medical-centre.officer (synthetic)" in said
    assert "(1 việc) sẽ trở về hàng chờ" in said
    await second.post("/absences", data=filled(asked.text, "/absences"))
    assert "nhưng cũng vắng mặt trong những ngày đó" in Page((await doctor.get("/absences")).text).text
    queue = Page((await (await visit("medical-centre.third")).get(f"/tasks/{held}")).text).text
    assert "chưa ai nhận medical-centre.officer (synthetic) bàn giao ngày" in queue
    assert "người giữ việc vắng mặt" in queue


async def test_an_heir_reads_from_whom_a_task_came_and_another_agency_does_not(
    visit: Visit, sessions: Sessions, office: Office, held: str
) -> None:
    """A task that was not there yesterday says why it is mine; once it goes on to another agency, that is no longer told."""
    async with sessions.begin() as session:
        head = await actor(session, HEAD)
        await take_over(session, office, head, DOCTOR, SECOND, "nghỉ việc")
    heir = await visit(SECOND)
    told = f"{DOCTOR} (synthetic) bàn giao ngày {office.today():%d/%m/%Y}: bàn giao công việc"
    assert told in Page((await heir.get(f"/tasks/{held}")).text).text
    async with sessions.begin() as session:
        row = await session.get_one(Task, held)
        moved = Decide(kind=DecisionKind.REASSIGN, reason="đúng chức năng", organisation="health-division")
        await decide(session, office, await actor(session, "district.supervisor"), held, row.revision, moved)
    beyond = Page((await (await visit("health-division.officer")).get(f"/tasks/{held}")).text).text
    assert "bàn giao ngày" not in beyond


async def test_who_comes_back_reads_which_colleague_answered(
    visit: Visit, sessions: Sessions, office: Office, held: str
) -> None:
    """The stand-in answered what the doctor held: the page names both, and gives no hour to a day entered without one."""
    doctor = await visit(DOCTOR)
    await recorded(doctor, substitute=SECOND, **days(office, 0, 3))
    async with sessions.begin() as session:
        revision, began = (await session.get_one(Task, held)).revision, office.calendar.start_of(office.today())
        who = await actor(session, SECOND)
        await submit(session, office, who, held, revision, {"took_place": True}, began)
    said = Page((await doctor.get(f"/tasks/{held}")).text).text
    assert f"{DOCTOR} (synthetic); {SECOND} trả lời" in said
    assert f"Thời điểm thực hiện {office.today():%d/%m/%Y}" in said
