"""What an agency answered is corrected: openly, by two where it turns the way, and never without telling who relied on it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from activities.casework.basis import basis_of
from activities.casework.context import Office
from activities.casework.correcting import said
from activities.casework.corrections import Corrected, preview
from activities.casework.delegating import delegate
from activities.casework.effects import known_of
from activities.casework.errors import CaseError, ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from activities.casework.locks import lock_journey
from activities.casework.news import tell
from activities.casework.reopening import reopen
from activities.casework.rounds import ask_again
from activities.casework.statistics_facts import facts
from activities.casework.steps import CaseSteps
from activities.casework.watching import climb
from activities.domain.messages import Ask, EndJourney, NewsAsk, Watch
from activities.domain.states import Role, TaskState
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey, NewsRow, StatisticsFact
from activities.store.notices import Notice
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Task
from tests.build.officers import actor, newcomer
from tests.build.outcomes import BRANCHES, VALID
from tests.casework.correcting import (
    COORDINATOR,
    DISTRICT,
    HEALTH,
    LABOUR,
    POLICE,
    codes,
    corrects,
    decides,
    done,
    task_of,
)
from tests.casework.test_races import later
from tests.casework.times import opened_kind
from workflows.foresight import foresee

BANK = "policy-bank.officer"


async def test_a_slip_that_chose_nothing_is_corrected_at_once(sessions: Sessions, office: Office) -> None:
    """Both values are kept, sealed; whoever worked after the wrong one is told."""
    ask = await done(sessions, office, "examine_health", HEALTH)
    await done(sessions, office, "assess_needs", LABOUR, journey=ask.journey)
    at = office.now() - timedelta(hours=2)
    row = await corrects(sessions, office, ask, HEALTH, {"took_place": True}, happened_at=at)
    assert ("applied", ["happened_at"]) == (row.state, row.fields)
    words = said(office, row)
    assert words["happened_at"] < words["happened_before"]
    assert ("relied-on-corrected", "officer") in await codes(sessions, ask)
    async with sessions() as session:
        written = await session.scalar(select(JournalEntry.data).where(JournalEntry.event == "task-corrected"))
    assert written is not None
    assert ["happened_at"] == written["fields"]


async def test_the_yearly_figures_follow_a_corrected_answer(sessions: Sessions, office: Office) -> None:
    """A person is counted once, for what was done to them as it is known now; the row itself tells nobody."""
    ask = await done(sessions, office, "identify_victim", POLICE)
    await corrects(sessions, office, ask, POLICE, VALID["identify_victim"] | {"purpose": ["begging"]})
    async with sessions() as session:
        row = await session.get_one(StatisticsFact, ask.task)
    assert {"purpose": ["begging"]} == facts(office, row)
    assert b"begging" not in row.sealed


async def test_who_worked_beside_the_wrong_answer_is_told_as_well_and_who_answers_for_them(
    sessions: Sessions, office: Office
) -> None:
    """A school was already looking for a place when the examination was answered: it and its division hear of the slip."""
    beside = await opened_kind(sessions, office, "enrol_in_school")
    async with sessions.begin() as session:
        division = await actor(session, "education-division.officer")
        await delegate(session, office, division, beside.task, 1, "học ở trường", organisation="school-one")
    ask = await done(sessions, office, "examine_health", HEALTH, journey=beside.journey)
    await corrects(sessions, office, ask, HEALTH, {"took_place": True}, happened_at=office.now() - timedelta(hours=2))
    async with sessions() as session:
        told = select(Organisation.code).join(Notice, Notice.organisation_id == Organisation.id)
        heard = set(await session.scalars(told.where(Notice.code == "relied-on-corrected")))
    assert {"education-division", "school-one"} <= heard


async def _not_identified(sessions: Sessions, office: Office) -> tuple[Ask, Ask]:
    """A story that went the wrong way: the letter of refusal is open."""
    first = await done(sessions, office, "check_information", LABOUR)
    for kind, who in (("check_records", "district-police.officer"), ("request_identification", LABOUR)):
        await done(sessions, office, kind, who, journey=first.journey)
    body = BRANCHES["identify_victim"]["not_identified"]
    wrong = await done(sessions, office, "identify_victim", "district-police.officer", body, journey=first.journey)
    return wrong, await opened_kind(sessions, office, "explain_result", first.journey)


async def test_a_branch_is_turned_by_two_who_saw_what_it_does(sessions: Sessions, office: Office) -> None:
    """Police propose, coordinator and district agree to the very effect they were shown; then the way turns."""
    wrong, letter = await _not_identified(sessions, office)
    body = dict(VALID["identify_victim"])
    async with sessions.begin() as session:
        who = await actor(session, "district-police.officer")
        shown = await preview(session, office, who, wrong.task, Corrected(outcome=body, reason="nhầm"), foresee)
    row = await corrects(sessions, office, wrong, "district-police.officer", body)
    assert (shown["effect"], True) == (row.effect, shown["needs_decision"])
    assert [{"task": letter.task, "kind": "explain_result"}] == row.effect["withdrawn"]
    assert "not_identified" == (await task_of(sessions, wrong)).code
    with pytest.raises(StaleError, match="effect-changed"):
        await decides(sessions, office, row, COORDINATOR, digest="another")
    await decides(sessions, office, row, COORDINATOR)
    with pytest.raises(CaseError):
        await decides(sessions, office, row, HEALTH)
    assert "not_identified" == (await task_of(sessions, wrong)).code
    assert "applied" == (await decides(sessions, office, row, DISTRICT)).state
    right, gone = await task_of(sessions, wrong), await task_of(sessions, letter)
    assert ("identified", TaskState.WITHDRAWN, True) == (right.code, gone.state, gone.superseded)
    async with sessions() as session:
        journey = await session.get_one(Journey, wrong.journey)
    assert (1, 0, {"explain_result#1": 1001}) == (journey.corrected, journey.heard, journey.rounds)
    with pytest.raises(ConflictError, match="correction-decided"):
        await decides(sessions, office, row, DISTRICT, grant=False)


async def test_no_task_opens_on_the_wrong_way_meanwhile(sessions: Sessions, office: Office) -> None:
    """A story that has not heard of the correction is told to come again."""
    wrong, _ = await _not_identified(sessions, office)
    row = await corrects(sessions, office, wrong, "district-police.officer", dict(VALID["identify_victim"]))
    for who in (COORDINATOR, DISTRICT):
        await decides(sessions, office, row, who)
    late = await opened_kind(sessions, office, "close_journey", wrong.journey)
    async with sessions() as session:
        assert await session.get(Task, late.task) is None


async def test_nobody_agrees_to_their_own_correction(sessions: Sessions, office: Office) -> None:
    """The coordinator who corrected Labour's own answer needs another coordinator."""
    wrong = await done(sessions, office, "assess_needs", COORDINATOR)
    row = await corrects(sessions, office, wrong, COORDINATOR, VALID["assess_needs"] | {"needs": ["job"]})
    assert "proposed" == row.state
    with pytest.raises(ForbiddenError, match="own-request"):
        await decides(sessions, office, row, COORDINATOR)
    with pytest.raises(ConflictError, match="correction-waits"):
        await corrects(sessions, office, wrong, LABOUR, VALID["assess_needs"] | {"needs": []})
    refused = await decides(sessions, office, row, DISTRICT, grant=False)
    assert "refused" == refused.state
    assert {"correction-proposed", "correction-refused"} <= {code for code, _ in await codes(sessions, wrong)}


