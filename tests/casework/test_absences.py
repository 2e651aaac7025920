"""Somebody is away: what they hold is seen to by whoever stands in, or by their agency; never by nobody."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from activities.casework.absences import end_absence, record_absence
from activities.casework.context import Office
from activities.casework.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from activities.casework.handovers import take_over
from activities.casework.journal import verify_chains
from activities.casework.settling import settle
from activities.casework.tasks import claim, release, submit
from activities.domain.messages import Ask, Wake
from activities.domain.states import Role, TaskState
from activities.store.absences import Absence
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.notices import Notice
from activities.store.tasks import Rung, Task
from tests.build.officers import actor, newcomer
from tests.build.outcomes import VALID
from tests.casework.times import at, local, opened_kind

CLINIC, MAI, LAN = "medical-centre", "medical-centre.officer", "lan.clinic"
MONDAY, FRIDAY = date(2024, 3, 11), date(2024, 3, 15)


@pytest.fixture
async def morning(sessions: Sessions, office: Office) -> Office:
    """Monday 11 March; the clinic has a second officer, Lan, and a third, Tam."""
    await newcomer(sessions, LAN, CLINIC)
    await newcomer(sessions, "tam.clinic", CLINIC)
    return at(office, local(2024, 3, 11, 9))


async def held(sessions: Sessions, office: Office, username: str = MAI, kind: str = "examine_health") -> Ask:
    """A task somebody has taken on."""
    ask = await opened_kind(sessions, office, kind)
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, username), ask.task, 1)
    return ask


async def leaves(
    sessions: Sessions, office: Office, substitute: str = "", *, by: str = MAI, who: str = "",
    since: date = MONDAY, until: date = FRIDAY,
) -> str:  # fmt: skip
    """An absence is recorded."""
    async with sessions.begin() as session:
        row = await record_absence(session, office, await actor(session, by), who, since, until, substitute)
    return row.id


async def row_of(sessions: Sessions, ask: Ask) -> Task:
    async with sessions() as session:
        return await session.get_one(Task, ask.task)


async def test_whoever_stands_in_acts_on_what_the_absent_officer_holds(sessions: Sessions, morning: Office) -> None:
    """The task stays Mai's; Lan may release, take it over and answer it; Tam may not take it from under her."""
    ask = await held(sessions, morning)
    await leaves(sessions, morning, LAN)
    task = await row_of(sessions, ask)
    assert task.claimed_at is not None
    async with sessions.begin() as session:
        with pytest.raises(ConflictError, match="task-claimed"):
            await claim(session, morning, await actor(session, "tam.clinic"), ask.task, 1)
    async with sessions.begin() as session:
        lan = await actor(session, LAN)
        await claim(session, morning, lan, ask.task, 1)
        assert lan.officer_id == (await session.get_one(Task, ask.task)).officer_id
        await submit(session, morning, lan, ask.task, 1, dict(VALID[ask.kind]), morning.now())
    async with sessions() as session:
        told = select(Notice.officer_id).where(Notice.code == "task-stand-in", Notice.task_id == ask.task)
        assert [lan.officer_id] == list(await session.scalars(told))


async def test_before_and_after_the_absence_nobody_stands_in(sessions: Sessions, morning: Office) -> None:
    """It works by its dates, both days included, without anything having to happen on them."""
    ask = await held(sessions, morning)
    await leaves(sessions, morning, LAN, since=date(2024, 3, 13), until=date(2024, 3, 14))
    for day, may in ((12, False), (13, True), (14, True), (15, False)):
        then = at(morning, local(2024, 3, day, 9))
        async with sessions() as session, session.begin() as work:
            if may:
                await release(session, then, await actor(session, LAN), ask.task, 1)
            else:
                with pytest.raises(ConflictError, match="task-not-claimed-by-you"):
                    await release(session, then, await actor(session, LAN), ask.task, 1)
            await work.rollback()


