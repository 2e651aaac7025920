"""A payment without a cost line waits for money: Finance sees voucher, line and sum, and nothing of whose they are."""

import json
from typing import Any

import pytest

from activities.casework.context import Office
from activities.casework.tasks import submit
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.casework.times import opened_kind

HOME = {"voucher": "PC-0007", "cost_line": "", "amount": 490_000}
SCHOOL = {"voucher": "PC-0012", "cost_line": "", "amount": 2_000_000}


async def _paid(sessions: Sessions, office: Office, kind: str, journey: str = "", **more: Any) -> str:
    """A payment answered with an empty cost line; its journey."""
    ask = await opened_kind(sessions, office, kind, journey)
    async with sessions.begin() as session:
        task = await session.get(Task, ask.task)
        assert task is not None, kind
        who = await actor(session, "labour-division.officer")
        body = dict(VALID[kind]) | {"cost_line": ""} | more
        await submit(session, office, who, ask.task, 1, body, office.now())
    return ask.journey


async def _handed(sessions: Sessions, office: Office, journey: str, round_: int) -> dict[str, Any] | None:
    ask = await opened_kind(sessions, office, "confirm_funds", journey, round_)
    async with sessions() as session:
        return (await session.get_one(Task, ask.task)).handed_over


@pytest.fixture
async def entitled(sessions: Sessions, office: Office) -> str:
    """A journey with the poor-household paper, whose way home is paid without a line."""
    journey = await _paid(sessions, office, "pay_journey_home")
    ask = await opened_kind(sessions, office, "confirm_application", journey)
    async with sessions.begin() as session:
        who = await actor(session, "commune-tri-an.officer")
        body = dict(VALID["confirm_application"]) | {"poor_household": True}
        await submit(session, office, who, ask.task, 1, body, office.now())
    return journey


async def test_each_request_for_funds_bears_its_own_voucher(sessions: Sessions, office: Office, entitled: str) -> None:
    """The way home, the schooling and the hardship allowance wait side by side; none gets another's voucher."""
    await _paid(sessions, office, "pay_schooling", entitled)
    await _paid(sessions, office, "pay_hardship_allowance", entitled, voucher="PC-0013", amount=1_000_000)
    hardship = {"voucher": "PC-0013", "cost_line": "", "amount": 1_000_000}
    handed = {round_: await _handed(sessions, office, entitled, round_) for round_ in (12, 1, 11)}
    assert {12: hardship, 1: HOME, 11: SCHOOL} == handed


async def test_nothing_but_the_voucher_is_handed_over(sessions: Sessions, office: Office, entitled: str) -> None:
    """Neither the decision on the journey home nor the days on the road nor the reference."""
    handed = await _handed(sessions, office, entitled, 1)
    assert handed is not None
    assert {"voucher", "cost_line", "amount"} == set(handed)
    assert entitled not in json.dumps(handed)


async def test_a_request_nobody_paid_for_is_handed_nothing(sessions: Sessions, office: Office) -> None:
    """No other payment stands in for it."""
    journey = await _paid(sessions, office, "pay_journey_home")
    assert await _handed(sessions, office, journey, 11) is None
    assert HOME == await _handed(sessions, office, journey, 101)
