"""My work: what to do first, who holds it, how many there are, and where one's own results stand."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.casework.absences import record_absence
from activities.casework.context import Office
from activities.casework.journeys import Report, report_person
from activities.casework.settling import settle
from activities.casework.tasks import claim, give_back
from activities.casework.wishes import record_wish
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import JourneyState
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.outbox import Command
from activities.store.tasks import Task
from tests.build.officers import actor, newcomer
from tests.build.outcomes import VALID
from tests.build.pages import Page
from tests.build.statements import statements
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, LABOUR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]
LISTS = ("agency", "mine", "returned", "look_again", "handed_down", "upcoming", "done")


async def words(who: httpx.AsyncClient, path: str) -> str:
    """What a page says."""
    got = await who.get(path)
    assert httpx.codes.OK == got.status_code, got.text
    return Page(got.text).text


@pytest.mark.parametrize("box", LISTS)
async def test_a_list_asks_four_questions_however_long_it_is(
    visit: Visit, opens: Opens, engine: AsyncEngine, box: str
) -> None:
    """Nobody waits for their work because there is much of it."""
    for kind in ("examine_health", "check_information", "assess_needs"):
        await opens(kind)
    for username in (DOCTOR, LABOUR, COORDINATOR):
        who = await visit(username)
        with statements(engine) as asked:
            assert httpx.codes.OK == (await who.get(f"/work?box={box}")).status_code
        assert len(asked) <= 4, asked


async def test_a_row_says_what_until_when_on_what_ground_and_why_it_presses(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """An officer sees at a glance what to take up first, and why."""
    task, passed = await opens("check_information"), office.now() - timedelta(days=1)
    async with sessions.begin() as session:
        await session.execute(update(Task).where(Task.id == task).values(due_at=passed, reply_due_at=passed))
    said = await words(await visit(LABOUR), "/work")
    for each in (
        "Xác minh thông tin ban đầu",
        "HW-",
        "quá hạn",
        "Luật 66/2011/QH12",
        "đã quá thời hạn theo luật",
        "chưa ai nhận",
    ):
        assert each in said, said
    page = (await (await visit(LABOUR)).get("/work")).text
    (row,) = re.findall(r'(?s)<ul class="rows"><li>(.*?)</li>', re.sub(r">\s+<", "><", page))
    assert (1, 0, 0) == (row.count('class="act"'), row.count("<button"), page.count('role="tab"')), (
        "one way on, and no tabs"
    )


async def test_who_holds_it_is_named_and_who_stands_in(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """A colleague knows whom to ask, also while the holder is away."""
    task = await opens("examine_health")
    await newcomer(sessions, "medical-centre.second", "medical-centre")
    doctor, second = await visit(DOCTOR), await visit("medical-centre.second")
    assert "chưa ai nhận" in await words(doctor, "/work")
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, DOCTOR), task, 1)
    assert "do bạn giữ" in await words(doctor, "/work")
    assert "do bạn giữ" not in await words(second, "/work")
    async with sessions.begin() as session:
        holder, today = await actor(session, DOCTOR), office.today()
        await record_absence(session, office, holder, "", today, today + timedelta(days=2), "medical-centre.second")
    said = await words(second, "/work")
    assert "vắng mặt đến" in said
    assert "medical-centre.second xử lý thay" in said


async def test_counts_are_those_of_the_lists_and_each_group_has_its_own(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """A number that does not agree with its list sends an officer looking for work that is not there."""
    tasks = [
        await opens(kind) for kind in ("meet_essential_needs", "check_information", "assess_needs", "record_choice")
    ]
    late = office.now() - timedelta(days=1)
    async with sessions.begin() as session:
        await session.execute(update(Task).where(Task.id == tasks[0]).values(due_at=late))
        await session.execute(update(Task).where(Task.id == tasks[1]).values(state="paused"))
        await session.execute(
            update(Task).where(Task.id.in_(tasks[2:])).values(due_at=office.now() + timedelta(days=30))
        )
    said = await words(await visit(LABOUR), "/work")
    for each in ("Việc của cơ quan 4", "Quá hạn 1", "Còn hạn 2", "Tạm dừng tính hạn 1", "Tôi đang giữ 0"):
        assert each in said, said


async def test_a_result_says_where_it_stands_until_the_journey_closes(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """People come and ask: the doctor knows that the answer is in, and when the next visit is; nothing of the others."""
    ahead = (office.today() + timedelta(days=30)).isoformat()
    await opens("check_information")
    task = await opens("examine_health")
    await answer(sessions, office, task, DOCTOR, VALID["examine_health"] | {"next_visit": ahead})
    doctor = await visit(DOCTOR)
    said = await words(doctor, "/work?box=done")
    assert "đã gửi" in said
    assert f"{office.today() + timedelta(days=30):%d/%m/%Y}" in said
    assert "Xác minh" not in said
    async with sessions.begin() as session:
        await session.execute(update(Command).values(state="done"))
    assert "đã được ghi vào hồ sơ" in await words(doctor, "/work?box=done")
    async with sessions.begin() as session:
        await session.execute(update(Journey).where(Journey.id == reported).values(state=JourneyState.CLOSED))
    assert "Chưa làm xong việc nào" in await words(doctor, "/work?box=done")


async def test_the_lead_and_the_commune_of_residence_see_what_was_granted_and_paid(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """The person asks at the commune; the doctor and another commune learn nothing of it."""
    given = {"examine_health": DOCTOR, "approve_support": "district-committee.officer", "meet_essential_needs": LABOUR,
             "pay_hardship_allowance": LABOUR, "assess_danger": "commune-tri-an.officer"}  # fmt: skip
    async with sessions.begin() as session:
        await session.execute(update(Journey).where(Journey.id == reported).values(papers=["poor_household"]))
    for kind, username in given.items():
        await answer(sessions, office, await opens(kind), username, VALID[kind])
    sums = "2.000.000 đồng"
    assert sums in await words(await visit(LABOUR), "/work?box=done")
    assert sums not in await words(await visit(DOCTOR), "/work?box=done")
    commune = await visit("commune-tri-an.officer")
    assert sums not in await words(commune, "/work?box=done")
    async with sessions.begin() as session:
        await session.execute(update(Journey).where(Journey.id == reported).values(residence_commune="tri-an"))
    said = await words(commune, "/work?box=done")
    assert sums in said
    assert "Trợ cấp khó khăn ban đầu" in said


async def test_what_may_come_is_named_and_never_what_is_there_already(visit: Visit, opens: Opens) -> None:
    """An office that knows what is coming keeps a place free for it."""
    await opens("examine_health")
    await opens("check_information")
    labour = await words(await visit(LABOUR), "/work?box=upcoming")
    assert "Đánh giá nhu cầu" in labour
    page = (await (await visit(LABOUR)).get("/work?box=upcoming")).text
    rows = page.count("<li>", page.index('id="list"'), page.index("<aside>"))
    assert [str(rows)] * 2 == re.findall(r'Sắp chuyển đến\s*<span class="count">(\d+)</span>', page)
    assert "Xác minh thông tin ban đầu" not in labour
    doctor = await words(await visit(DOCTOR), "/work?box=upcoming")
    assert "Khám, chữa bệnh" not in doctor
    assert "Đánh giá nhu cầu" not in doctor


async def test_what_the_person_may_not_have_or_does_not_want_is_promised_to_nobody(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """A foreigner is taught and trained under no article: neither the list nor the journey's page keeps a place free for it."""
    await opens("check_information")
    barred, refused = ("Hỗ trợ học nghề", "Giới thiệu việc làm"), "Hỗ trợ nhu cầu thiết yếu"
    labour, coordinator = await visit(LABOUR), await visit(COORDINATOR)

    async def seen() -> list[str]:
        return [await words(labour, "/work?box=upcoming"), await words(coordinator, f"/journeys/{reported}")]

    for page in await seen():
        assert [] == [each for each in (*barred, refused) if each not in page]
    async with sessions.begin() as session:
        await session.execute(update(Journey).where(Journey.id == reported).values(foreigner=True))
        await record_wish(
            session, office, await actor(session, COORDINATOR), reported, "refuse_service", "meet_essential_needs"
        )
    for page in await seen():
        assert [] == [each for each in (*barred, refused) if each in page]
        assert "Đánh giá nhu cầu" in page