async def test_without_a_substitute_the_agency_gets_the_tasks_and_the_reply_clock_climbs_again(
    sessions: Sessions, morning: Office
) -> None:
    """At once where the absence begins today; what was lapsed as met is owed once more."""
    ask = await held(sessions, morning)
    await leaves(sessions, morning)
    assert (None, None) == ((await row_of(sessions, ask)).officer_id, (await row_of(sessions, ask)).claimed_at)
    async with sessions() as session:
        owed = select(Rung.code).where(Rung.task_id == ask.task, Rung.lapsed_at.is_(None), Rung.fired_at.is_(None))
        assert "no_reply" in set(await session.scalars(owed))
        said = select(JournalEntry.data).where(JournalEntry.event == "task-handed-over")
        assert ["absence"] == [each["reason"] for each in await session.scalars(said)]
        assert [] == await verify_chains(session)


async def test_an_absence_to_come_frees_the_tasks_when_it_has_begun(sessions: Sessions, morning: Office) -> None:
    """No clock rings for it: a colleague may take the task on that day, and the story's next look frees it as well."""
    first, second = await held(sessions, morning), await held(sessions, morning)
    await leaves(sessions, morning, since=date(2024, 3, 12))
    assert (await row_of(sessions, first)).officer_id
    tuesday = at(morning, local(2024, 3, 12, 8))
    async with sessions.begin() as session:
        await claim(session, tuesday, await actor(session, "tam.clinic"), first.task, 1)
    async with sessions.begin() as session:
        await settle(session, tuesday, Wake(ask=second, why="rung"))
    assert (await row_of(sessions, second)).officer_id is None
    async with sessions.begin() as session:  # Mai looks in all the same, and what she takes on is hers
        await claim(session, tuesday, await actor(session, MAI), second.task, 1)
    async with sessions.begin() as session:
        await settle(session, tuesday, Wake(ask=second, why="rung"))
    assert (await row_of(sessions, second)).officer_id


async def test_a_substitute_who_falls_ill_too_leaves_the_tasks_to_the_agency(
    sessions: Sessions, morning: Office
) -> None:
    """Mai is away, Lan stood in; now Lan is away as well and Tam finds the task in the queue."""
    ask = await held(sessions, morning)
    await leaves(sessions, morning, LAN)
    await leaves(sessions, morning, by=LAN)
    assert (await row_of(sessions, ask)).officer_id is None


async def test_nobody_may_leave_an_agency_with_live_tasks_alone(sessions: Sessions, morning: Office) -> None:
    """The last who could answer, on any day of the absence, stays or finds somebody."""
    await held(sessions, morning)
    await leaves(sessions, morning, since=date(2024, 3, 14))
    await leaves(sessions, morning, by=LAN, since=date(2024, 3, 13))
    with pytest.raises(ConflictError, match="would-strand-tasks") as refused:
        await leaves(sessions, morning, by="tam.clinic", since=MONDAY, until=date(2024, 3, 14))
    assert {"tasks": 1, "on": "2024-03-14"} == refused.value.facts
    await leaves(sessions, morning, by="tam.clinic", since=MONDAY, until=date(2024, 3, 13))


async def test_who_may_record_and_end_an_absence(sessions: Sessions, morning: Office) -> None:
    """Oneself, one's head, the head above, the administrator; a colleague is refused, a stranger learns nothing."""
    for by in ("medical-centre.head", "health-division.head", "administrator"):
        absence = await leaves(sessions, morning, by=by, who=MAI)
        async with sessions.begin() as session:
            await end_absence(session, morning, await actor(session, by), absence)
            await end_absence(session, morning, await actor(session, by), absence)
    with pytest.raises(ForbiddenError, match="not-your-verb"):
        await leaves(sessions, morning, by=LAN, who=MAI)
    with pytest.raises(NotFoundError):
        await leaves(sessions, morning, by="justice-division.head", who=MAI)
    async with sessions.begin() as session:
        with pytest.raises(NotFoundError, match="absence-unknown"):
            await end_absence(session, morning, await actor(session, MAI), "absence-none")
        assert 3 == len(list(await session.scalars(select(Absence))))


