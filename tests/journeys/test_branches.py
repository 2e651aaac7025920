"""Where journeys part ways: not identified, no service wanted, no place, danger, withdrawal, silence."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.dangers import raise_danger
from activities.casework.decisions import Decide, decide
from activities.casework.errors import ConflictError
from activities.casework.tasks import give_back
from activities.casework.wishes import record_wish
from activities.domain.ids import task_id
from activities.domain.states import DecisionKind, JourneyState, TaskState
from activities.store.engine import Sessions
from activities.store.tasks import Rung, Task
from tests.build.agencies import answer_open, kinds_of, until_closed
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.journeys.running import Running
from tests.journeys.test_whole_journeys import begin

NO_SERVICE = VALID["assess_needs"] | {"needs": []}
CHECKED = BRANCHES["check_information"]
QUICK = {"assess_needs": NO_SERVICE, "check_information": CHECKED["proven"]}


async def opens(sessions: Sessions, task: str, seconds: float = 20) -> Task:
    """Wait until the story has opened a task."""
    async with asyncio.timeout(seconds):
        while True:
            async with sessions() as session:
                found = await session.get(Task, task)
            if found is not None:
                return found
            await asyncio.sleep(0.1)


async def test_who_is_not_identified_is_told_in_writing_and_gets_no_community_service(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """Entitlements end, courtesy does not."""
    answers = {
        "check_information": CHECKED["identify"],
        "identify_victim": BRANCHES["identify_victim"]["not_identified"],
    }
    journey = await begin(sessions, office)
    await until_closed(sessions, office, journey, answers)
    kinds = await kinds_of(sessions, journey)
    assert TaskState.DONE is kinds["explain_result"]
    assert not {"issue_certificate", "find_job", "confirm_application", "follow_up"} & set(kinds)


async def test_a_paper_that_proves_the_status_spares_the_identification(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """Nobody is asked twice what a paper already says; who wants no service is let go."""
    journey = await begin(sessions, office)
    await until_closed(sessions, office, journey, QUICK)
    assert not {"request_identification", "identify_victim", "follow_up"} & set(await kinds_of(sessions, journey))


async def test_a_centre_without_place_leads_back_to_the_choice(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """Nobody sets out before the Centre's yes."""
    answers = QUICK | {
        "record_choice#2": BRANCHES["record_choice"]["stay"],
        "accept_at_centre": BRANCHES["accept_at_centre"]["no_place"],
    }
    journey = await begin(sessions, office, wish="centre")
    await until_closed(sessions, office, journey, answers)
    kinds = await kinds_of(sessions, journey)
    assert {"refer_to_centre", "accept_at_centre", "record_choice#2"} <= set(kinds)
    assert "escort_to_centre" not in kinds


async def test_a_child_who_goes_home_is_escorted(running: Running, sessions: Sessions, office: Office) -> None:
    """A child never travels alone, and is given a plan of protection."""
    journey = await begin(sessions, office, wish="home", child=True)
    await until_closed(sessions, office, journey, QUICK)
    assert {"escort_home", "plan_child_protection"} <= set(await kinds_of(sessions, journey))


