"""A number opens exactly its rows, a share counts only what the agency held, and what was done on paper before has no time."""

from datetime import datetime, timedelta

import httpx
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.journeys import AlreadyDone, Start, start_journey
from activities.casework.tasks import claim, give_back, submit
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.flow import flow
from tests.build.officers import actor, newcomer
from tests.build.outcomes import VALID
from tests.build.pages import go
from tests.casework.test_races import later
from tests.casework.times import at, opened_kind
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR

ABOVE, CENTRE = "district.supervisor", "/board/agencies/medical-centre"
DAY = timedelta(days=1)


async def _line(sessions: Sessions, when: Office, code: str) -> tuple[int, int, float | None]:
    """What the flow says of an agency: answered, on time, half within so many days."""
    async with sessions() as session:
        own = (await session.scalars(select(Organisation).where(Organisation.code == code))).one()
        found = await flow(Desk(session, when, await actor(session, ABOVE), Officer()), "vi")
    [line] = [each for each in found["agencies"] if each["of"] == own.name_vi]
    return line["n"], line["on_time"], None if line["median"] is None else round(line["median"] / 86400, 2)


async def _entered(sessions: Sessions, office: Office, came: datetime, typed: datetime) -> str:
    """A journey entered long after it began, its check of the information done on paper two days after the person came."""
    one = AlreadyDone(
        kind="check_information", happened_at=came + 2 * DAY, document={"number": "12/CV"},
        outcome=dict(VALID["check_information"]),
    )  # fmt: skip
    start = Start(commune="tri-an", happened_at=came, way_of_return="rescued", already_done=(one,))
    async with sessions.begin() as session:
        return (await start_journey(session, at(office, typed), await actor(session, COORDINATOR), start)).id


async def test_what_was_done_on_paper_is_on_time_and_has_no_time(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """The agency is not at nought per cent for a sheet typed in weeks later; the journey shows the day it was done."""
    typed = office.now() - DAY
    came = typed - 20 * DAY
    journey = await _entered(sessions, office, came, typed)
    assert (2, 2, None) == await _line(sessions, office, "labour-division")
    page = (await go(await visit(ABOVE), "/board/flow")).text
    assert "100 %" in page
    assert "0 phút" not in page
    said = (await go(await visit(COORDINATOR), f"/journeys/{journey}")).text
    assert f"Hoàn thành {came + 2 * DAY:%d/%m/%Y}" in said
    assert f"Hoàn thành {typed:%d/%m/%Y}" not in said


async def test_what_is_late_only_for_the_time_it_lay_elsewhere_is_on_time_in_the_flow(
    sessions: Sessions, office: Office
) -> None:
    """Returned on the first day and sent again weeks later: the task's record is late, the agency's share is not."""
    ask = await opened_kind(sessions, office, "examine_health")
    async with sessions.begin() as session:
        kept, doctor = await session.get_one(Task, ask.task), await actor(session, DOCTOR)
        due, again = kept.due_at, Decide(kind=DecisionKind.RESEND, reason="đã có giấy")
        await give_back(session, later(office, timedelta(hours=1)), doctor, ask.task, 1, "missing_facts")
        back = later(office, due - office.now() + 10 * DAY)
        await decide(session, back, await actor(session, COORDINATOR), ask.task, kept.revision, again)
    then = later(office, due - office.now() + 10 * DAY + timedelta(hours=2))
    async with sessions.begin() as session:
        kept, doctor = await session.get_one(Task, ask.task), await actor(session, DOCTOR)
        await submit(session, then, doctor, ask.task, kept.revision, dict(VALID["examine_health"]), then.now())
        assert kept.late
    n, on_time, days = await _line(sessions, later(office, due - office.now() + 12 * DAY), "medical-centre")
    assert (1, 1) == (n, on_time)
    assert days is not None
    assert days < 1
    late = await opened_kind(sessions, office, "examine_health")
    async with sessions.begin() as session:
        doctor = await actor(session, DOCTOR)
        await submit(session, then, doctor, late.task, 1, dict(VALID["examine_health"]), then.now())
    n, on_time, _ = await _line(sessions, later(office, due - office.now() + 12 * DAY), "medical-centre")
    assert (2, 1) == (n, on_time)


async def _rows(browser: httpx.AsyncClient, link: str) -> set[str]:
    return {each.rsplit("/", 1)[1] for each in (await go(browser, link)).links if each.startswith("/board/tasks/")}


async def test_who_has_how_much_in_hand_opens_exactly_that(visit: Visit, sessions: Sessions, office: Office) -> None:
    """Each number of the table leads to as many rows, each held by that officer, or by nobody; what it narrows by can be removed."""
    await newcomer(sessions, "medical-centre.second", "medical-centre")
    tasks = [(await opened_kind(sessions, office, kind)).task for kind in ("examine_health",) * 3 + ("counsel_person",)]
    async with sessions.begin() as session:
        for task, username in zip(tasks, (DOCTOR, DOCTOR, "medical-centre.second"), strict=False):
            await claim(session, office, await actor(session, username), task, 1)
        late = await session.get_one(Task, tasks[0])
        late.due_at = late.deadline_at = office.now() - DAY
    browser = await visit(ABOVE)
    page = await go(browser, CENTRE)
    links = [each for each in page.links if "holder=" in each]
    assert [{*tasks[:2]}, {tasks[0]}, {tasks[2]}, {tasks[3]}] == [await _rows(browser, each) for each in links]
    assert not any(each.name in link for each in await _officers(sessions) for link in links)
    narrowed = await go(browser, links[0])
    assert any("holder" not in each and "organisation=medical-centre" in each for each in narrowed.links)
    assert "medical-centre.officer" not in " ".join(links)


async def _officers(sessions: Sessions) -> list[Officer]:
    async with sessions() as session:
        return list(await session.scalars(select(Officer)))


async def test_open_tasks_of_a_stage_open_their_rows_and_the_rest_says_that_it_is_a_count(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Where journeys stand now leads to the tasks that stand there; answered tasks have no list, and the page says so."""
    reception = (await opened_kind(sessions, office, "meet_essential_needs")).task
    care = (await opened_kind(sessions, office, "examine_health")).task
    browser = await visit(ABOVE)
    page = await go(browser, "/board/flow")
    links = {each.rpartition("stage=")[2]: await _rows(browser, each) for each in page.links if "stage=" in each}
    assert {care} == links["care"]
    assert reception in links["reception"]
    assert care not in links["reception"]
    assert "Số việc đã có kết quả chỉ là số đếm" in page.text
    assert "số hồ sơ chỉ là số đếm" in page.text


async def test_an_unknown_holder_or_stage_shows_no_row(visit: Visit, sessions: Sessions, office: Office) -> None:
    """What nobody holds is no fault: an address from yesterday shows an empty list."""
    await opened_kind(sessions, office, "examine_health")
    browser = await visit(ABOVE)
    for path in ("/board/rows?holder=officer-none", "/board/rows?stage=none"):
        assert set() == await _rows(browser, path)
    head = await visit("labour-division.head")
    holder = next(each.id for each in await _officers(sessions) if each.username == DOCTOR)
    assert (await head.get(f"/board/rows?holder={holder}")).text.count("Cán bộ Trung tâm") == 0