@pytest.mark.parametrize(
    ("since", "until", "substitute", "code"),
    [
        (date(2024, 3, 10), FRIDAY, "", "absence-dates"), (FRIDAY, MONDAY, "", "absence-dates"),
        (MONDAY, date(2026, 1, 1), "", "absence-dates"), (MONDAY, FRIDAY, MAI, "officer-unfit"),
        (MONDAY, FRIDAY, "medical-centre.head", "officer-unfit"), (MONDAY, FRIDAY, "nobody", "officer-unfit"),
        (MONDAY, FRIDAY, "labour-division.officer", "officer-unfit"),
    ],
)  # fmt: skip
async def test_an_absence_that_cannot_be_is_refused(
    sessions: Sessions, morning: Office, since: date, until: date, substitute: str, code: str
) -> None:
    """Past days, days the wrong way round, and people who could not stand in."""
    with pytest.raises(InvalidError, match=code):
        await leaves(sessions, morning, substitute, since=since, until=until)


async def test_two_absences_do_not_share_a_day(sessions: Sessions, morning: Office) -> None:
    """Nor does somebody stand in on days they are away themselves."""
    await leaves(sessions, morning)
    with pytest.raises(ConflictError, match="absence-overlaps"):
        await leaves(sessions, morning, since=FRIDAY, until=date(2024, 3, 20))
    with pytest.raises(InvalidError, match="officer-unfit"):
        await leaves(sessions, morning, MAI, by=LAN, since=FRIDAY, until=FRIDAY)


@pytest.mark.parametrize("heir", ["", LAN])
async def test_the_head_hands_over_everything_an_officer_holds(sessions: Sessions, morning: Office, heir: str) -> None:
    """To a colleague, who is told and has yet to take each on, or to the queue; dates and forms stay."""
    asks = [await held(sessions, morning) for _ in range(3)]
    before = [await row_of(sessions, ask) for ask in asks]
    async with sessions.begin() as session:
        head = await actor(session, "medical-centre.head")
        row = await take_over(session, morning, head, MAI, heir, "chuyển công tác")
    assert 3 == row.tasks
    async with sessions.begin() as session:
        to = (await actor(session, heir)).officer_id if heir else None
        told = list(await session.scalars(select(Notice.officer_id).where(Notice.code == "task-handed-over")))
        assert [] == await verify_chains(session)
    assert [to] * 3 == told
    for ask, was in zip(asks, before, strict=True):
        now = await row_of(sessions, ask)
        assert (to, None, was.due_at, was.revision) == (now.officer_id, now.claimed_at, now.due_at, now.revision)
        if heir:
            async with sessions.begin() as session:
                task = await claim(session, morning, await actor(session, heir), ask.task, now.revision)
                assert TaskState.OPEN is task.state
                assert task.claimed_at is not None


async def test_only_the_head_hands_over(sessions: Sessions, morning: Office) -> None:
    """Not a colleague, not the administrator (who deactivates instead), and never to somebody who is away."""
    await newcomer(sessions, "boss.clinic", CLINIC, Role.SUPERVISOR, Role.OFFICER)
    await leaves(sessions, morning, by=LAN)
    for by, refusal in (
        (LAN, ForbiddenError),
        ("administrator", ForbiddenError),
        ("justice-division.head", NotFoundError),
    ):
        async with sessions.begin() as session:
            with pytest.raises(refusal):
                await take_over(session, morning, await actor(session, by), MAI, "", "lý do")
    async with sessions.begin() as session:
        with pytest.raises(InvalidError, match="officer-unfit"):
            await take_over(session, morning, await actor(session, "boss.clinic"), MAI, LAN, "lý do")
    assert timedelta(0) <= morning.now() - local(2024, 3, 11, 9) < timedelta(hours=1)
