"""Quiet hours, in the time of the case: what can wait until morning waits, danger and duties at once do not."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest

from activities.casework.context import Office
from activities.casework.spreading import when
from activities.plan.model import Quiet
from activities.plan.quiet import held_until
from activities.store.engine import Sessions
from tests.casework.times import at, local
from tests.workers.telling import Gateway, deliveries, gateway, notice, now_due, told
from workers.notifier import Notifier

NIGHT, MORNING = local(2024, 3, 4, 21), local(2024, 3, 5, 6, 30)


@pytest.fixture
async def province() -> AsyncIterator[Gateway]:
    """A gateway that takes everything."""
    async with gateway() as server:
        yield server


async def test_a_reminder_waits_until_the_night_is_over(province: Gateway, sessions: Sessions, office: Office) -> None:
    """Written at nine in the evening it is in the application at once, and on its way at half past six."""
    by_night = at(office, NIGHT)
    number = await notice(sessions, by_night, kind="inform_of_rights", code="rung-half")
    assert 0 == await told(Notifier(sessions, by_night, [province.channel]), "webhook")
    ways = await deliveries(sessions, number)
    assert ("delivered", "pending") == (ways["in_app"].state, ways["webhook"].state)
    assert abs(by_night.clock.case_of(ways["webhook"].next_at) - MORNING) < timedelta(seconds=1)
    await now_due(sessions)
    assert 1 == await told(Notifier(sessions, at(office, MORNING), [province.channel]), "webhook")


@pytest.mark.parametrize(("kind", "code"), [("", "danger-raised"), ("meet_essential_needs", "rung-half")])
async def test_danger_and_duties_at_once_go_out_by_night(
    province: Gateway, sessions: Sessions, office: Office, kind: str, code: str
) -> None:
    """Four hours are four hours."""
    number = await notice(sessions, at(office, NIGHT), kind=kind, code=code)
    assert 1 == await told(Notifier(sessions, at(office, NIGHT), [province.channel]), "webhook")
    assert "delivered" == (await deliveries(sessions, number))["webhook"].state


async def test_what_fell_due_by_day_and_meets_the_night_waits_too(
    province: Gateway, sessions: Sessions, office: Office
) -> None:
    """The notifier was away from the afternoon until late: it wakes nobody for a reminder."""
    afternoon = at(office, local(2024, 3, 4, 16))
    number = await notice(sessions, afternoon)
    await Notifier(sessions, afternoon, [province.channel]).spread_some()
    late = Notifier(sessions, at(office, NIGHT), [province.channel])
    assert await late.deliver_one("webhook")
    row = (await deliveries(sessions, number))["webhook"]
    assert ("pending", 0, []) == (row.state, row.tries, province.taken)
    assert row.next_at > datetime.now(UTC) + timedelta(hours=9)
    assert not await late.deliver_one("webhook")


async def test_another_try_does_not_fall_into_the_night(province: Gateway, sessions: Sessions, office: Office) -> None:
    """A gateway that fails a second before eight in the evening is asked again in the morning."""
    evening = at(office, local(2024, 3, 4, 20) - timedelta(seconds=3))
    province.answers = [503]
    number = await notice(sessions, evening)
    assert 1 == await told(Notifier(sessions, evening, [province.channel]), "webhook")
    row = (await deliveries(sessions, number))["webhook"]
    assert abs(evening.clock.case_of(row.next_at) - MORNING) < timedelta(seconds=1)


@pytest.mark.parametrize("scale", [1, 1440])
def test_the_night_is_as_long_as_the_clock_of_the_case_makes_it(office: Office, scale: int) -> None:
    """Nine and a half hours of the case, whatever they are in real time."""
    by_night = at(office, NIGHT, scale)
    real = by_night.clock.real0
    wait = when(by_night, real, at_once=False) - real
    assert abs(wait * scale - timedelta(hours=9, minutes=30)) < timedelta(seconds=1)
    assert real == when(by_night, real, at_once=True)


@pytest.mark.parametrize(("moment", "until"), [
    (local(2024, 3, 4, 19, 59), None),
    (local(2024, 3, 4, 20), local(2024, 3, 5, 6, 30)),
    (local(2024, 3, 5, 0), local(2024, 3, 5, 6, 30)),
    (local(2024, 3, 5, 6, 29), local(2024, 3, 5, 6, 30)),
    (local(2024, 3, 5, 6, 30), None),
    (local(2024, 3, 3, 10), None),  # a Sunday
    (local(2024, 2, 10, 10), None),  # Tết
])  # fmt: skip
def test_the_edges_of_the_night(moment: datetime, until: datetime | None) -> None:
    """From eight to half past six; a day off is not quiet by itself."""
    assert until == held_until(Quiet(), moment)


def test_quiet_hours_within_one_day_end_on_that_day() -> None:
    """A plan may also keep noon quiet, or nothing."""
    noon = Quiet(start=time(11, 30), end=time(13))
    assert local(2024, 3, 4, 13) == held_until(noon, local(2024, 3, 4, 12))
    assert held_until(noon, local(2024, 3, 4, 13)) is None
    assert held_until(Quiet(start=time(7), end=time(7)), local(2024, 3, 4, 7)) is None
