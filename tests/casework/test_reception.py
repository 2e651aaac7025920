"""A person comes and somebody writes it down."""

from datetime import timedelta

from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.journal import verify_chains
from activities.casework.journeys import Report, report_person
from activities.casework.settling import settle
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import TaskState
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.outbox import Command
from activities.store.tasks import Task
from tests.build.officers import actor


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
