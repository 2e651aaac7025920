"""A division hands a task down: the subordinate does it, the division answers for it and hears first when it is late."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.delegating import delegate, recall
from activities.casework.errors import CaseError, ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from activities.casework.persons import read_person, write_person
from activities.casework.settling import settle
from activities.casework.tasks import claim, give_back, submit
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind, TaskState
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.organisations import Organisation
from activities.store.outbox import Command
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.casework.test_races import later
from tests.casework.times import opened_kind

DIVISION, SCHOOL, HEAD = "education-division.officer", "school-one.officer", "education-division.head"


async def _handed_down(sessions: Sessions, office: Office, officer: str = "") -> Ask:
    ask = await opened_kind(sessions, office, "enrol_in_school")
    async with sessions.begin() as session:
        who = await actor(session, DIVISION)
        await delegate(session, office, who, ask.task, 1, "học ở trường", organisation="school-one", officer=officer)
    return ask


async def _down(
    sessions: Sessions, office: Office, ask: Ask, who: str, organisation: str, officer: str = "", revision: int = 1
) -> None:
    async with sessions.begin() as session:
        by = await actor(session, who)
        await delegate(session, office, by, ask.task, revision, "lý do", organisation=organisation, officer=officer)


async def _answers(sessions: Sessions, office: Office, ask: Ask, who: str) -> None:
    async with sessions.begin() as session:
        by, body = await actor(session, who), dict(VALID["enrol_in_school"])
        await submit(session, office, by, ask.task, 2, body, office.now())


async def _known(sessions: Sessions, office: Office, ask: Ask) -> None:
    """Who the person is was written down by the lead."""
    async with sessions.begin() as session:
        lead = await actor(session, "labour-division.coordinator")
        whole = dict.fromkeys(("full_name", "birth_date", "sex", "id_number", "phone", "address", "relatives"), "x")
        await write_person(session, office, lead, ask.journey, None, whole)


async def _task(sessions: Sessions, ask: Ask) -> tuple[Task, str]:
    async with sessions() as session:
        task = await session.get_one(Task, ask.task)
        return task, (await session.get_one(Organisation, task.organisation_id)).code


async def test_a_school_does_what_its_division_answers_for(sessions: Sessions, office: Office) -> None:
    """Start and date stay, the division's form is stale, and the school's answer is the task's."""
    before = await opened_kind(sessions, office, "enrol_in_school")
    first, _ = await _task(sessions, before)
    async with sessions.begin() as session:
        await delegate(session, office, await actor(session, HEAD), before.task, 1, "lý do", organisation="school-one")
    down, holder = await _task(sessions, before)
    assert ("school-one", first.organisation_id, first.due_at) == (holder, down.answerable_id, down.due_at)
    with pytest.raises(ForbiddenError, match="task-handed-down"):
        await _answers(sessions, office, before, DIVISION)
    with pytest.raises(StaleError):
        async with sessions.begin() as session:
            await claim(session, office, await actor(session, SCHOOL), before.task, 1)
    await _answers(sessions, office, before, SCHOOL)
    done, _ = await _task(sessions, before)
    async with sessions() as session:
        sent = list(await session.scalars(select(Command).where(Command.task_id == before.task).order_by(Command.id)))
    assert TaskState.DONE is done.state
    assert [(1, ""), (2, "done")] == [(each.generation, each.code) for each in sent]


async def test_the_one_above_hears_first_when_the_one_below_is_late(sessions: Sessions, office: Office) -> None:
    """The head of the division that stays answerable is the first rung, not the head of the school."""
    ask = await _handed_down(sessions, office)
    late = later(office, timedelta(days=20))
    async with sessions.begin() as session:
        await settle(session, late, Wake(ask=ask, held=2, why="expired"))
    async with sessions() as session:
        rows = select(Organisation.code).join(Notice, Notice.organisation_id == Organisation.id)
        told = await session.scalar(rows.where(Notice.task_id == ask.task, Notice.code == "rung-overdue_head"))
    assert "education-division" == told


async def test_a_school_reads_no_more_of_the_person_than_its_part_needs(sessions: Sessions, office: Office) -> None:
    """Name and birth date; and once it gave the task back, nothing at all."""
    ask = await _handed_down(sessions, office)
    known = {"full_name": "Nguyễn Thị Thử", "birth_date": "2010-01-02", "phone": "0900000000", "address": "thử"}
    async with sessions.begin() as session:
        lead = await actor(session, "labour-division.coordinator")
        await write_person(session, office, lead, ask.journey, None, known)
    async with sessions.begin() as session:
        seen, _ = await read_person(session, office, await actor(session, SCHOOL), ask.journey)
    assert {"full_name", "birth_date"} == set(seen)
    async with sessions.begin() as session:
        await give_back(session, office, await actor(session, SCHOOL), ask.task, 2, "not_ours")
    task, holder = await _task(sessions, ask)
    assert ("education-division", None, TaskState.OPEN) == (holder, task.answerable_id, task.state)
    with pytest.raises(NotFoundError):
        async with sessions.begin() as session:
            await read_person(session, office, await actor(session, SCHOOL), ask.journey)


