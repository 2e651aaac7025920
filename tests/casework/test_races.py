"""Completion, deadline and waiver at one instant: one of them wins, and the others are told which."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.errors import CaseError, ConflictError
from activities.casework.journal import verify_chains
from activities.casework.journeys import Report, report_person
from activities.casework.settling import settle
from activities.casework.tasks import submit
from activities.casework.wishes import record_wish
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind, TaskState
from activities.plan.clock import Clock
from activities.store.engine import Sessions
from activities.store.outbox import Command
from activities.store.tasks import Rung, Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.winners import winner_of

ROUNDS = 200
KIND = "meet_essential_needs"


def later(office: Office, after: timedelta) -> Office:
    """The same office, when this much case time has gone by."""
    clock = office.clock
    return replace(office, clock=Clock(anchor=clock.anchor + after, real0=clock.real0, scale=clock.scale))


async def opened(sessions: Sessions, office: Office) -> Ask:
    """A journey with one open task that no law forbids to waive."""
    async with sessions.begin() as session:
        who = await actor(session, "commune-tri-an.officer")
        journey = await report_person(
            session, office, who, Report(commune="tri-an", happened_at=office.now(), way_of_return="rescued")
        )
    ask = Ask(journey=journey.id, task=task_id(journey.id, KIND), kind=KIND)
    async with sessions.begin() as session:
        await settle(session, office, Wake(ask=ask))
    return ask


async def answer(sessions: Sessions, office: Office, ask: Ask) -> str:
    """The agency answers; `done`, or the code of the refusal with its winner."""
    async with sessions.begin() as session:
        who = await actor(session, "labour-division.officer")
        await submit(session, office, who, ask.task, 1, dict(VALID[KIND]), office.now())
    return "done"


async def waive(sessions: Sessions, office: Office, ask: Ask) -> str:
    """The district waives."""
    async with sessions.begin() as session:
        who = await actor(session, "district.supervisor")
        await decide(session, office, who, ask.task, 1, Decide(kind=DecisionKind.WAIVE, reason="không cần nữa"))
    return "waived"


async def expire(sessions: Sessions, office: Office, ask: Ask) -> str:
    """The deadline fires."""
    async with sessions.begin() as session:
        await settle(session, office, Wake(ask=ask, held=1, why="expired"))
    return "settled"


async def test_answer_deadline_and_waiver_at_one_instant_have_one_winner(sessions: Sessions, office: Office) -> None:
    """200 rounds: the row ends once, the loser hears how, the overdue mark is written at most once, no rung is left over."""
    won = Counter[str]()
    late = later(office, timedelta(days=2))
    for _ in range(ROUNDS):
        ask = await opened(sessions, office)
        ends = await asyncio.gather(
            answer(sessions, late, ask), waive(sessions, late, ask), expire(sessions, late, ask), return_exceptions=True
        )
        lost = [end for end in ends if isinstance(end, CaseError)]
        assert 1 == len(lost), ends
        async with sessions() as session:
            task = await session.get_one(Task, ask.task)
            owed = list(
                await session.scalars(
                    select(Rung).where(Rung.task_id == ask.task, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None))
                )
            )
        assert isinstance(lost[0], ConflictError)
        assert {"winner"} == set(lost[0].facts)
        assert task.state.value == winner_of(lost[0])["state"]
        assert (task.overdue_marks <= 1, task.answers <= 1, []) == (True, True, owed)
        won[task.state.value] += 1
    assert ROUNDS == won["done"] + won["waived"]
    async with sessions() as session:
        assert [] == await verify_chains(session)


async def test_the_same_task_answered_twice_at_once_is_answered_once(sessions: Sessions, office: Office) -> None:
    """Two officers of one agency press send together: one is recorded, one is told."""
    for _ in range(ROUNDS):
        ask = await opened(sessions, office)
        ends = await asyncio.gather(
            answer(sessions, office, ask), answer(sessions, office, ask), return_exceptions=True
        )
        assert 1 == sum(end == "done" for end in ends)
        assert 1 == sum(isinstance(end, ConflictError) for end in ends)
        async with sessions() as session:
            task = await session.get_one(Task, ask.task)
            sent = list(await session.scalars(select(Command).where(Command.task_id == ask.task)))
        assert (1, TaskState.DONE, ["complete"]) == (task.answers, task.state, [each.command for each in sent])


async def withdraw(sessions: Sessions, office: Office, ask: Ask) -> str:
    """The person wants to stop."""
    async with sessions.begin() as session:
        await record_wish(session, office, await actor(session, "labour-division.coordinator"), ask.journey, "withdraw")
    return "withdrawn"


async def test_an_answer_meets_the_person_who_stops(sessions: Sessions, office: Office) -> None:
    """The wish to stop is always recorded; the answer counts if it was first, else its sender hears of the wish."""
    for _ in range(ROUNDS):
        ask = await opened(sessions, office)
        answered, stopped = await asyncio.gather(
            answer(sessions, office, ask), withdraw(sessions, office, ask), return_exceptions=True
        )
        async with sessions() as session:
            task = await session.get_one(Task, ask.task)
            sent = list(await session.scalars(select(Command.code).where(Command.task_id == ask.task)))
        assert "withdrawn" == stopped
        if answered == "done":
            assert (TaskState.DONE, ["done"]) == (task.state, sent)
        else:
            assert isinstance(answered, ConflictError)
            assert {"state": "withdrawn", "code": ""}.items() <= winner_of(answered).items()
            assert (TaskState.WITHDRAWN, 0, [""]) == (task.state, task.answers, sent)
    async with sessions() as session:
        assert [] == await verify_chains(session)
