"""A box that opened the way to money was ticked, or left empty, by mistake: what the person gets follows what is true."""

from typing import Any

from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.steps import CaseSteps
from activities.domain.messages import Ask, JourneyStart
from activities.domain.states import TaskState
from activities.store.corrections import Correction
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.scope import grants_within
from activities.store.tasks import Task
from tests.build.agencies import answer_open
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.casework.correcting import COMMUNE, COORDINATOR, DISTRICT, corrects, decides, done, task_of
from tests.casework.times import opened_kind

TOWN_POLICE = "police-tri-an.officer"
ALLOWANCE, APPLICATION = "pay_hardship_allowance", "confirm_application"
PAID = ["pay_hardship_allowance", "pay_schooling"]
POOR = VALID[APPLICATION] | {"poor_household": True}
BEFORE = ("check_information", "check_records", "confirm_residence", "assess_needs", APPLICATION)
ANSWERS: dict[str, dict[str, Any]] = {
    "check_information": BRANCHES["check_information"]["proven"],
    "assess_needs": VALID["assess_needs"] | {"needs": ["hardship"]},
    "approve_support": VALID["approve_support"] | {"services": ["hardship"]},
}


async def _applied(sessions: Sessions, office: Office, body: dict[str, Any], *, approved: bool = True) -> Ask:
    """An application the commune confirmed, and approved unless it is not: the task of the commune."""
    found: Ask | None = None
    for kind in (*BEFORE, *(("appraise_support", "approve_support") if approved else ())):
        ask = await opened_kind(sessions, office, kind, found.journey if found else "")
        await answer_open(sessions, office, ask.journey, ANSWERS | {APPLICATION: body})
        found = ask if found is None or kind == APPLICATION else found
    assert found is not None
    return found


async def _agreed(sessions: Sessions, office: Office, row: Correction) -> None:
    """Both agree, and the story begins anew where it has to."""
    assert "proposed" == row.state
    for who in (COORDINATOR, DISTRICT):
        row = await decides(sessions, office, row, who)
    assert "applied" == row.state
    corrected = (await _journey(sessions, row.journey_id)).corrected
    await CaseSteps(sessions, office).begin(JourneyStart(journey=row.journey_id, corrected=corrected))


async def _journey(sessions: Sessions, journey: str) -> Journey:
    async with sessions() as session:
        return await session.get_one(Journey, journey)


async def _opens(sessions: Sessions, office: Office, journey: str, round_: int = 1) -> bool:
    """Whether the allowance opens when the story asks for it in this round."""
    ask = await opened_kind(sessions, office, ALLOWANCE, journey, round_)
    async with sessions() as session:
        return await session.get(Task, ask.task) is not None


async def test_a_paper_that_nobody_holds_takes_the_allowance_back(sessions: Sessions, office: Office) -> None:
    """The commune ticked the box by mistake and the payment is open: two people see that it goes, and it does not come again."""
    ask = await _applied(sessions, office, POOR)
    allowance = await opened_kind(sessions, office, ALLOWANCE, ask.journey)
    row = await corrects(sessions, office, ask, COMMUNE, POOR | {"poor_household": False})
    assert [{"task": allowance.task, "kind": ALLOWANCE}] == row.effect["withdrawn"]
    assert ["pay_schooling"] == row.effect["barred"]
    assert ["poor_household"] == (await _journey(sessions, ask.journey)).papers
    await _agreed(sessions, office, row)
    journey = await _journey(sessions, ask.journey)
    assert ([], 1, TaskState.WITHDRAWN) == (
        journey.papers,
        journey.corrected,
        (await task_of(sessions, allowance)).state,
    )
    assert not await _opens(sessions, office, ask.journey, journey.rounds[f"{ALLOWANCE}#1"])


async def test_a_paper_that_was_overlooked_opens_the_allowance(sessions: Sessions, office: Office) -> None:
    """The story had gone on without it; the effect shows the payment that opens, and the story asks for it."""
    ask = await _applied(sessions, office, dict(VALID[APPLICATION]))
    assert not await _opens(sessions, office, ask.journey)
    row = await corrects(sessions, office, ask, COMMUNE, POOR)
    assert ([ALLOWANCE], ["pay_schooling"]) == (row.effect["opened"], row.effect["freed"])
    await _agreed(sessions, office, row)
    journey = await _journey(sessions, ask.journey)
    assert (["poor_household"], 1) == (journey.papers, journey.corrected)
    assert await _opens(sessions, office, ask.journey)


async def test_a_payment_that_has_not_come_yet_never_comes(sessions: Sessions, office: Office) -> None:
    """Nothing is open to take back: what is no longer the person's is shown all the same, to two."""
    ask = await _applied(sessions, office, POOR, approved=False)
    row = await corrects(sessions, office, ask, COMMUNE, POOR | {"poor_household": False})
    assert ([], [], PAID) == (row.effect["withdrawn"], row.effect["opened"], row.effect["barred"])
    await _agreed(sessions, office, row)
    assert not await _opens(sessions, office, ask.journey)


async def test_a_paper_seen_at_the_start_stays_whatever_the_commune_corrects(
    sessions: Sessions, office: Office
) -> None:
    """The coordinator saw it; nothing changes for the person, and still nobody corrects that box alone."""
    ask = await _applied(sessions, office, POOR, approved=False)
    async with sessions.begin() as session:
        (await session.get_one(Journey, ask.journey)).papers_brought = ["poor_household"]
    row = await corrects(sessions, office, ask, COMMUNE, POOR | {"poor_household": False})
    assert [] == row.effect["barred"]
    await _agreed(sessions, office, row)
    assert ["poor_household"] == (await _journey(sessions, ask.journey)).papers
    assert await _opens(sessions, office, ask.journey)


async def test_a_commune_where_nobody_lives_no_longer_sees_what_was_granted(sessions: Sessions, office: Office) -> None:
    """The police had confirmed the residence by mistake; where it was stated at the start, that stands."""
    ask = await done(sessions, office, "confirm_residence", TOWN_POLICE)

    async def sees() -> bool:
        async with sessions() as session:
            within = grants_within(await actor(session, COMMUNE), office.today())
            return await session.scalar(select(Journey.id).where(Journey.id == ask.journey, within)) is not None

    assert await sees()
    row = await corrects(sessions, office, ask, TOWN_POLICE, {"result": "not_resident"})
    await _agreed(sessions, office, row)
    assert ("", False) == ((await _journey(sessions, ask.journey)).residence_commune, await sees())


async def test_who_came_is_known_as_corrected(sessions: Sessions, office: Office) -> None:
    """Taken for a foreigner at the door: the rights of a citizen open, and child and language are right on the journey too."""
    came = VALID["receive_person"] | {"foreigner": True, "child": True, "language": "km"}
    first = await opened_kind(sessions, office, "check_information")
    async with sessions.begin() as session:
        journey = await session.get_one(Journey, first.journey)
        journey.foreigner, journey.child, journey.language = True, True, "km"
        reception = await session.scalar(
            select(Task).where(Task.journey_id == journey.id, Task.kind == "receive_person")
        )
        assert reception is not None
        reception.outcome, reception.flags = came, ["child", "foreigner"]
        ask = Ask(journey=journey.id, task=reception.id, kind="receive_person")
    row = await corrects(sessions, office, ask, COMMUNE, came | {"foreigner": False, "child": False, "language": "vi"})
    assert "find_job" in row.effect["freed"]
    await _agreed(sessions, office, row)
    journey = await _journey(sessions, ask.journey)
    assert (False, False, "vi") == (journey.foreigner, journey.child, journey.language)