async def test_one_person_is_not_both_who_agree(sessions: Sessions, office: Office) -> None:
    """A head who agreed and was made coordinator since has said their word: another person says the second."""
    head = await newcomer(sessions, "ha.lead", "labour-division", Role.SUPERVISOR)
    wrong = await done(sessions, office, "assess_needs", LABOUR)
    row = await corrects(sessions, office, wrong, LABOUR, VALID["assess_needs"] | {"needs": ["job"]})
    assert "proposed" == (await decides(sessions, office, row, "ha.lead")).state
    async with sessions.begin() as session:
        (await session.get_one(Officer, head)).roles = [Role.COORDINATOR]
    with pytest.raises(ForbiddenError, match="own-request"):
        await decides(sessions, office, row, "ha.lead")
    assert "applied" == (await decides(sessions, office, row, COORDINATOR)).state


async def test_a_clock_that_started_at_the_wrong_moment_is_set_right(sessions: Sessions, office: Office) -> None:
    """The police received the request five days later: their twenty days end later, and both sides see it first."""
    sent = await done(sessions, office, "request_identification", LABOUR, at=office.now() - timedelta(days=6))
    verify = await opened_kind(sessions, office, "identify_victim", sent.journey)
    before = await task_of(sessions, verify)
    right = office.now() - timedelta(days=1)
    row = await corrects(sessions, office, sent, LABOUR, dict(VALID["request_identification"]), happened_at=right)
    assert [verify.task] == [each["task"] for each in row.effect["recomputed"]]
    for who in (COORDINATOR, DISTRICT):
        await decides(sessions, office, row, who)
    after = await task_of(sessions, verify)
    assert (True, right, before.generation + 1) == (after.due_at > before.due_at, after.start_at, after.generation)


async def test_an_agency_objects_to_what_was_entered_from_its_paper(sessions: Sessions, office: Office) -> None:
    """Within the term of the plan, as a request the coordinator decides; after it no more."""
    ask = await done(sessions, office, "examine_health", COORDINATOR, paper=True)
    with pytest.raises(ConflictError, match="objection-too-late"):
        await corrects(sessions, later(office, timedelta(days=15)), ask, HEALTH, {"took_place": False})
    earlier = office.now() - timedelta(hours=1)
    row = await corrects(sessions, office, ask, HEALTH, {"took_place": True}, happened_at=earlier)
    assert ("proposed", True) == (row.state, row.objection)
    applied = await decides(sessions, office, row, COORDINATOR)
    assert ("applied", earlier) == (applied.state, (await task_of(sessions, ask)).happened_at)


