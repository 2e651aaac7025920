"""An agency asks for time, facts or another holder: somebody else decides, the clock runs meanwhile, and silence climbs."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from activities.casework.actors import actor_of
from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from activities.casework.request_decisions import Answer, decide_request
from activities.casework.requests import Asked, ask, read_words, take_back
from activities.casework.settling import settle
from activities.casework.tasks import submit
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.organisations import Officer
from activities.store.requests import Request
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.asked import requests_page
from tests.build.grounds import with_ground
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.winners import winner_of
from tests.casework.test_races import later
from tests.casework.times import opened_kind

KIND, OFFICER, HEAD = "examine_health", "medical-centre.officer", "medical-centre.head"
COORDINATOR, DISTRICT = "labour-division.coordinator", "district.supervisor"


async def _asked(sessions: Sessions, office: Office, task: Ask, who: str = OFFICER, **fields: Any) -> Request:
    async with sessions.begin() as session:
        wanted = Asked.model_validate({"reason": "bác sĩ nghỉ"} | fields)
        return await ask(session, office, await actor(session, who), task.task, 1, wanted)


async def _decided(sessions: Sessions, office: Office, request: Request, who: str, given: Answer) -> Request:
    async with sessions.begin() as session:
        return await decide_request(session, office, await actor(session, who), request.id, given)


async def _row(sessions: Sessions, task: Ask) -> Task:
    async with sessions() as session:
        return await session.get_one(Task, task.task)


async def _told(sessions: Sessions, task: Ask, code: str) -> list[Notice]:
    async with sessions() as session:
        return list(await session.scalars(select(Notice).where(Notice.task_id == task.task, Notice.code == code)))


async def test_more_time_is_asked_for_and_given_by_the_head(sessions: Sessions, office: Office) -> None:
    """The date moves when the head grants it, not before; the asker is told."""
    task = await opened_kind(sessions, office, KIND)
    before = await _row(sessions, task)
    request = await _asked(sessions, office, task, kind="extend", budget="P5WD")
    assert before.due_at == (await _row(sessions, task)).due_at
    granted = await _decided(sessions, office, request, HEAD, Answer(grant=True))
    after = await _row(sessions, task)
    assert ("granted", True) == (granted.state, after.due_at > before.due_at)
    assert [request.asked_by] == [each.officer_id for each in await _told(sessions, task, "request-granted")]
    with pytest.raises(ConflictError, match="request-decided"):
        await _decided(sessions, office, request, DISTRICT, Answer(grant=False, reason="lý do"))


async def test_more_time_than_anybody_may_give_is_not_asked_for(sessions: Sessions, office: Office) -> None:
    """The asker reads it at once, and not a head who could only refuse."""
    task = await opened_kind(sessions, office, KIND)
    with pytest.raises(InvalidError, match="extension-too-long"):
        await _asked(sessions, office, task, kind="extend", budget="P13M")


async def test_a_refusal_has_a_reason_and_reaches_the_asker(sessions: Sessions, office: Office) -> None:
    """No without why is not recorded; a withdrawn request is nobody's to decide."""
    task = await opened_kind(sessions, office, KIND)
    request = await _asked(sessions, office, task, kind="extend", budget="P5WD")
    with pytest.raises(InvalidError, match="reason-missing"):
        await _decided(sessions, office, request, HEAD, Answer(grant=False))
    await _decided(sessions, office, request, HEAD, Answer(grant=False, reason="còn đủ thời gian"))
    assert 1 == len(await _told(sessions, task, "request-refused"))
    second = await _asked(sessions, office, task, kind="reassign")
    async with sessions.begin() as session:
        await take_back(session, office, await actor(session, OFFICER), second.id)
    with pytest.raises(ConflictError, match="request-decided"):
        await _decided(sessions, office, second, DISTRICT, Answer(grant=True, organisation="labour-division"))


async def test_facts_come_from_the_coordinator(sessions: Sessions, office: Office) -> None:
    """The answer is sealed, read by those who asked; a head who knows nothing of the case cannot give it."""
    task = await opened_kind(sessions, office, KIND)
    request = await _asked(sessions, office, task, kind="facts", reason="cần biết ngôn ngữ")
    with pytest.raises(ForbiddenError):
        await _decided(sessions, office, request, HEAD, Answer(grant=True, answer="tiếng Khmer"))
    with pytest.raises(InvalidError, match="answer-missing"):
        await _decided(sessions, office, request, COORDINATOR, Answer(grant=True))
    given = await _decided(sessions, office, request, COORDINATOR, Answer(grant=True, answer="tiếng Khmer"))
    assert ("tiếng Khmer", "cần biết ngôn ngữ") == tuple(read_words(office, given)[key] for key in ("answer", "reason"))
    assert b"Khmer" not in given.sealed


