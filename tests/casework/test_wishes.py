"""What the person wants works at once: it answers, declines or withdraws, and the story hears of it in order."""

import pytest
from sqlalchemy import select

from activities.casework import facts, news
from activities.casework.context import Office
from activities.casework.dangers import raise_danger
from activities.casework.errors import ConflictError, ForbiddenError, InvalidError
from activities.casework.outbox import AGAIN
from activities.casework.rounds import ask_again
from activities.casework.settling import settle
from activities.casework.steps import CaseSteps
from activities.casework.wishes import record_wish
from activities.domain.ids import task_id
from activities.domain.messages import Ask, EndJourney, NewsAsk, Turn, Wake
from activities.domain.states import JourneyState, TaskState
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Notice
from activities.store.outbox import Command
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.casework.test_races import KIND, opened

COORDINATOR = "labour-division.coordinator"


async def _opens(sessions: Sessions, office: Office, journey: str, kind: str, round_: int = 1) -> tuple[str, Turn]:
    ask = Ask(journey=journey, task=task_id(journey, kind, round_), kind=kind, round=round_)
    async with sessions.begin() as session:
        return ask.task, await settle(session, office, Wake(ask=ask))


async def _wishes(
    sessions: Sessions, office: Office, journey: str, wish: str, value: str = "", flags: tuple[str, ...] = ()
) -> None:
    async with sessions.begin() as session:
        await record_wish(session, office, await actor(session, COORDINATOR), journey, wish, value, flags)


async def _heard(sessions: Sessions, journey: str, cursor: int = 0) -> list[tuple[str, str, int]]:
    async with sessions() as session:
        told = await news.read(session, NewsAsk(journey=journey, cursor=cursor))
    return [(item.code, item.kind, item.round) for item in told.items]


async def test_a_choice_answers_the_open_question(sessions: Sessions, office: Office) -> None:
    """The person says home: the open task is done in the same transaction, and nobody asks again."""
    journey = (await opened(sessions, office)).journey
    task, _ = await _opens(sessions, office, journey, "record_choice")
    await _wishes(sessions, office, journey, "choice", "home", flags=("cannot_pay",))
    async with sessions() as session:
        row = await session.get_one(Task, task)
        sent = select(Command.command, Command.code, Command.flags).where(Command.task_id == task)
        assert (TaskState.DONE, "home", ["cannot_pay"]) == (row.state, row.code, row.flags)
        assert [("complete", "home", ["cannot_pay"])] == [tuple(each) for each in await session.execute(sent)]
        assert "" == (await session.get_one(Journey, journey)).wish


async def test_a_choice_said_early_waits_for_its_question(sessions: Sessions, office: Office) -> None:
    """Said before anybody asked, and changed once: the last word answers the task as it opens."""
    journey = (await opened(sessions, office)).journey
    await _wishes(sessions, office, journey, "choice", "home")
    await _wishes(sessions, office, journey, "choice", "centre")
    _, turn = await _opens(sessions, office, journey, "record_choice")
    assert ("done", "centre") == (turn.state, turn.code)


async def test_a_refused_service_is_declined_now_and_later(sessions: Sessions, office: Office) -> None:
    """What the person does not want is closed, opens no more, and is no service the story may choose."""
    ask = await opened(sessions, office)
    await _wishes(sessions, office, ask.journey, "refuse_service", KIND)
    await _wishes(sessions, office, ask.journey, "refuse_service", "support_socially")
    _, turn = await _opens(sessions, office, ask.journey, "support_socially")
    async with sessions() as session:
        assert TaskState.DECLINED is (await session.get_one(Task, ask.task)).state
        assert "support_socially" not in (await facts.read(session, office, ask.journey)).services
    assert "declined" == turn.state


async def test_a_service_asked_for_since_is_opened_again(sessions: Sessions, office: Office) -> None:
    """The person changed their mind, and the coordinator asked for it: the agency gets a live task and hears of it."""
    journey, kind = (await opened(sessions, office)).journey, "examine_health"
    await _wishes(sessions, office, journey, "refuse_service", kind)
    async with sessions.begin() as session:
        round_ = await ask_again(session, office, await actor(session, COORDINATOR), journey, kind)
    task, _ = await _opens(sessions, office, journey, kind, round_)
    async with sessions() as session:
        assert TaskState.OPEN is (await session.get_one(Task, task)).state
        told = select(Notice.code).where(Notice.task_id == task)
        assert ["task-opened"] == list(await session.scalars(told))


