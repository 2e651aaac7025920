"""Whoever holds a task, or answers for it, hears what others did with it; what they had typed goes to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from activities.casework.absences import record_absence
from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.delegating import delegate
from activities.casework.errors import ForbiddenError
from activities.casework.requests import Asked, ask
from activities.casework.tasks import claim, give_back, release, save_draft
from activities.casework.wishes import record_wish
from activities.domain.messages import Ask
from activities.domain.states import DecisionKind, Role
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from tests.build.officers import actor, newcomer
from tests.casework.times import opened_kind

DISTRICT, COORDINATOR, POLICE = "district.supervisor", "labour-division.coordinator", "district-police.officer"
GIVEN: dict[str, dict[str, Any]] = {
    "extend": {"budget": "P5WD"}, "pause": {}, "resume": {}, "waive": {}, "reassign": {"organisation": "labour-division"},
}  # fmt: skip


async def _decides(sessions: Sessions, office: Office, task: Ask, kind: str, who: str = DISTRICT) -> None:
    fields = GIVEN.get(kind, {}) | ({"until": office.now() + timedelta(days=9)} if kind == "pause" else {})
    async with sessions.begin() as session:
        row = await session.get_one(Task, task.task)
        asked = Decide(kind=DecisionKind(kind), reason="lý do", **fields)
        await decide(session, office, await actor(session, who), task.task, row.revision, asked)


async def _told(sessions: Sessions, task: Ask) -> list[tuple[str, str]]:
    async with sessions() as session:
        told = select(Organisation.code, Notice.code).join(Notice, Notice.organisation_id == Organisation.id)
        rows = await session.execute(told.where(Notice.task_id == task.task).order_by(Notice.at, Notice.code))
        return [(row[0], row[1]) for row in rows if row[1] != "task-opened"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [("extend", "extended"), ("pause", "paused"), ("waive", "waived"), ("reassign", "moved")],
)
async def test_an_agency_hears_what_was_decided_of_its_task(
    sessions: Sessions, office: Office, kind: str, code: str
) -> None:
    """A date that moved, a clock that stands, a task that is no longer theirs: nobody finds out by looking."""
    task = await opened_kind(sessions, office, "examine_health")
    await _decides(sessions, office, task, kind)
    assert [("medical-centre", f"task-{code}")] == await _told(sessions, task)


async def test_a_clock_that_goes_on_and_a_task_taken_back_are_told_too(sessions: Sessions, office: Office) -> None:
    """The holder of a returned task learns that nobody waits for it any more."""
    paused, returned = (
        await opened_kind(sessions, office, "examine_health"),
        await opened_kind(sessions, office, "check_records"),
    )
    await _decides(sessions, office, paused, "pause")
    await _decides(sessions, office, paused, "resume")
    assert ("medical-centre", "task-resumed") in await _told(sessions, paused)
    async with sessions.begin() as session:
        await give_back(session, office, await actor(session, POLICE), returned.task, 1, "missing_facts")
    await _decides(sessions, office, returned, "withdraw", COORDINATOR)
    assert ("district-police", "task-withdrawn") in await _told(sessions, returned)


async def test_who_answers_for_a_task_below_hears_of_it_as_well(sessions: Sessions, office: Office) -> None:
    """The division that handed it down, and the school that holds it."""
    task = await opened_kind(sessions, office, "enrol_in_school")
    async with sessions.begin() as session:
        division = await actor(session, "education-division.officer")
        await delegate(session, office, division, task.task, 1, "học ở trường", organisation="school-one")
    await _decides(sessions, office, task, "waive")
    assert {("education-division", "task-waived"), ("school-one", "task-waived")} == set(await _told(sessions, task))


async def test_a_service_the_person_refused_ends_and_its_agency_is_told(sessions: Sessions, office: Office) -> None:
    """As the page of the coordinator promises before it is recorded; why is not in the notice."""
    task = await opened_kind(sessions, office, "arrange_training")
    async with sessions.begin() as session:
        await record_wish(session, office, await actor(session, COORDINATOR), task.journey, "refuse_service", task.kind)
    assert [("labour-division", "task-declined")] == await _told(sessions, task)


@pytest.mark.parametrize("away", ["below", "elsewhere"])
async def test_what_one_agency_typed_is_not_read_by_the_next(sessions: Sessions, office: Office, away: str) -> None:
    """Grounds and purpose in a draft of the district police reach neither the commune's police nor another agency."""
    task = await opened_kind(sessions, office, "identify_victim")
    async with sessions.begin() as session:
        police = await actor(session, POLICE)
        await save_draft(session, office, police, task.task, 1, {"outcome": {"grounds": "lời khai của người trở về"}})
    if away == "below":
        async with sessions.begin() as session:
            down = {"organisation": "police-tri-an"}
            await delegate(session, office, await actor(session, POLICE), task.task, 1, "xác minh tại xã", **down)
    else:
        await _decides(sessions, office, task, "reassign")
    async with sessions() as session:
        assert (await session.get_one(Task, task.task)).draft is None