async def test_another_holder_is_asked_for_and_named(sessions: Sessions, office: Office) -> None:
    """The decider names who takes over; the task is theirs with its old date."""
    task = await opened_kind(sessions, office, KIND)
    before = await _row(sessions, task)
    request = await _asked(sessions, office, task, kind="reassign")
    await _decided(sessions, office, request, DISTRICT, Answer(grant=True, organisation="labour-division"))
    after = await _row(sessions, task)
    assert (True, before.due_at) == (after.organisation_id != before.organisation_id, after.due_at)


async def test_nobody_decides_what_they_asked_for(sessions: Sessions, office: Office) -> None:
    """A coordinator who asks as the officer of a task does not answer as the coordinator."""
    task = await opened_kind(sessions, office, "meet_essential_needs")
    request = await _asked(sessions, office, task, COORDINATOR, kind="facts")
    with pytest.raises(ForbiddenError, match="own-request"):
        await _decided(sessions, office, request, COORDINATOR, Answer(grant=True, answer="x"))


async def test_a_request_nobody_answers_climbs_even_while_the_clock_stands(sessions: Sessions, office: Office) -> None:
    """The district is told once the reply time of the request is over, paused or not."""
    task = await opened_kind(sessions, office, KIND)
    request = await _asked(sessions, office, task, kind="facts")
    async with sessions.begin() as session:
        pause = Decide(kind=DecisionKind.PAUSE, reason="lý do", until=office.now() + timedelta(days=30))
        await decide(session, office, await actor(session, DISTRICT), task.task, 1, pause)
    late = later(office, request.due_at - office.now() + timedelta(minutes=1))
    async with sessions.begin() as session:
        turn = await settle(session, late, Wake(ask=task, held=1, why="rung"))
    told = await _told(sessions, task, "rung-request-facts")
    assert ("paused", ["district"]) == (turn.state, [each.audience for each in told])


async def test_a_decision_made_unasked_settles_the_request(sessions: Sessions, office: Office) -> None:
    """The district extends of its own accord: the request is granted by that, and not twice."""
    task = await opened_kind(sessions, office, KIND)
    request = await _asked(sessions, office, task, kind="extend", budget="P2WD")
    async with sessions.begin() as session:
        more = Decide(kind=DecisionKind.EXTEND, reason="lý do", budget="P3WD")
        await decide(session, office, await actor(session, DISTRICT), task.task, 1, more)
    async with sessions() as session:
        assert "granted" == (await session.get_one(Request, request.id)).state
    with pytest.raises(ConflictError):
        await _decided(sessions, office, request, HEAD, Answer(grant=True))


async def test_the_task_ended_before_the_request_was_read(sessions: Sessions, office: Office) -> None:
    """Who decides then is told how the task ended."""
    task = await opened_kind(sessions, office, KIND)
    request = await _asked(sessions, office, task, kind="extend", budget="P2WD")
    async with sessions.begin() as session:
        await submit(session, office, await actor(session, OFFICER), task.task, 1, dict(VALID[KIND]), office.now())
    with pytest.raises(ConflictError, match="task-ended") as told:
        await _decided(sessions, office, request, HEAD, Answer(grant=True))
    assert "done" == winner_of(told.value)["state"]


async def test_a_statutory_clock_is_asked_of_the_body_the_law_names(sessions: Sessions, office: Office) -> None:
    """Without a cited ground there is nothing to ask; with one, the named body decides and nobody else."""
    task = await opened_kind(sessions, office, "check_records")
    with pytest.raises(ConflictError, match="no-statutory-ground"):
        await _asked(sessions, office, task, "district-police.officer", kind="extend", budget="P2D", ground="xa")
    lawful = with_ground(office, "check_records", "justice")
    request = await _asked(sessions, lawful, task, "district-police.officer", kind="extend", budget="P2D", ground="xa")
    with pytest.raises(ConflictError, match="no-statutory-ground"):
        await _decided(sessions, lawful, request, "district-police.head", Answer(grant=True))
    with pytest.raises(NotFoundError):
        await _decided(sessions, lawful, request, "medical-centre.head", Answer(grant=True))
    before = (await _row(sessions, task)).due_at
    async with sessions() as session:
        justice = await session.scalar(select(Officer).where(Officer.username == "justice-division.head"))
        assert justice is not None
        desk = Desk(session, lawful, await actor_of(session, justice), justice)
        assert [request.id] == [each["id"] for each in (await requests_page(desk, "to_decide", "", 10))["items"]]
    await _decided(sessions, lawful, request, "justice-division.head", Answer(grant=True))
    assert before < (await _row(sessions, task)).due_at


async def test_one_request_of_a_kind_at_a_time(sessions: Sessions, office: Office) -> None:
    """Asking again changes nothing; another kind is another matter."""
    task = await opened_kind(sessions, office, KIND)
    await _asked(sessions, office, task, kind="extend", budget="P2WD")
    with pytest.raises(ConflictError, match="request-waits"):
        await _asked(sessions, office, task, kind="extend", budget="P9WD")
    await _asked(sessions, office, task, kind="facts")
    with pytest.raises(NotFoundError):
        await _asked(sessions, office, task, "policy-bank.officer", kind="facts")
