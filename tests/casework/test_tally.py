"""The tally makes nobody wait, and is right at every moment, whoever acts and whoever folds it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text, update

from activities.casework.context import Office, case_day
from activities.casework.errors import CaseError
from activities.casework.tasks import claim, give_back, release, submit
from activities.domain.ids import new_id
from activities.domain.states import TaskState
from activities.store import tally
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.tally import ELDEST, Tally
from activities.store.tasks import Task
from tests.build.boards import counted, same, shown
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.casework.test_races import KIND, opened

MANY = 8
OFFICER = "labour-division.officer"


async def _apart(sessions: Sessions) -> int:
    async with sessions() as session:
        return await tally.apart(session, await case_day(session))


async def _fold(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await tally.fold(session, await case_day(session))


async def test_eight_journeys_of_one_agency_do_not_wait_for_each_other(sessions: Sessions, office: Office) -> None:
    """Nobody commits before all eight have answered, and the tally was folded meanwhile: a lock between them would hold for ever."""
    asks = [await opened(sessions, office) for _ in range(MANY)]
    all_done, folded = asyncio.Barrier(MANY + 1), asyncio.Event()

    async def answers(task: str) -> None:
        async with sessions.begin() as session:
            await session.execute(text("SET LOCAL lock_timeout = '20s'"))
            who = await actor(session, OFFICER)
            await submit(session, office, who, task, 1, dict(VALID[KIND]), office.now())
            await session.flush()
            await all_done.wait()
            await folded.wait()

    async def folds() -> None:
        await all_done.wait()
        await _fold(sessions)
        await _fold(sessions)
        folded.set()

    async with asyncio.timeout(60), asyncio.TaskGroup() as together:
        for work in (folds(), *(answers(ask.task) for ask in asks)):
            together.create_task(work)
    assert 0 == await _apart(sessions)
    await _fold(sessions)
    async with sessions() as session:
        done = await session.scalar(select(func.count()).where(Task.kind == KIND, Task.state == TaskState.DONE))
        left = await session.scalar(select(func.coalesce(func.sum(Tally.n), 0)).where(Tally.kind == KIND))
    assert (MANY, 0) == (done, left)


async def test_the_sums_are_right_at_every_moment_while_two_fold(sessions: Sessions, office: Office) -> None:
    """Officers work, two workers fold, somebody compares all the time: no moment at which the board would be wrong."""
    asks, working = [await opened(sessions, office) for _ in range(4)], asyncio.Event()

    async def works(task: str) -> None:
        for act in (claim, release) * 8:
            async with sessions.begin() as session:
                row = await session.get_one(Task, task)
                session.expunge(row)
                await act(session, office, await actor(session, OFFICER), task, row.revision)

    async def folds() -> None:
        while not working.is_set():
            await _fold(sessions)
            await asyncio.sleep(0)

    async def compares() -> list[int]:
        found = [await _apart(sessions)]
        while not working.is_set():
            found.append(await _apart(sessions))
        return found

    async def all_work() -> None:
        try:
            await asyncio.gather(*(works(ask.task) for ask in asks))
        finally:
            working.set()

    found = await asyncio.gather(compares(), folds(), folds(), all_work())
    assert {0} == set(found[0])


async def test_folding_leaves_one_row_a_sum(sessions: Sessions, office: Office) -> None:
    """A tally that was not folded for long is right, and short again afterwards."""
    task = (await opened(sessions, office)).task
    for act in (claim, release) * 5:
        async with sessions.begin() as session:
            row = await session.get_one(Task, task)
            session.expunge(row)
            await act(session, office, await actor(session, OFFICER), task, row.revision)
    sums = select(func.count(), func.count(func.distinct(func.concat_ws("|", *Tally.__table__.c[1:-1]))))
    async with sessions() as session:
        before, alike = (await session.execute(sums)).one()
    assert (0, True) == (await _apart(sessions), before > alike)
    await _fold(sessions)
    async with sessions() as session:
        after, alike = (await session.execute(sums)).one()
    assert (0, after) == (await _apart(sessions), alike)


async def test_what_was_opened_long_ago_is_folded_whatever_its_day(sessions: Sessions, office: Office) -> None:
    """Most tasks of a long year are old: no board tells their days apart, and each of them can still be answered."""
    asks = [await opened(sessions, office) for _ in range(3)]
    async with sessions.begin() as session:
        for ask, age in zip(asks, (ELDEST, ELDEST + timedelta(days=1), 3 * ELDEST), strict=True):
            old = update(Task).where(Task.id == ask.task).values(opened_at=office.now() - age)
            await session.execute(old)
    aged = select(func.isfinite(Tally.opened_on), Tally.n).where(Tally.kind == KIND, Tally.standing.is_(None))

    async def folded() -> set[tuple[bool, int]]:
        await _fold(sessions)
        async with sessions() as session:
            board = await shown(session, office, "district.supervisor")
            same(board, await counted(session, office, "district.supervisor", board["as_of"]))
            assert 0 == await tally.apart(session, office.today())
            return {(known, n) for known, n in await session.execute(aged)}

    assert {(True, 1), (False, 2)} == await folded()
    async with sessions.begin() as session:
        who = await actor(session, OFFICER)
        await submit(session, office, who, asks[2].task, 1, dict(VALID[KIND]), office.now())
    assert {(True, 1), (False, 1)} == await folded()


async def _lost(sessions: Sessions, task: str, channel: str) -> None:
    async with sessions.begin() as session:
        notice = (await session.scalars(select(Notice.id).where(Notice.task_id == task).limit(1))).one()
        row = Delivery(id=new_id("delivery"), notice_id=notice, channel=channel, state="undelivered", reached=[])
        row.next_at = (await session.get_one(Notice, notice)).at
        session.add(row)


@pytest.mark.parametrize("end", ["answered", "returned"])
async def test_a_message_is_lost_while_the_task_moves(sessions: Sessions, office: Office, end: str) -> None:
    """Whichever is first, the board counts the task once and right."""
    for _ in range(10):
        ask = await opened(sessions, office)

        async def moves(task: str = ask.task) -> None:
            async with sessions.begin() as session:
                who = await actor(session, OFFICER)
                if end == "answered":
                    await submit(session, office, who, task, 1, dict(VALID[KIND]), office.now())
                else:
                    await give_back(session, office, who, task, 1, "not_ours")

        await asyncio.gather(moves(), _lost(sessions, ask.task, "mail"), _lost(sessions, ask.task, "webhook"))
        assert 0 == await _apart(sessions)
        async with sessions() as session:
            assert (await session.get_one(Task, ask.task)).undelivered


async def test_a_message_that_arrives_after_all_is_lost_no_more(sessions: Sessions, office: Office) -> None:
    """Only when the last of them has: two channels failed, one is mended, then the other's row goes."""
    task = (await opened(sessions, office)).task
    await _lost(sessions, task, "mail")
    await _lost(sessions, task, "webhook")

    async def lost() -> tuple[bool, int]:
        async with sessions() as session:
            board = await shown(session, office, "district.supervisor")
            same(board, await counted(session, office, "district.supervisor", board["as_of"]))
            return (await session.get_one(Task, task)).undelivered, await tally.apart(session, office.today())

    assert (True, 0) == await lost()
    async with sessions.begin() as session:
        await session.execute(update(Delivery).where(Delivery.channel == "mail").values(state="delivered"))
    assert (True, 0) == await lost()
    async with sessions.begin() as session:
        await session.execute(delete(Delivery).where(Delivery.channel == "webhook"))
    assert (False, 0) == await lost()


