"""What officers write to one another reaches those it is meant for, and nobody else."""

import pytest
from sqlalchemy import select, text

from activities.casework.comments import READABLE, comment_on_journey, comment_on_task, reader
from activities.casework.context import Office
from activities.casework.delegating import delegate
from activities.casework.errors import InvalidError, NotFoundError
from activities.casework.permits import of_task
from activities.plan.addressees import Addressee
from activities.store.comments import Comment
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey
from activities.store.notices import Notice
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.casework.test_races import opened
from tests.casework.times import opened_kind

WORDS = "Chị Mẫu cần người phiên dịch"
HOLDER, HEAD, COORDINATOR, SUPERVISOR = Addressee


async def _writes(sessions: Sessions, office: Office, username: str, task: str, *to: Addressee) -> str:
    async with sessions.begin() as session:
        return (await comment_on_task(session, office, await actor(session, username), task, WORDS, to)).id


async def _writes_of_journey(
    sessions: Sessions, office: Office, username: str, journey: str, words: str, *to: Addressee
) -> None:
    async with sessions.begin() as session:
        await comment_on_journey(session, office, await actor(session, username), journey, words, to)


async def _told(sessions: Sessions) -> set[tuple[str, str | None]]:
    async with sessions() as session:
        wanted = select(Notice).where(Notice.code == "comment-written")
        return {(notice.audience, notice.task_id) for notice in await session.scalars(wanted)}


async def test_those_addressed_are_told_without_the_words(sessions: Sessions, office: Office) -> None:
    """The notice and the journal say that something was written, never what; no row holds the words."""
    ask = await opened_kind(sessions, office, "examine_health")
    written = await _writes(sessions, office, "medical-centre.officer", ask.task, *Addressee)
    audiences = {"officer", "supervisor", "coordinator", "district"}
    assert {(each, ask.task) for each in audiences} == await _told(sessions)
    async with sessions() as session:
        entry = (await session.scalars(select(JournalEntry).where(JournalEntry.event == "comment-written"))).one()
        assert ({"comment": written}, ask.task) == (entry.data, entry.task_id)
        for table in ("comment", "journal", "notice", "outbox"):
            rows = await session.execute(text(f"SELECT row_to_json(t)::text FROM {table} t"))
            assert "Mẫu" not in "\n".join(rows.scalars()), table


async def test_an_agency_without_a_part_cannot_write_and_learns_nothing(sessions: Sessions, office: Office) -> None:
    """For it there is neither the task nor the journey; an administrator sees no case at all."""
    ask = await opened_kind(sessions, office, "examine_health")
    for username in ("policy-bank.officer", "education-division.head", "administrator"):
        with pytest.raises(NotFoundError):
            await _writes(sessions, office, username, ask.task, COORDINATOR)
        with pytest.raises(NotFoundError):
            await _writes_of_journey(sessions, office, username, ask.journey, WORDS, COORDINATOR)
    assert set() == await _told(sessions)


async def test_who_confirms_the_funds_writes_of_the_task_and_knows_of_no_journey(
    sessions: Sessions, office: Office
) -> None:
    """Finance may ask what the voucher is for, and cannot even find out that a journey is behind it."""
    ask = await opened_kind(sessions, office, "confirm_funds")
    assert await _writes(sessions, office, "finance-division.officer", ask.task, COORDINATOR)
    with pytest.raises(NotFoundError, match="journey-unknown"):
        await _writes_of_journey(sessions, office, "finance-division.officer", ask.journey, WORDS, COORDINATOR)


async def _reads(sessions: Sessions, username: str, task: str) -> set[str]:
    """The comments of a task this officer reads, by the rule of addressees alone."""
    async with sessions() as session:
        row = await session.get_one(Task, task)
        subject = of_task(await session.get_one(Journey, row.journey_id), row)
        seen = select(Comment.id).where(Comment.task_id == task, READABLE)
        return set(await session.scalars(seen, reader(await actor(session, username), subject)))


@pytest.mark.parametrize(
    ("words", "to", "code"),
    [
        (" \n", [COORDINATOR], "comment-empty"),
        (WORDS, [], "addressee-missing"),
        (WORDS, [HOLDER], "addressee-unfit"),
    ],
)
async def test_a_comment_that_reaches_nobody_is_refused(
    sessions: Sessions, office: Office, words: str, to: list[Addressee], code: str
) -> None:
    """Nothing is written into the void: no words, nobody addressed, or a holder where there is no one holder."""
    journey = (await opened(sessions, office)).journey
    with pytest.raises(InvalidError, match=code):
        await _writes_of_journey(sessions, office, "commune-tri-an.officer", journey, words, *to)


async def test_what_was_written_to_the_holder_is_not_handed_down_with_the_task(
    sessions: Sessions, office: Office
) -> None:
    """The school that gets its part later does not read what was meant for the division."""
    ask = await opened_kind(sessions, office, "enrol_in_school")
    before = await _writes(sessions, office, "labour-division.coordinator", ask.task, HOLDER)
    async with sessions.begin() as session:
        who = await actor(session, "education-division.head")
        await delegate(session, office, who, ask.task, 1, "trường dạy em", organisation="school-one")
    after = await _writes(sessions, office, "labour-division.coordinator", ask.task, HOLDER)
    assert {after} == await _reads(sessions, "school-one.officer", ask.task)
    assert {before, after} == await _reads(sessions, "education-division.officer", ask.task)


@pytest.mark.parametrize(
    ("to", "reader"),
    [
        (HOLDER, "medical-centre.officer"),
        (HEAD, "medical-centre.head"),
        (COORDINATOR, "labour-division.coordinator"),
        (SUPERVISOR, "district.supervisor"),
    ],
)
async def test_each_role_reads_what_is_addressed_to_it_alone(
    sessions: Sessions, office: Office, to: Addressee, reader: str
) -> None:
    """A word to the head is not read by the officer, nor one to the coordinator by the head; the author's own read it."""
    ask = await opened_kind(sessions, office, "examine_health")
    written = await _writes(sessions, office, "health-division.head", ask.task, to)
    everybody = {
        "medical-centre.officer", "medical-centre.head", "labour-division.coordinator", "labour-division.head",
        "district.supervisor", "policy-bank.officer", "policy-bank.head", "administrator",
    }  # fmt: skip
    assert {reader} == {each for each in everybody if await _reads(sessions, each, ask.task)}
    assert {written} == await _reads(sessions, "health-division.head", ask.task)
