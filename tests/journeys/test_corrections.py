"""What was answered wrongly is put right while the journey runs: the way goes on from there, nothing is rewritten."""

import asyncio
from typing import Any

from sqlalchemy import select

from activities.casework.basis import basis_of
from activities.casework.context import Office
from activities.casework.correction_decisions import decide_correction
from activities.casework.corrections import Corrected, correct
from activities.casework.effects import by_story, known_of
from activities.casework.journal import verify_chains
from activities.casework.reopening import reopen
from activities.domain.ids import task_id
from activities.domain.states import JourneyState, TaskState
from activities.store.corrections import Correction
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Notice
from tests.build.agencies import Answers, answer_open, kinds_of, until_closed
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.journeys.running import Running
from tests.journeys.test_branches import opens
from tests.journeys.test_whole_journeys import begin
from workflows.foresight import foresee

NOT_IDENTIFIED = BRANCHES["identify_victim"]["not_identified"]
ANSWERS: Answers = {"check_information": BRANCHES["check_information"]["identify"], "identify_victim": NOT_IDENTIFIED}
POLICE, COORDINATOR, DISTRICT = "district-police.officer", "labour-division.coordinator", "district.supervisor"
COMMUNE = "commune-tri-an.officer"


async def _foreseen(sessions: Sessions, office: Office, journey: str) -> tuple[set[str], set[str]]:
    """What the story would ask for by its rows, and what it did ask for."""
    async with sessions() as session:
        row = await session.get_one(Journey, journey)
        basis = await basis_of(session, office, row)
        return set(await foresee(known_of(basis))), set(by_story(row, basis.tasks))


async def _agreed(sessions: Sessions, office: Office, correction: Correction) -> None:
    """Coordinator and district agree to the effect they were shown."""
    for who in (COORDINATOR, DISTRICT):
        async with sessions.begin() as session:
            await decide_correction(
                session, office, await actor(session, who), correction.id,
                grant=True, reason="", digest=correction.digest, foresee=foresee,
            )  # fmt: skip


async def test_a_person_found_not_identified_by_mistake_gets_what_they_are_entitled_to(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """The letter of refusal is withdrawn, the certificate is issued, community opens, and the journey closes once."""
    journey = await begin(sessions, office)
    silent = frozenset({"explain_result", "examine_health"})
    letter = task_id(journey, "explain_result")
    answering = asyncio.create_task(_answering(sessions, office, journey, silent))
    await opens(sessions, letter)
    answering.cancel()
    asked, rows = await _foreseen(sessions, office, journey)
    assert rows <= asked
    async with sessions.begin() as session:
        right = Corrected(outcome=dict(VALID["identify_victim"]), reason="nhầm hồ sơ")
        who, task = await actor(session, POLICE), task_id(journey, "identify_victim")
        wrong = await correct(session, office, who, task, right, foresee)
    assert (["explain_result"], ["issue_certificate"]) == (
        [each["kind"] for each in wrong.effect["withdrawn"]], wrong.effect["opened"],
    )  # fmt: skip
    await _agreed(sessions, office, wrong)
    await until_closed(sessions, office, journey, {}, silent=frozenset())
    kinds = await kinds_of(sessions, journey)
    assert (TaskState.WITHDRAWN, TaskState.DONE) == (kinds["explain_result"], kinds["issue_certificate"])
    assert {"confirm_application", "follow_up", "close_journey"} <= set(kinds)
    asked, rows = await _foreseen(sessions, office, journey)
    assert asked == rows
    async with sessions() as session:
        told = set(await session.scalars(select(Notice.code).where(Notice.journey_id == journey)))
        row = await session.get_one(Journey, journey)
        assert [] == await verify_chains(session)
    assert ({"correction-applied", "task-withdrawn"} <= told, (1, 1)) == (True, (row.corrected, row.heard))


async def test_a_box_ticked_wrongly_opens_and_takes_back_the_allowance_while_the_story_runs(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """The poor-household paper was overlooked, then it was somebody else's: the payment opens, goes, and stays away."""
    journey, allowance = await begin(sessions, office), "pay_hardship_allowance"
    answers = {
        "check_information": BRANCHES["check_information"]["proven"],
        "assess_needs": VALID["assess_needs"] | {"needs": ["hardship"]},
        "approve_support": VALID["approve_support"] | {"services": ["hardship"]},
    }
    answering = asyncio.create_task(_answering(sessions, office, journey, frozenset({"follow_up", allowance}), answers))
    await opens(sessions, task_id(journey, "follow_up"))
    answering.cancel()
    assert allowance not in await kinds_of(sessions, journey)
    application = dict(VALID["confirm_application"])
    for poor, told in ((True, "opened"), (False, "withdrawn")):
        async with sessions.begin() as session:
            right = Corrected(outcome=application | {"poor_household": poor}, reason="nhầm hộ")
            who, task = await actor(session, COMMUNE), task_id(journey, "confirm_application")
            row = await correct(session, office, who, task, right, foresee)
        assert row.effect[told]
        await _agreed(sessions, office, row)
        if poor:
            await opens(sessions, task_id(journey, allowance))
    await until_closed(sessions, office, journey, answers)
    kinds = await kinds_of(sessions, journey)
    assert TaskState.WITHDRAWN is kinds[allowance]
    assert not {each for each in kinds if each.startswith(f"{allowance}#")}
    asked, rows = await _foreseen(sessions, office, journey)
    assert asked == rows
    async with sessions() as session:
        closed = await session.get_one(Journey, journey)
        assert (2, 2, []) == (closed.corrected, closed.heard, closed.papers)


async def _answering(
    sessions: Sessions, office: Office, journey: str, silent: frozenset[str], answers: Answers = ANSWERS
) -> None:
    while True:
        await answer_open(sessions, office, journey, answers, silent)
        await asyncio.sleep(0.2)


async def test_a_closed_journey_goes_on_from_a_stage(running: Running, sessions: Sessions, office: Office) -> None:
    """The person comes back for schooling: community and follow-up run again, identification stays as it was."""
    journey = await begin(sessions, office)
    await until_closed(sessions, office, journey, {"assess_needs": VALID["assess_needs"] | {"needs": ["social"]}})
    before = await kinds_of(sessions, journey)
    asked, rows = await _foreseen(sessions, office, journey)
    assert asked == rows
    async with sessions.begin() as session:
        await reopen(session, office, await actor(session, COORDINATOR), journey, "quay lại xin hỗ trợ", "community")
    await opens(sessions, task_id(journey, "support_socially", 1001))
    closed = await until_closed(sessions, office, journey, {})
    after = await kinds_of(sessions, journey)
    new = {"support_socially#1001", "follow_up#1001", "close_journey#1001"}
    assert (new, JourneyState.CLOSED, 1) == (set(after) - set(before), closed.state, closed.reopened)


async def test_what_a_story_asks_for_is_foreseen(running: Running, sessions: Sessions, office: Office) -> None:
    """A child in danger, without place at the Centre: what is shown before a correction is what the story does."""
    journey = await begin(sessions, office, child=True, danger=True)
    answers: dict[str, dict[str, Any]] = {
        "record_choice": {"choice": "centre"}, "record_choice#2": {"choice": "home"},
        "accept_at_centre": BRANCHES["accept_at_centre"]["no_place"], "assess_danger": BRANCHES["assess_danger"]["danger"],
    }  # fmt: skip
    await until_closed(sessions, office, journey, answers)
    asked, rows = await _foreseen(sessions, office, journey)
    assert asked == rows