@pytest.mark.parametrize(("kind", "wanted"), [("extend", {"budget": "P5WD"}), ("reassign", {})])
async def test_who_asked_decides_it_by_no_other_door(
    sessions: Sessions, office: Office, kind: str, wanted: dict[str, str]
) -> None:
    """An officer who is the head as well asks, and then decides without the request: it is still their own."""
    await newcomer(sessions, "ha.clinic", "medical-centre", Role.OFFICER, Role.SUPERVISOR)
    task = await opened_kind(sessions, office, "examine_health")
    async with sessions.begin() as session:
        asked = Asked.model_validate({"kind": kind, "reason": "thiếu người"} | wanted)
        await ask(session, office, await actor(session, "ha.clinic"), task.task, 1, asked)
    with pytest.raises(ForbiddenError, match="own-request"):
        await _decides(sessions, office, task, kind, "ha.clinic")
    await _decides(sessions, office, task, kind, DISTRICT)


@pytest.mark.parametrize("kind", ["extend", "pause", "reassign", "waive"])
async def test_nobody_moves_or_stops_the_clock_of_what_they_hold(sessions: Sessions, office: Office, kind: str) -> None:
    """Nor passes it on by a head's right: another head does, or the district."""
    await newcomer(sessions, "ha.clinic", "medical-centre", Role.OFFICER, Role.SUPERVISOR)
    task = await opened_kind(sessions, office, "examine_health")
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, "ha.clinic"), task.task, 1)
    with pytest.raises(ForbiddenError, match="own-task"):
        await _decides(sessions, office, task, kind, "ha.clinic")


@pytest.mark.parametrize("shed", ["keeps it", "lets it go", "is away"])
async def test_nobody_takes_back_what_they_hold_or_sent_back(sessions: Sessions, office: Office, shed: str) -> None:
    """A coordinator who took a task on and returned it does not end it unanswered, rid of it or not: another one does."""
    await newcomer(sessions, "binh.lead", "labour-division", Role.COORDINATOR)
    task = await opened_kind(sessions, office, "assess_needs")
    async with sessions.begin() as session:
        own = await actor(session, COORDINATOR)
        await claim(session, office, own, task.task, 1)
        await give_back(session, office, own, task.task, 1, "other")
    async with sessions.begin() as session:
        if shed == "lets it go":
            await release(session, office, own, task.task, 2)
        if shed == "is away":
            await record_absence(session, office, own, "", office.today(), office.today())
    async with sessions() as session:
        assert (shed == "keeps it") is ((await session.get_one(Task, task.task)).officer_id is not None)
    with pytest.raises(ForbiddenError, match="own-task"):
        await _decides(sessions, office, task, "withdraw", COORDINATOR)
    await _decides(sessions, office, task, "withdraw", "binh.lead")


@pytest.mark.parametrize("kind", ["waive", "reassign"])
async def test_a_head_who_sent_a_task_back_does_not_decide_of_it(sessions: Sessions, office: Office, kind: str) -> None:
    """Nor by putting it back to their agency first."""
    await newcomer(sessions, "ha.clinic", "medical-centre", Role.OFFICER, Role.SUPERVISOR)
    task = await opened_kind(sessions, office, "examine_health")
    async with sessions.begin() as session:
        head = await actor(session, "ha.clinic")
        await claim(session, office, head, task.task, 1)
        await give_back(session, office, head, task.task, 1, "other")
        await release(session, office, head, task.task, 2)
    with pytest.raises(ForbiddenError, match="own-task"):
        await _decides(sessions, office, task, kind, "ha.clinic")


async def test_what_was_sent_again_is_nobodys_own(sessions: Sessions, office: Office) -> None:
    """Once the coordinator has sent it to its agency again, that somebody had returned it binds nobody any more."""
    await newcomer(sessions, "ha.clinic", "medical-centre", Role.OFFICER, Role.SUPERVISOR)
    task = await opened_kind(sessions, office, "examine_health")
    async with sessions.begin() as session:
        await give_back(session, office, await actor(session, "ha.clinic"), task.task, 1, "missing_facts")
    await _decides(sessions, office, task, "resend", COORDINATOR)
    await _decides(sessions, office, task, "extend", "ha.clinic")
