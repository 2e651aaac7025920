"""Rungs nearer than a timer can tell fire as one: each of them has then fired, and fires no second time."""

from datetime import timedelta

from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.settling import settle
from activities.casework.tasks import claim
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.tasks import Rung
from tests.build.officers import actor
from tests.casework.test_races import KIND
from tests.casework.times import at, local, opened_kind

MONDAY = local(2024, 3, 4, 9)
AT_ONCE = ["half", "overdue_head", "overdue_directing", "overdue_district"]


async def _rungs(sessions: Sessions, ask: Ask) -> list[Rung]:
    async with sessions() as session:
        return list(await session.scalars(select(Rung).where(Rung.task_id == ask.task).order_by(Rung.owed_at)))


def _told(rungs: list[Rung]) -> list[str]:
    """Codes that fired, alone or with another."""
    return [code for rung in rungs if rung.fired_at for code in (*rung.merged, rung.code)]


def _owed(rungs: list[Rung]) -> list[tuple[str, list[str]]]:
    return [(rung.code, rung.merged) for rung in rungs if not rung.fired_at and not rung.lapsed_at]


async def test_a_rung_that_fired_with_another_fires_no_more_after_an_extension(
    sessions: Sessions, office: Office
) -> None:
    """The reminder and the head's notice went out with the directing agency's: more time repeats none of them."""
    ask = await opened_kind(sessions, at(office, MONDAY, 7200), KIND)
    late = at(office, MONDAY + timedelta(hours=7), 7200)
    async with sessions.begin() as session:
        await settle(session, late, Wake(ask=ask, why="rung"))
    assert AT_ONCE[:3] == _told(await _rungs(sessions, ask))
    async with sessions.begin() as session:
        more = Decide(kind=DecisionKind.EXTEND, reason="chờ phương tiện", budget="P5WD")
        await decide(session, late, await actor(session, "district.supervisor"), ask.task, 1, more)
    assert [("overdue_district", [])] == _owed(await _rungs(sessions, ask))
    async with sessions.begin() as session:
        await settle(session, at(office, MONDAY + timedelta(days=30), 7200), Wake(ask=ask, why="rung"))
    assert AT_ONCE == _told(await _rungs(sessions, ask))


async def test_taking_a_task_on_ends_only_the_reminder_of_the_missing_reply(sessions: Sessions, office: Office) -> None:
    """What was merged with that reminder is still owed: half of the time is half of the time."""
    ask = await opened_kind(sessions, at(office, MONDAY, 43_200), "request_identification")
    assert ("no_reply", ["half"]) in _owed(await _rungs(sessions, ask))
    async with sessions.begin() as session:
        who = await actor(session, "labour-division.officer")
        await claim(session, at(office, MONDAY, 43_200), who, ask.task, 1)
    left = _owed(await _rungs(sessions, ask))
    assert "no_reply" not in [name for code, merged in left for name in (code, *merged)]
    assert "half" in [name for code, merged in left for name in (code, *merged)]


async def test_a_task_taken_on_that_shared_its_rung_loses_that_share_alone(sessions: Sessions, office: Office) -> None:
    """The other way round: the reminder at half carried the missing reply, and goes on without it."""
    ask = await opened_kind(sessions, at(office, MONDAY, 43_200), "pay_journey_home")
    assert ("half", ["no_reply"]) in _owed(await _rungs(sessions, ask))
    async with sessions.begin() as session:
        who = await actor(session, "labour-division.officer")
        await claim(session, at(office, MONDAY, 43_200), who, ask.task, 1)
    assert "half" in dict(_owed(await _rungs(sessions, ask)))
    assert [] == [merged for _, merged in _owed(await _rungs(sessions, ask)) if "no_reply" in merged]