async def test_a_coordinator_corrects_only_what_they_entered(sessions: Sessions, office: Office) -> None:
    """What an agency answered itself is the agency's to correct; others know of nothing."""
    ask = await done(sessions, office, "examine_health", HEALTH)
    with pytest.raises(ForbiddenError):
        await corrects(sessions, office, ask, COORDINATOR, {"took_place": False})
    with pytest.raises(NotFoundError):
        await corrects(sessions, office, ask, BANK, {"took_place": False})
    with pytest.raises(InvalidError, match="correction-empty"):
        await corrects(sessions, office, ask, HEALTH, {"took_place": True})
    still = await opened_kind(sessions, office, "counsel_person", ask.journey)
    with pytest.raises(ConflictError, match="task-not-done"):
        await corrects(sessions, office, still, HEALTH, dict(VALID["counsel_person"]))


async def test_a_correction_nobody_decides_climbs_until_somebody_does(sessions: Sessions, office: Office) -> None:
    """The district is told at its date, and again; once decided nobody is."""
    wrong, _ = await _not_identified(sessions, office)
    row = await corrects(sessions, office, wrong, "district-police.officer", dict(VALID["identify_victim"]))
    watch = Watch(journey=wrong.journey, correction=row.id)
    async with sessions.begin() as session:
        left = await climb(session, office, watch)
    assert left is not None
    assert ("correction-waits", "district") not in await codes(sessions, wrong)
    late = later(office, timedelta(seconds=left + 60))
    async with sessions.begin() as session:
        assert await climb(session, late, watch) is not None
    assert ("correction-waits", "district") in await codes(sessions, wrong)
    await decides(sessions, office, row, DISTRICT, grant=False)
    async with sessions.begin() as session:
        assert await climb(session, late, watch) is None


async def test_a_journey_that_runs_is_not_opened_again(sessions: Sessions, office: Office) -> None:
    """Nor by anybody but the lead."""
    ask = await opened_kind(sessions, office, "examine_health")
    async with sessions.begin() as session:
        with pytest.raises(ConflictError, match="journey-not-closed"):
            await reopen(session, office, await actor(session, COORDINATOR), ask.journey, "lý do", "care")
        with pytest.raises(ForbiddenError):
            await reopen(session, office, await actor(session, HEALTH), ask.journey, "lý do", "care")


async def test_a_closed_journey_goes_on_from_a_stage_of_the_plan_only(sessions: Sessions, office: Office) -> None:
    """From no other; the district hears that it goes on."""
    ask = await done(sessions, office, "examine_health", HEALTH)
    await CaseSteps(sessions, office).end_journey(EndJourney(journey=ask.journey, reason="settled"))
    async with sessions.begin() as session:
        with pytest.raises(InvalidError, match="stage-not-reopenable"):
            await reopen(session, office, await actor(session, COORDINATOR), ask.journey, "lý do", "elsewhere")
    async with sessions.begin() as session:
        await reopen(session, office, await actor(session, COORDINATOR), ask.journey, "lý do", "care")
    assert ("journey-reopened", "district") in await codes(sessions, ask)


async def test_what_is_asked_once_more_never_meets_what_a_reopened_journey_asks_anew(
    sessions: Sessions, office: Office
) -> None:
    """Closed, opened again, the examination asked for once more, closed and opened again: four rows, none taken for another."""
    ask = await done(sessions, office, "examine_health", HEALTH)
    seen, steps = set[int](), CaseSteps(sessions, office)
    for _ in range(2):
        await steps.news(NewsAsk(journey=ask.journey, cursor=0))
        await steps.end_journey(EndJourney(journey=ask.journey, reason="settled"))
        async with sessions.begin() as session:
            who = await actor(session, COORDINATOR)
            journey = await reopen(session, office, who, ask.journey, "quay lại", "care")
            rounds = {
                journey.rounds["examine_health#1"],
                await ask_again(session, office, who, ask.journey, "examine_health"),
            }
        for round_ in rounds:
            await opened_kind(sessions, office, "examine_health", ask.journey, round_)
        assert not rounds & seen
        seen |= rounds
    assert 4 == len(seen)


async def test_what_a_story_heard_before_it_began_anew_is_not_foreseen_again(
    sessions: Sessions, office: Office
) -> None:
    """A danger of the first telling was averted then; foresight of a journey that was opened again begins after it."""
    ask = await done(sessions, office, "examine_health", HEALTH)
    async with sessions.begin() as session:
        journey = await lock_journey(session, ask.journey)
        await tell(session, journey, "danger", round_=1)
        journey.news_from = await session.scalar(select(func.max(NewsRow.seq))) or 0
        await tell(session, journey, "danger", round_=2)
        heard = known_of(await basis_of(session, office, journey)).news
    assert [("danger", 2)] == [(each.code, each.round) for each in heard]
