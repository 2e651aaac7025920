"""What the coordinator entered from an agency's paper: the agency always knows, and can still say that it is wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.corrections import Corrected, preview
from activities.casework.delegating import delegate
from activities.casework.errors import ConflictError
from activities.casework.steps import CaseSteps
from activities.casework.tasks import submit
from activities.casework.watching import climb
from activities.domain.messages import Ask, EndJourney, Watch
from activities.store.corrections import Correction
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.build.papers import paper_for
from tests.casework.correcting import COORDINATOR, HEALTH, LABOUR, POLICE, corrects, decides, done, task_of, told
from tests.casework.test_races import later
from tests.casework.times import opened_kind
from workflows.foresight import foresee

EXAMINED = {"took_place": True}
HOURS = timedelta(hours=2)


async def _closed(sessions: Sessions, office: Office, ask: Ask) -> None:
    await CaseSteps(sessions, office).end_journey(EndJourney(journey=ask.journey, reason="settled"))


async def _climbs(sessions: Sessions, office: Office, row: Correction) -> tuple[float | None, str]:
    """What the watch does at its next look, and how the correction stands then."""
    async with sessions.begin() as session:
        left = await climb(session, office, Watch(journey=row.journey_id, correction=row.id))
        return left, (await session.get_one(Correction, row.id)).state


async def test_an_agency_hears_of_a_paper_that_was_entered_on_its_running_task(
    sessions: Sessions, office: Office
) -> None:
    """It answered on paper, and reads what was made of it."""
    ask = await done(sessions, office, "examine_health", COORDINATOR, paper=True)
    assert ["medical-centre"] == await told(sessions, ask, "answered-on-behalf")


async def test_of_a_task_that_was_handed_down_both_hear(sessions: Sessions, office: Office) -> None:
    """The school sent the paper, the division answers for it."""
    ask = await opened_kind(sessions, office, "enrol_in_school")
    async with sessions.begin() as session:
        division = await actor(session, "education-division.officer")
        await delegate(session, office, division, ask.task, 1, "học ở trường", organisation="school-one")
    async with sessions.begin() as session:
        who = await actor(session, COORDINATOR)
        paper = await paper_for(session, office, who, ask.task)
        revision = (await session.get_one(Task, ask.task)).revision
        await submit(session, office, who, ask.task, revision, dict(VALID[ask.kind]), office.now(), paper)
    assert ["education-division", "school-one"] == await told(sessions, ask, "answered-on-behalf")
    right = VALID[ask.kind] | {"school_year": "2024-2025"}
    row = await corrects(sessions, office, ask, "education-division.officer", right)
    assert "applied" == (await decides(sessions, office, row, COORDINATOR)).state
    assert ["school-one"] == [each for each in await told(sessions, ask, "task-corrected") if each != "labour-division"]


async def test_a_coordinator_who_corrects_their_entry_tells_the_agency_which_may_object_anew(
    sessions: Sessions, office: Office
) -> None:
    """After the term of the first entry too: what stands now was entered now."""
    ask = await done(sessions, office, "examine_health", COORDINATOR, paper=True)
    late, earlier = later(office, timedelta(days=15)), office.now() - HOURS
    row = await corrects(sessions, late, ask, COORDINATOR, dict(EXAMINED), happened_at=earlier)
    assert "applied" == row.state
    assert "medical-centre" in await told(sessions, ask, "task-corrected")
    objection = await corrects(sessions, late, ask, HEALTH, dict(EXAMINED), happened_at=earlier - HOURS)
    assert ("proposed", True) == (objection.state, objection.objection)
    await decides(sessions, late, objection, COORDINATOR, grant=False)
    with pytest.raises(ConflictError, match="objection-too-late"):
        await corrects(
            sessions, later(late, timedelta(days=15)), ask, HEALTH, dict(EXAMINED), happened_at=earlier - HOURS
        )


async def test_an_objection_that_moves_nothing_is_granted_after_the_journey_has_closed(
    sessions: Sessions, office: Office
) -> None:
    """The record is put right: it waits like any other, and the coordinator grants it."""
    ask = await done(sessions, office, "examine_health", COORDINATOR, paper=True)
    await _closed(sessions, office, ask)
    earlier = office.now() - HOURS
    row = await corrects(sessions, office, ask, HEALTH, dict(EXAMINED), happened_at=earlier)
    left, state = await _climbs(sessions, office, row)
    assert (True, "proposed") == (left is not None, state)
    assert "applied" == (await decides(sessions, office, row, COORDINATOR)).state
    assert earlier == (await task_of(sessions, ask)).happened_at


async def test_what_would_turn_a_closed_journey_is_refused_when_it_is_asked(sessions: Sessions, office: Office) -> None:
    """Already on the page that shows what it changes: nobody waits for what nobody can grant."""
    ask = await done(sessions, office, "identify_victim", COORDINATOR, paper=True)
    await _closed(sessions, office, ask)
    wanted = BRANCHES["identify_victim"]["not_identified"]
    async with sessions.begin() as session:
        who = await actor(session, POLICE)
        with pytest.raises(ConflictError, match="journey-closed"):
            await preview(session, office, who, ask.task, Corrected(outcome=wanted, reason="nhầm"), foresee)
    with pytest.raises(ConflictError, match="journey-closed"):
        await corrects(sessions, office, ask, POLICE, dict(wanted))


async def test_whoever_asked_hears_that_the_journey_closed_over_it(sessions: Sessions, office: Office) -> None:
    """A correction that waited for two lapses in no silence."""
    ask = await done(sessions, office, "assess_needs", LABOUR)
    row = await corrects(sessions, office, ask, LABOUR, VALID["assess_needs"] | {"needs": ["job"]})
    await _closed(sessions, office, ask)
    assert (None, "lapsed") == await _climbs(sessions, office, row)
    async with sessions() as session:
        heard = await session.scalars(select(Notice.officer_id).where(Notice.code == "correction-lapsed"))
        assert [row.by_id] == list(heard)
