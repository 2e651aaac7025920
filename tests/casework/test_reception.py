"""A person comes and somebody writes it down."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.errors import InvalidError
from activities.casework.journal import verify_chains
from activities.casework.journeys import AlreadyDone, Report, Start, report_person, start_journey
from activities.casework.settling import settle
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import TaskState
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Notice
from activities.store.organisations import Organisation
from activities.store.outbox import Command
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.casework.times import at, local


async def test_a_report_opens_the_journey_and_is_the_reception(sessions: Sessions, office: Office) -> None:
    """The officer who received somebody writes once; nobody asks them again for the reception."""
    async with sessions.begin() as session:
        who = await actor(session, "commune-tri-an.officer")
        at = office.now() - timedelta(hours=2)
        journey = await report_person(
            session, office, who, Report(commune="tri-an", happened_at=at, way_of_return="self_returned", child=True)
        )
    async with sessions() as session:
        task = await session.get_one(Task, task_id(journey.id, "receive_person"))
        assert (TaskState.DONE, ["child"], at) == (task.state, task.flags, task.happened_at)
        assert ["start", "complete"] == list(await session.scalars(select(Command.command).order_by(Command.id)))
        assert [] == await verify_chains(session)
        assert journey.reference == (await session.get_one(Journey, journey.id)).reference


async def test_the_story_that_opens_a_task_twice_finds_one_row(sessions: Sessions, office: Office) -> None:
    """A step that ran, committed and was lost runs again: the agency sees one task and one notice."""
    async with sessions.begin() as session:
        who = await actor(session, "commune-tri-an.officer")
        journey = await report_person(
            session, office, who, Report(commune="tri-an", happened_at=office.now(), way_of_return="rescued")
        )
    ask = Ask(journey=journey.id, task=task_id(journey.id, "check_information"), kind="check_information")
    turns = []
    for _ in range(2):
        async with sessions.begin() as session:
            turns.append(await settle(session, office, Wake(ask=ask)))
    assert ["open", "open"] == [turn.state for turn in turns]
    assert 1 == turns[0].generation == turns[1].generation
    assert 2 * 86400 < turns[0].left < 8 * 86400


async def test_the_plan_is_chosen_by_the_local_day(sessions: Sessions, office: Office) -> None:
    """One in the morning of 1 July 2025 is July here, though it is June still in Greenwich."""
    codes = []
    for moment in (local(2025, 6, 30, 23), local(2025, 7, 1, 1)):
        async with sessions.begin() as session:
            who = await actor(session, "commune-tri-an.officer")
            report = Report(commune="tri-an", happened_at=moment, way_of_return="rescued")
            journey = await report_person(session, at(office, moment + timedelta(minutes=5)), who, report)
            codes.append(office.shelf.by_hash[journey.plan_hash].code)
    assert ["plan-2024", "plan-2025"] == codes


async def test_what_was_done_on_paper_was_done_in_the_past(sessions: Sessions, office: Office) -> None:
    """A slip in a date would start other clocks from tomorrow."""
    done = AlreadyDone(
        kind="examine_health",
        happened_at=office.now() + timedelta(days=1),
        document={"number": "12/CV"},
        outcome=dict(VALID["examine_health"]),
    )
    start = Start(commune="tri-an", happened_at=office.now(), way_of_return="rescued", already_done=(done,))
    with pytest.raises(InvalidError, match="happened-in-future"):
        async with sessions.begin() as session:
            await start_journey(session, office, await actor(session, "labour-division.coordinator"), start)


async def test_an_agency_hears_of_what_was_entered_from_its_paper_at_the_start(
    sessions: Sessions, office: Office
) -> None:
    """As with a paper that comes later: it may object within its term, and so has to know."""
    done = AlreadyDone(
        kind="examine_health", happened_at=office.now() - timedelta(hours=2), document={"number": "12/CV"},
        outcome=dict(VALID["examine_health"]),
    )  # fmt: skip
    start = Start(
        commune="tri-an", happened_at=office.now() - timedelta(hours=3), way_of_return="rescued", already_done=(done,)
    )
    async with sessions.begin() as session:
        await start_journey(session, office, await actor(session, "labour-division.coordinator"), start)
    async with sessions() as session:
        told = select(Organisation.code).join(Notice, Notice.organisation_id == Organisation.id)
        assert ["medical-centre"] == list(await session.scalars(told.where(Notice.code == "answered-on-behalf")))