async def test_a_medical_centre_sees_what_examining_needs(sessions: Sessions, office: Office) -> None:
    """Name, birth date and sex of all that is known: as the plan lists for an examination, and while the task is open."""
    ask = await opened_kind(sessions, office, "examine_health")
    await _known(sessions, office, ask)
    doctor = "medical-centre.officer"
    async with sessions.begin() as session:
        seen, _ = await read_person(session, office, await actor(session, doctor), ask.journey)
    assert {"full_name", "birth_date", "sex"} == set(seen)
    async with sessions.begin() as session:
        who, body = await actor(session, doctor), dict(VALID["examine_health"])
        await submit(session, office, who, ask.task, 1, body, office.now())
    with pytest.raises(ForbiddenError, match="no-open-task"):
        async with sessions.begin() as session:
            await read_person(session, office, await actor(session, doctor), ask.journey)


async def test_a_communes_police_sees_what_looking_into_records_needs(sessions: Sessions, office: Office) -> None:
    """To whom the district hands them down sees four fields of seven."""
    ask = await opened_kind(sessions, office, "check_records")
    await _known(sessions, office, ask)
    async with sessions.begin() as session:
        police = await actor(session, "district-police.officer")
        await delegate(session, office, police, ask.task, 1, "nơi cư trú", organisation="police-tri-an")
    async with sessions.begin() as session:
        seen, _ = await read_person(session, office, await actor(session, "police-tri-an.officer"), ask.journey)
    assert {"full_name", "birth_date", "sex", "id_number"} == set(seen)


async def test_what_was_handed_down_is_taken_back(sessions: Sessions, office: Office) -> None:
    """The division recalls; the school no longer knows of the task, and the date has not moved."""
    ask = await _handed_down(sessions, office)
    before, _ = await _task(sessions, ask)
    with pytest.raises(CaseError):
        async with sessions.begin() as session:
            await recall(session, office, await actor(session, SCHOOL), ask.task, 2, "lý do")
    async with sessions.begin() as session:
        await recall(session, office, await actor(session, DIVISION), ask.task, 2, "trường nghỉ hè")
    task, holder = await _task(sessions, ask)
    assert ("education-division", before.due_at, 3) == (holder, task.due_at, task.revision)
    with pytest.raises(NotFoundError):
        async with sessions.begin() as session:
            await claim(session, office, await actor(session, SCHOOL), ask.task, 3)


@pytest.mark.parametrize(
    ("organisation", "officer", "code"),
    [
        ("medical-centre", "", "organisation-unfit"), ("nowhere", "", "organisation-unfit"), ("", "", "delegate-missing"),
        ("school-one", "medical-centre.officer", "officer-unfit"), ("", "education-division.head", "officer-unfit"),
        ("district-committee", "", "organisation-unfit"),
    ],
)  # fmt: skip
async def test_nothing_is_handed_to_who_could_not_do_it(
    sessions: Sessions, office: Office, organisation: str, officer: str, code: str
) -> None:
    """Down means down: not sideways, not upwards, not to a head who answers nothing."""
    ask = await opened_kind(sessions, office, "enrol_in_school")
    with pytest.raises(InvalidError, match=code):
        await _down(sessions, office, ask, DIVISION, organisation, officer)


async def test_a_named_officer_is_asked_and_has_not_yet_taken_it_on(sessions: Sessions, office: Office) -> None:
    """The head names who is to do it: a colleague cannot take it, and the missing reply still counts."""
    ask = await _handed_down(sessions, office, officer=SCHOOL)
    task, _ = await _task(sessions, ask)
    assert (True, None) == (task.officer_id is not None, task.claimed_at)
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, SCHOOL), ask.task, 2)
    task, _ = await _task(sessions, ask)
    assert task.claimed_at is not None


async def test_one_link_and_no_more(sessions: Sessions, office: Office) -> None:
    """Who answers for a task stands next to who does it; a reassignment cuts the link."""
    ask = await _handed_down(sessions, office)
    with pytest.raises(ConflictError, match="task-handed-down"):
        await _down(sessions, office, ask, SCHOOL, "medical-centre", revision=2)
    async with sessions.begin() as session:
        moved = Decide(kind=DecisionKind.REASSIGN, reason="lý do", organisation="labour-division")
        await decide(session, office, await actor(session, "district.supervisor"), ask.task, 2, moved)
    task, holder = await _task(sessions, ask)
    assert ("labour-division", None) == (holder, task.answerable_id)