async def test_a_danger_raised_later_opens_a_protection_of_its_own(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """Any officer with a part in the journey may raise it, at any moment."""
    journey = await begin(sessions, office)
    await opens(sessions, task_id(journey, "examine_health"))
    async with sessions.begin() as session:
        danger = await raise_danger(
            session, office, await actor(session, "medical-centre.officer"), journey, "kẻ lạ theo dõi"
        )
    await opens(sessions, task_id(journey, "assess_danger", danger.round))
    await until_closed(sessions, office, journey, QUICK | {"assess_danger": BRANCHES["assess_danger"]["danger"]})
    kinds = await kinds_of(sessions, journey)
    assert {f"{kind}#2" for kind in ("assess_danger", "request_protection", "protect_person")} <= set(kinds)


async def test_a_danger_raised_as_the_close_is_answered_is_averted_or_refused(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """Whoever was told that it is recorded sees its protection open; a journey that had closed says so."""
    journey = await begin(sessions, office)
    last = frozenset({"close_journey"})
    async with asyncio.timeout(40):
        while "close_journey" not in await kinds_of(sessions, journey):
            await answer_open(sessions, office, journey, QUICK, last)
            await asyncio.sleep(0.1)
    await answer_open(sessions, office, journey, QUICK)
    async with sessions() as session:
        lead = await actor(session, "labour-division.coordinator")
    try:
        async with sessions.begin() as session:
            danger = await raise_danger(session, office, lead, journey, "bị theo")
    except ConflictError:
        assert JourneyState.CLOSED is (await until_closed(sessions, office, journey, {})).state
        return
    await opens(sessions, task_id(journey, "assess_danger", danger.round))
    await until_closed(sessions, office, journey, QUICK)


@pytest.mark.parametrize("value", ["", "home"])
async def test_a_withdrawal_ends_everything_but_the_way_home_the_person_wants(
    running: Running, sessions: Sessions, office: Office, value: str
) -> None:
    """The person may stop at any moment, and is not left on the road."""
    journey = await begin(sessions, office, wish="")
    await opens(sessions, task_id(journey, "assess_needs"))
    async with sessions.begin() as session:
        await record_wish(
            session, office, await actor(session, "labour-division.coordinator"), journey, "withdraw", value
        )
    closed = await until_closed(sessions, office, journey, {})
    kinds = await kinds_of(sessions, journey)
    done = {kind for kind, state in kinds.items() if state is TaskState.DONE}
    assert ("withdrawn", TaskState.WITHDRAWN) == (closed.closing_reason, kinds["assess_needs"])
    assert ({"receive_person", "escort_home", "pay_journey_home"} if value else {"receive_person"}) == done


async def test_a_danger_on_the_way_home_is_still_averted(running: Running, sessions: Sessions, office: Office) -> None:
    """The person asked to stop, not to be left in danger; what was open before stays withdrawn, and the journey ends as they asked."""
    journey = await begin(sessions, office, wish="")
    await opens(sessions, task_id(journey, "assess_needs"))
    async with sessions.begin() as session:
        lead = await actor(session, "labour-division.coordinator")
        await record_wish(session, office, lead, journey, "withdraw", "home")
    await opens(sessions, task_id(journey, "escort_home"))
    async with sessions.begin() as session:
        danger = await raise_danger(session, office, lead, journey, "bị theo")
    await opens(sessions, task_id(journey, "assess_danger", danger.round))
    closed = await until_closed(sessions, office, journey, {"assess_danger": BRANCHES["assess_danger"]["danger"]})
    kinds = await kinds_of(sessions, journey)
    averted = [kinds[f"{kind}#2"] for kind in ("assess_danger", "request_protection", "protect_person")]
    assert ("withdrawn", {TaskState.DONE}) == (closed.closing_reason, set(averted))
    assert TaskState.WITHDRAWN is kinds["assess_needs"]


async def test_silence_is_marked_once_climbs_the_ladder_and_late_work_still_counts(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """A silent agency is overdue on time, once, however many days pass; its late answer moves the journey on."""
    journey = await begin(sessions, office)
    silent = task_id(journey, "meet_essential_needs")
    await opens(sessions, silent)
    async with asyncio.timeout(40):
        task = await opens(sessions, silent)
        while task.generation < 3:
            await answer_open(sessions, office, journey, QUICK, frozenset({"meet_essential_needs"}))
            await asyncio.sleep(0.3)
            task = await opens(sessions, silent)
    assert (1, TaskState.OPEN) == (task.overdue_marks, task.state)
    await until_closed(sessions, office, journey, QUICK)
    async with sessions() as session:
        task = await session.get_one(Task, silent)
        rungs = list(await session.scalars(select(Rung).where(Rung.task_id == silent)))
    assert (True, 1, TaskState.DONE) == (task.late, task.overdue_marks, task.state)
    assert all((rung.fired_at is None) != (rung.lapsed_at is None) for rung in rungs)
    assert any(rung.fired_at for rung in rungs)


async def test_what_is_returned_paused_and_given_to_another_still_ends_once(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """Return, re-send, pause, its review date, waiver: the story follows every turn."""
    journey = await begin(sessions, office)
    back, stopped = task_id(journey, "inform_of_rights"), task_id(journey, "examine_health")
    await opens(sessions, back)
    await opens(sessions, stopped)
    async with sessions.begin() as session:
        await give_back(session, office, await actor(session, "justice-division.officer"), back, 1, "missing_facts")
    async with sessions.begin() as session:
        lead = await actor(session, "labour-division.coordinator")
        await decide(session, office, lead, back, 2, Decide(kind=DecisionKind.RESEND, reason="đã bổ sung"))
    async with sessions.begin() as session:
        district = await actor(session, "district.supervisor")
        until = office.now() + timedelta(days=1)
        await decide(
            session, office, district, stopped, 1, Decide(kind=DecisionKind.PAUSE, reason="nằm viện", until=until)
        )
    await until_closed(sessions, office, journey, QUICK)
    kinds = await kinds_of(sessions, journey)
    assert (TaskState.DONE, TaskState.DONE) == (kinds["inform_of_rights"], kinds["examine_health"])
