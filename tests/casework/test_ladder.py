"""Who is told of a task that waits: each rung once, and none after the task is over."""

from datetime import timedelta

from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.settling import settle
from activities.casework.tasks import claim, submit
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.tasks import Rung
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.casework.test_races import later, opened

KIND = "request_identification"
LADDER = ["half", "no_reply", "overdue_head", "overdue_directing", "overdue_lead", "overdue_district"]


async def _waiting(sessions: Sessions, office: Office) -> Ask:
    first = await opened(sessions, office)
    ask = Ask(journey=first.journey, task=task_id(first.journey, KIND), kind=KIND)
    async with sessions.begin() as session:
        await settle(session, office, Wake(ask=ask))
    return ask


async def _looked(sessions: Sessions, office: Office, ask: Ask) -> None:
    async with sessions.begin() as session:
        await settle(session, office, Wake(ask=ask, why="rung"))


async def _fired(sessions: Sessions, ask: Ask) -> list[tuple[str, str]]:
    async with sessions() as session:
        rows = select(Notice).where(Notice.task_id == ask.task, Notice.code.like("rung-%")).order_by(Notice.at)
        return [(each.code.removeprefix("rung-"), each.audience) for each in await session.scalars(rows)]


async def test_a_task_nobody_answers_climbs_to_the_district_each_rung_once(sessions: Sessions, office: Office) -> None:
    """Officer, head, directing agency, lead, district: each is told once, however often the story looks."""
    ask = await _waiting(sessions, office)
    for days in range(10):
        for _ in range(2):
            await _looked(sessions, later(office, timedelta(days=days)), ask)
    told = await _fired(sessions, ask)
    assert sorted(LADDER) == sorted(code for code, _ in told)
    assert {"half": "officer", "no_reply": "supervisor", "overdue_lead": "coordinator", "overdue_district": "district"}.items() <= dict(told).items()  # fmt: skip


async def test_a_task_taken_on_reminds_of_no_missing_reply_even_after_an_extension(
    sessions: Sessions, office: Office
) -> None:
    """The agency replied by taking the task on; its head hears no complaint because the district gave more time."""
    ask = await _waiting(sessions, office)
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, "labour-division.officer"), ask.task, 1)
    async with sessions.begin() as session:
        who = await actor(session, "district.supervisor")
        more = Decide(kind=DecisionKind.EXTEND, reason="chờ giấy tờ", budget="P10WD")
        await decide(session, office, who, ask.task, 1, more)
    await _looked(sessions, later(office, timedelta(days=2)), ask)
    assert "no_reply" not in dict(await _fired(sessions, ask))


async def test_nobody_is_told_of_a_task_that_is_over(sessions: Sessions, office: Office) -> None:
    """The answer lapses every rung still owed: each rung is fired or lapsed, exactly one of them."""
    ask = await _waiting(sessions, office)
    half = later(office, timedelta(days=2))
    await _looked(sessions, half, ask)
    before = await _fired(sessions, ask)
    async with sessions.begin() as session:
        who = await actor(session, "labour-division.officer")
        await submit(session, half, who, ask.task, 1, dict(VALID[KIND]), half.now())
    await _looked(sessions, later(office, timedelta(days=30)), ask)
    async with sessions() as session:
        rungs = list(await session.scalars(select(Rung).where(Rung.task_id == ask.task)))
    assert before == await _fired(sessions, ask)
    assert all((rung.fired_at is None) is not (rung.lapsed_at is None) for rung in rungs)
