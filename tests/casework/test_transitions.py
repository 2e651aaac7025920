"""What each event makes of a task in each state: the table every agency and every story relies on."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.errors import ConflictError, StaleError
from activities.casework.settling import settle
from activities.casework.tasks import claim, give_back, release, save_draft, submit
from activities.casework.wishes import record_wish
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.outbox import Command
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.papers import paper_for
from tests.casework.test_races import KIND, later, opened

OFFICER, COORDINATOR, DISTRICT = "labour-division.officer", "labour-division.coordinator", "district.supervisor"
Event = Callable[[AsyncSession, Office, Ask, int], Awaitable[object]]


async def _outcome(session: AsyncSession, office: Office, ask: Ask, revision: int) -> None:
    await submit(session, office, await actor(session, OFFICER), ask.task, revision, dict(VALID[KIND]), office.now())


async def _on_behalf(session: AsyncSession, office: Office, ask: Ask, revision: int) -> None:
    who = await actor(session, COORDINATOR)
    paper = await paper_for(session, office, who, ask.task)
    await submit(session, office, who, ask.task, revision, dict(VALID[KIND]), office.now(), paper)


async def _deadline(session: AsyncSession, office: Office, ask: Ask, _: int) -> None:
    await settle(session, later(office, timedelta(days=1)), Wake(ask=ask, held=1, why="expired"))


async def _review_date(session: AsyncSession, office: Office, ask: Ask, _: int) -> None:
    await settle(session, later(office, timedelta(days=3)), Wake(ask=ask, why="rung"))


async def _return(session: AsyncSession, office: Office, ask: Ask, revision: int) -> None:
    await give_back(session, office, await actor(session, OFFICER), ask.task, revision, "not_ours")


async def _claim(session: AsyncSession, office: Office, ask: Ask, revision: int) -> None:
    await claim(session, office, await actor(session, OFFICER), ask.task, revision)


async def _release(session: AsyncSession, office: Office, ask: Ask, revision: int) -> None:
    await _claim(session, office, ask, revision)
    await release(session, office, await actor(session, OFFICER), ask.task, revision)


async def _draft(session: AsyncSession, office: Office, ask: Ask, revision: int) -> None:
    await save_draft(session, office, await actor(session, OFFICER), ask.task, revision, {"given": ["meals"]})


async def _decline(session: AsyncSession, office: Office, ask: Ask, _: int) -> None:
    await record_wish(session, office, await actor(session, COORDINATOR), ask.journey, "refuse_service", KIND)


async def _withdraw(session: AsyncSession, office: Office, ask: Ask, _: int) -> None:
    await record_wish(session, office, await actor(session, COORDINATOR), ask.journey, "withdraw")


def _decision(kind: DecisionKind) -> Event:
    asked: dict[DecisionKind, dict[str, Any]] = {
        DecisionKind.EXTEND: {"budget": "P1D"},
        DecisionKind.REASSIGN: {"organisation": "medical-centre"},
    }
    led = kind in (DecisionKind.RESEND, DecisionKind.WITHDRAW)

    async def event(session: AsyncSession, office: Office, ask: Ask, revision: int) -> None:
        more = {"until": office.now() + timedelta(days=2)} if kind is DecisionKind.PAUSE else asked.get(kind, {})
        who = await actor(session, COORDINATOR if led else DISTRICT)
        await decide(session, office, who, ask.task, revision, Decide(kind=kind, reason="lý do", **more))

    return event


EVENTS: dict[str, Event] = {
    "outcome": _outcome,
    "on_behalf": _on_behalf,
    "deadline": _deadline,
    "review_date": _review_date,
    "return": _return,
    "claim": _claim,
    "release": _release,
    "draft": _draft,
    "declines": _decline,
    "withdraws": _withdraw,
} | {kind.value: _decision(kind) for kind in DecisionKind}
FORMS = ("outcome", "on_behalf", "return", "claim", "draft", "extend", "pause", "resume", "reassign", "waive")

LOOK, EMPTY, ANSWER = ["look 0 "], ["complete 1 "], ["complete 1 done"]
# event, state -> state, generations more, revisions more, commands about the task
TABLE: dict[tuple[str, str], tuple[str, int, int, list[str]]] = {
    ("outcome", "open"): ("done", 0, 0, ANSWER),
    ("outcome", "paused"): ("done", 0, 0, LOOK),
    ("outcome", "returned"): ("done", 0, 0, ANSWER),
    ("on_behalf", "open"): ("done", 0, 0, ANSWER),
    ("on_behalf", "paused"): ("done", 0, 0, LOOK),
    ("on_behalf", "returned"): ("done", 0, 0, ANSWER),
    ("deadline", "open"): ("open", 1, 0, []),
    ("deadline", "paused"): ("paused", 0, 0, []),
    ("deadline", "returned"): ("returned", 1, 0, []),
    ("extend", "open"): ("open", 1, 0, EMPTY),
    ("pause", "open"): ("paused", 0, 1, EMPTY),
    ("resume", "paused"): ("open", 1, 0, LOOK),
    ("review_date", "paused"): ("open", 1, 0, []),
    ("return", "open"): ("returned", 0, 1, LOOK),
    ("resend", "returned"): ("open", 0, 1, LOOK),
    ("reassign", "open"): ("open", 1, 1, EMPTY),
    ("reassign", "paused"): ("open", 1, 1, LOOK),
    ("reassign", "returned"): ("open", 1, 1, EMPTY),
    ("withdraw", "returned"): ("withdrawn", 0, 0, EMPTY),
}
for _name, _end in (("waive", "waived"), ("declines", "declined"), ("withdraws", "withdrawn")):
    for _state, _commands in (("open", EMPTY), ("paused", LOOK), ("returned", EMPTY)):
        TABLE[_name, _state] = (_end, 0, 0, _commands)
for _name in ("claim", "release", "draft"):
    for _state in ("open", "paused", "returned"):
        TABLE[_name, _state] = (_state, 0, 0, [])

NO_CELL = [
    (name, state)
    for name in ("extend", "pause", "resume", "return", "resend", "withdraw")
    for state in ("open", "paused", "returned")
    if (name, state) not in TABLE
]


async def in_state(sessions: Sessions, office: Office, state: str) -> tuple[Ask, Task]:
    """A task brought into a state, and its row."""
    ask = await opened(sessions, office)
    leading = {"paused": "pause", "returned": "return", "done": "outcome", "waived": "waive"}
    leading |= {"declined": "declines", "withdrawn": "withdraws"}
    if state in leading:
        async with sessions.begin() as session:
            await EVENTS[leading[state]](session, office, ask, 1)
    async with sessions() as session:
        return ask, await session.get_one(Task, ask.task)


async def _sent_after(session: AsyncSession, ask: Ask, last: int) -> list[str]:
    rows = select(Command).where(Command.task_id == ask.task, Command.id > last).order_by(Command.id)
    return [f"{each.command} {each.generation} {each.code}" for each in await session.scalars(rows)]


@pytest.mark.parametrize(("event", "state"), TABLE, ids=lambda each: each)
async def test_each_event_moves_a_task_as_the_table_says(
    sessions: Sessions, office: Office, event: str, state: str
) -> None:
    """Where the task stands, whether older forms still fit, and what the story is told: one row of the table each."""
    ask, before = await in_state(sessions, office, state)
    async with sessions() as session:
        last = await session.scalar(select(func.max(Command.id))) or 0
    async with sessions.begin() as session:
        await EVENTS[event](session, office, ask, before.revision)
    async with sessions() as session:
        after = await session.get_one(Task, ask.task)
        sent = await _sent_after(session, ask, last)
    moved = (after.state.value, after.generation - before.generation, after.revision - before.revision, sent)
    assert TABLE[event, state] == moved
    assert (after.overdue_marks == 1) is (event == "deadline" and state != "paused")


@pytest.mark.parametrize(("event", "state"), NO_CELL)
async def test_an_event_without_a_place_in_the_table_is_refused(
    sessions: Sessions, office: Office, event: str, state: str
) -> None:
    """A decision that does not fit the state changes nothing, and says what the state is."""
    ask, before = await in_state(sessions, office, state)
    with pytest.raises(ConflictError) as refused:
        async with sessions.begin() as session:
            await EVENTS[event](session, office, ask, before.revision)
    winner = refused.value.facts["winner"]
    assert isinstance(winner, dict)
    assert state == winner["state"]
    async with sessions() as session:
        after = await session.get_one(Task, ask.task)
    assert (before.state, before.generation, before.revision) == (after.state, after.generation, after.revision)


@pytest.mark.parametrize("state", ["done", "waived", "declined", "withdrawn"])
async def test_what_is_over_stays_over_and_says_how_it_ended(sessions: Sessions, office: Office, state: str) -> None:
    """Whoever comes second learns the winner, even from a form drawn long ago; a late deadline changes nothing.

    What was answered is for the agency and the lead; who decides from above learns that it was.
    """
    ask, before = await in_state(sessions, office, state)
    for event in FORMS:
        with pytest.raises(ConflictError, match="task-ended") as refused:
            async with sessions.begin() as session:
                await EVENTS[event](session, office, ask, 99)
        winner = refused.value.facts["winner"]
        assert isinstance(winner, dict)
        code = "" if event in set(DecisionKind) else before.code
        assert (state, code, before.ended_at) == (winner["state"], winner["code"], winner["at"])
    async with sessions.begin() as session:
        turn = await settle(session, later(office, timedelta(days=9)), Wake(ask=ask, held=1, why="expired"))
    async with sessions() as session:
        after = await session.get_one(Task, ask.task)
    assert (state, before.code, 1, 0) == (turn.state, turn.code, turn.generation, after.overdue_marks)


@pytest.mark.parametrize("state", ["open", "paused", "returned"])
async def test_an_old_form_is_stale_while_the_task_can_be_answered(
    sessions: Sessions, office: Office, state: str
) -> None:
    """Nobody decides or answers from what they saw before somebody else changed the task."""
    ask, before = await in_state(sessions, office, state)
    for event in FORMS:
        with pytest.raises(StaleError) as refused:
            async with sessions.begin() as session:
                await EVENTS[event](session, office, ask, before.revision + 1)
        assert before.revision == refused.value.facts["revision"]


async def test_a_reassigned_task_keeps_its_dates_and_belongs_to_the_other_agency(
    sessions: Sessions, office: Office
) -> None:
    """A task handed on is no younger: start and due stay."""
    ask, before = await in_state(sessions, office, "open")
    async with sessions.begin() as session:
        await EVENTS["reassign"](session, office, ask, 1)
    async with sessions() as session:
        after = await session.get_one(Task, ask.task)
        theirs = (await actor(session, "medical-centre.officer")).organisation_id
    assert (before.start_at, before.due_at) == (after.start_at, after.due_at)
    assert (theirs, None) == (after.organisation_id, after.officer_id)