async def test_a_journey_led_by_somebody_else_counts_there(sessions: Sessions, office: Office) -> None:
    """Its open tasks go with it from one coordinator's board to the other's."""
    ask = await opened(sessions, office)
    async with sessions.begin() as session:
        other = (await actor(session, "medical-centre.head")).organisation_id
        await session.execute(update(Journey).where(Journey.id == ask.journey).values(lead_id=other))
    assert 0 == await _apart(sessions)
    async with sessions() as session:
        assert {other} == set(
            await session.scalars(select(Tally.lead_id).group_by(Tally.lead_id).having(func.sum(Tally.n) > 0))
        )


async def test_what_is_undone_is_not_counted(sessions: Sessions, office: Office) -> None:
    """The tally is written in the change: an act that is refused at the end leaves no trace in it."""
    task = (await opened(sessions, office)).task

    async def claims_twice() -> None:
        async with sessions.begin() as session:
            await claim(session, office, await actor(session, OFFICER), task, 1)
            await session.flush()
            await claim(session, office, await actor(session, "medical-centre.officer"), task, 2)

    with pytest.raises(CaseError):
        await claims_twice()
    assert 0 == await _apart(sessions)


async def test_a_tally_that_came_apart_is_counted_anew(sessions: Sessions, office: Office) -> None:
    """Somebody deleted rows of it, or wrote a mark by hand: told as so many sums, then mended while officers work."""
    asks = [await opened(sessions, office) for _ in range(2)]
    async with sessions.begin() as session:
        await session.execute(delete(Tally).where(Tally.kind == KIND, Tally.standing.is_not(None)))
        await session.execute(update(Task).where(Task.id == asks[0].task).values(undelivered=True))
    assert 0 < await _apart(sessions)

    async def mends() -> None:
        async with sessions.begin() as session:
            await tally.count_anew(session)

    async def works() -> None:
        async with sessions.begin() as session:
            await claim(session, office, await actor(session, OFFICER), asks[1].task, 1)

    await asyncio.gather(mends(), works(), _fold(sessions), mends())
    assert 0 == await _apart(sessions)
    async with sessions() as session:
        assert not (await session.get_one(Task, asks[0].task)).undelivered