async def test_who_withdraws_keeps_only_the_way_home(sessions: Sessions, office: Office) -> None:
    """All open work stops but the fare home; nothing new opens but that; the story hears home, then withdrawn."""
    ask = await opened(sessions, office)
    fare, _ = await _opens(sessions, office, ask.journey, "pay_journey_home")
    await _wishes(sessions, office, ask.journey, "withdraw", "home")
    _, check = await _opens(sessions, office, ask.journey, "check_records")
    _, escort = await _opens(sessions, office, ask.journey, "escort_home")
    async with sessions() as session:
        assert TaskState.WITHDRAWN is (await session.get_one(Task, ask.task)).state
        assert TaskState.OPEN is (await session.get_one(Task, fare)).state
        assert JourneyState.ENDING is (await session.get_one(Journey, ask.journey)).state
        assert (await facts.read(session, office, ask.journey)).withdrawn
        assert await session.get(Task, task_id(ask.journey, "check_records")) is None
    assert ("withdrawn", "open") == (check.state, escort.state)
    assert ["home", "withdrawn"] == [code for code, _, _ in await _heard(sessions, ask.journey)]


async def test_the_way_home_may_be_asked_for_after_a_withdrawal(sessions: Sessions, office: Office) -> None:
    """Who left without the fare may come back for it; before a withdrawal there is nothing to come back to."""
    journey = (await opened(sessions, office)).journey
    with pytest.raises(ConflictError, match="journey-not-ending"):
        await _wishes(sessions, office, journey, "home")
    await _wishes(sessions, office, journey, "withdraw")
    await _wishes(sessions, office, journey, "home")
    assert ["withdrawn", "home"] == [code for code, _, _ in await _heard(sessions, journey)]


async def test_dangers_and_further_rounds_are_heard_in_order(sessions: Sessions, office: Office) -> None:
    """The first round is the story's own: a danger raised is round 2, and a round asked for never meets either."""
    journey = (await opened(sessions, office)).journey
    for _ in range(2):
        async with sessions.begin() as session:
            who = await actor(session, "commune-tri-an.officer")
            await raise_danger(session, office, who, journey, "có người theo dõi")
    for _ in range(2):
        async with sessions.begin() as session:
            await ask_again(session, office, await actor(session, COORDINATOR), journey, "examine_health")
    heard = [("danger", "", 2), ("danger", "", 3), ("again", "examine_health", 101), ("again", "examine_health", 102)]
    assert heard == await _heard(sessions, journey)
    assert heard[3:] == await _heard(sessions, journey, cursor=3)
    async with sessions() as session:
        looks = select(Command).where(Command.journey_id == journey, Command.command == "look", Command.task_id == "")
        assert len(heard) == len(list(await session.scalars(looks)))


async def test_a_danger_raised_as_the_journey_ends_is_not_lost(sessions: Sessions, office: Office) -> None:
    """The officer was told that it is recorded: the journey stays open, its story is told anew, and closes once it has heard."""
    ask, steps = await opened(sessions, office), CaseSteps(sessions, office)
    end = EndJourney(journey=ask.journey, reason="settled")
    async with sessions.begin() as session:
        await raise_danger(session, office, await actor(session, "commune-tri-an.officer"), ask.journey)
    for _ in range(2):  # a step may be done twice
        await steps.end_journey(end)
    async with sessions() as session:
        journey = await session.get_one(Journey, ask.journey)
        sent = select(Command.code).where(Command.journey_id == journey.id, Command.command == "start")
        assert (JourneyState.OPEN, "0/1") == (journey.state, news.start_of(journey).told)
        assert AGAIN in set(await session.scalars(sent))
    await steps.begin(news.start_of(journey))
    await _opens(sessions, office, ask.journey, "assess_danger", 2)
    await steps.news(NewsAsk(journey=ask.journey, cursor=0))
    await steps.end_journey(end)
    async with sessions() as session:
        assert JourneyState.CLOSED is (await session.get_one(Journey, ask.journey)).state


async def test_what_cannot_be_wished_is_refused_with_a_code(sessions: Sessions, office: Office) -> None:
    """An unknown choice or service, a kind that does not repeat, another agency's officer: nothing is recorded."""
    journey = (await opened(sessions, office)).journey
    for code, wish in (
        ("choice-unknown", ("choice", "moon")),
        ("kind-unknown", ("refuse_service", "gold")),
        ("kind-not-refusable", ("refuse_service", "assess_danger")),
        ("kind-not-refusable", ("refuse_service", "plan_child_protection")),
        ("kind-not-refusable", ("refuse_service", "identify_victim")),
        ("kind-not-refusable", ("refuse_service", "confirm_funds")),
        ("kind-not-refusable", ("refuse_service", "close_journey")),
        ("wish-unknown", ("sing",)),
    ):
        with pytest.raises(InvalidError, match=code):
            await _wishes(sessions, office, journey, *wish)
    with pytest.raises(InvalidError, match="kind-not-repeatable"):
        async with sessions.begin() as session:
            await ask_again(session, office, await actor(session, COORDINATOR), journey, "issue_certificate")
    await _wishes(sessions, office, journey, "withdraw")
    with pytest.raises(ConflictError, match="journey-ending"):
        async with sessions.begin() as session:
            await ask_again(session, office, await actor(session, COORDINATOR), journey, "examine_health")
    async with sessions() as session:
        who = await actor(session, "commune-tri-an.officer")
        with pytest.raises(ForbiddenError, match="not-your-verb"):
            await record_wish(session, office, who, journey, "choice", "home")
