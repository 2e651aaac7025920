"""What one answer tells of the journey reaches the tasks that depend on it; a wish is answered by whoever wrote it down."""

from datetime import timedelta

from sqlalchemy import select

from activities.casework import facts, statistics_facts
from activities.casework.context import Office
from activities.casework.journeys import Report, Start, report_person, start_journey
from activities.casework.opening import New, open_task
from activities.casework.settling import settle
from activities.casework.tasks import submit
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import TaskState
from activities.store.engine import Sessions
from activities.store.journeys import Journey, StatisticsFact
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID


def ask(journey: str, kind: str) -> Ask:
    return Ask(journey=journey, task=task_id(journey, kind, 1), kind=kind, round=1)


async def test_a_poor_household_paper_seen_by_the_commune_opens_what_asks_for_it(
    sessions: Sessions, stationed: Office
) -> None:
    """Reported without papers; the commune sees the paper, and the hardship allowance can be paid."""
    office = stationed
    async with sessions.begin() as session:
        officer = await actor(session, "commune-tri-an.officer")
        report = Report(commune="tri-an", happened_at=office.now() - timedelta(hours=1), way_of_return="rescued")
        journey = await report_person(session, office, officer, report)
        assert not isinstance(await open_task(session, office, journey, ask(journey.id, "pay_hardship_allowance")), New)
        opened = await open_task(session, office, journey, ask(journey.id, "confirm_application"))
        assert isinstance(opened, New)
        body = VALID["confirm_application"] | {"poor_household": True}
        journey.residence_commune = "tri-an"
    async with sessions.begin() as session:
        officer = await actor(session, "commune-tri-an.officer")
        await submit(session, office, officer, opened.task.id, opened.task.revision, dict(body), office.now())
    async with sessions.begin() as session:
        again = await session.get_one(Journey, journey.id)
        assert again.papers == ["poor_household"]
        assert isinstance(await open_task(session, office, again, ask(journey.id, "pay_hardship_allowance")), New)
        assert not (await facts.read(session, office, journey.id)).withdrawn


async def test_a_wish_known_at_the_start_answers_its_task_in_the_name_of_who_wrote_it_down(
    sessions: Sessions, stationed: Office
) -> None:
    """No answer without an author."""
    office = stationed
    async with sessions.begin() as session:
        coordinator = await actor(session, "labour-division.coordinator")
        start = Start(
            commune="tri-an", happened_at=office.now() - timedelta(hours=1), way_of_return="rescued", wish="stay"
        )
        journey = await start_journey(session, office, coordinator, start)
    async with sessions.begin() as session:
        await settle(session, office, Wake(ask=ask(journey.id, "record_choice"), held=0, why="open"))
    async with sessions() as session:
        task = await session.scalar(select(Task).where(Task.kind == "record_choice"))
        assert task is not None
        assert (task.state, task.code, task.answered_by) == (TaskState.DONE, "stay", coordinator.officer_id)
        known = await session.get_one(StatisticsFact, task.id)
        assert statistics_facts.facts(office, known) == {"choice": "stay"}


async def test_what_was_done_on_paper_before_tells_as_much(sessions: Sessions, stationed: Office) -> None:
    """The commune police confirmed the residence before the journey was opened here."""
    office = stationed
    async with sessions.begin() as session:
        coordinator = await actor(session, "labour-division.coordinator")
        done = {
            "kind": "confirm_residence",
            "happened_at": office.now() - timedelta(hours=2),
            "document": {"number": "9/CAX", "date": "2024-03-04", "signer": "…"},
            "outcome": VALID["confirm_residence"],
        }
        start = {"commune": "tri-an", "happened_at": office.now() - timedelta(hours=3), "way_of_return": "rescued"}
        journey = await start_journey(
            session, office, coordinator, Start.model_validate(start | {"already_done": [done]})
        )
        assert journey.residence_commune == "tri-an"