async def test_who_confirms_the_funds_is_not_told_beforehand_whose_they_are(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Finance learns nothing of a journey through the funds, also where it reported the person itself."""
    facts: dict[str, Any] = {"commune": "tri-an", "way_of_return": "self_returned", "language": "vi"}
    async with sessions.begin() as session:
        who = await actor(session, "finance-division.officer")
        await report_person(session, office, who, Report(happened_at=office.now(), **facts))
    assert "Xác nhận nguồn kinh phí" not in await words(await visit("finance-division.officer"), "/work?box=upcoming")


async def test_who_has_no_part_yet_is_told_that_nothing_is_announced_and_why(visit: Visit, opens: Opens) -> None:
    """The bank hears of nobody before its part comes, and the empty list does not promise that it would."""
    await opens("check_information")
    page = await words(await visit("policy-bank.officer"), "/work?box=upcoming")
    assert "Để giữ kín thông tin, việc của hồ sơ khác không được báo trước" in page
    assert "Đánh giá nhu cầu" not in page


async def test_what_may_come_is_counted_only_where_all_of_it_was_looked_at(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more journeys than one page looks at, the rest is a link away and no number claims to be the whole."""
    monkeypatch.setattr("api.reads.upcoming.MOST", 1)
    await opens("check_information")
    async with sessions.begin() as session:
        commune = await actor(session, "commune-tri-an.officer")
        facts: dict[str, Any] = {"commune": "tri-an", "way_of_return": "self_returned", "language": "vi"}
        newer = await report_person(session, office, commune, Report(happened_at=office.now(), **facts))
        kind = "check_information"
        await settle(
            session, office, Wake(ask=Ask(journey=newer.id, task=task_id(newer.id, kind, 1), kind=kind, round=1))
        )
    labour = await visit(LABOUR)
    first = Page((await labour.get("/work?box=upcoming")).text)
    assert (newer.reference in first.text, 'class="count"' in first.text) == (True, False)
    [further] = [each for each in first.links if "cursor=" in each]
    second = (await labour.get(further)).text
    assert newer.reference not in second
    assert "Đánh giá nhu cầu" in second
    assert [] == [each for each in Page(second).links if "cursor=" in each]


async def test_a_returned_task_lies_with_its_coordinator(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """What an agency sends back is not lost between two offices."""
    task = await opens("examine_health")
    async with sessions.begin() as session:
        await give_back(session, office, await actor(session, DOCTOR), task, 1, "missing_facts", "thiếu giấy")
    said = await words(await visit(COORDINATOR), "/work?box=returned")
    assert "Khám, chữa bệnh" in said
    assert "Thiếu thông tin" in said


async def test_what_is_done_stands_once_for_each_journey(
    visit: Visit, sessions: Sessions, office: Office, opens: Opens
) -> None:
    """Somebody asks after their journey: all of it is in one place, however many others were answered in between."""
    again = await opens("follow_up")
    async with sessions.begin() as session:
        commune, at = await actor(session, "commune-tri-an.officer"), office.now()
        await report_person(session, office, commune, Report(happened_at=at, commune="tri-an", way_of_return="rescued"))
    await answer(sessions, office, again, "commune-tri-an.officer", VALID["follow_up"])
    page = (await (await visit("commune-tri-an.officer")).get("/work?box=done")).text
    headings = re.findall("<h3>(HW-.{7})</h3>", page)
    assert (2, 2) == (len(headings), len(set(headings)))
    assert 2 == page.partition(f"<h3>{headings[0]}")[2].partition("<h3>")[0].count('class="what"')
