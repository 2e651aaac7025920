"""What is typed as a reason may tell of the person: it lies open nowhere, and can be taken away without breaking a chain."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.delegating import delegate, recall
from activities.casework.journal import told, verify_chains
from activities.casework.reasons import sealed, whole
from activities.domain.reasons import REASONS, apart, is_code, kept
from activities.domain.states import DecisionKind
from activities.security.errors import TamperedError
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.tables import tables_that_tell
from tests.casework.test_races import opened
from tests.casework.times import opened_kind

TYPED = "chị Xuyến đang ở nhà tạm lánh"
ABOVE = "district.supervisor"


async def _decides(sessions: Sessions, office: Office, task: str, ask: Decide) -> None:
    async with sessions.begin() as session:
        revision = (await session.get_one(Task, task)).revision
        await decide(session, office, await actor(session, ABOVE), task, revision, ask)


async def _paused_resumed_waived(sessions: Sessions, office: Office) -> str:
    """A task the district extended, stopped, let go on and waived, with a note each time; its journey."""
    ask, until = await opened(sessions, office), office.now() + timedelta(days=3)
    said = [
        Decide(kind=DecisionKind.EXTEND, reason=f"extend/papers: {TYPED}", budget="P1D"),
        Decide(kind=DecisionKind.PAUSE, reason=f"pause/other: {TYPED}", until=until),
        Decide(kind=DecisionKind.RESUME, reason=TYPED),
        Decide(kind=DecisionKind.WAIVE, reason=f"waive/double: {TYPED}"),
    ]
    for each in said:
        await _decides(sessions, office, ask.task, each)
    return ask.journey


async def test_no_table_holds_what_was_typed(sessions: Sessions, office: Office) -> None:
    """Who steals the database reads codes of lists, and nothing anybody wrote about the person."""
    await _paused_resumed_waived(sessions, office)
    below = await opened_kind(sessions, office, "enrol_in_school")
    async with sessions.begin() as session:
        who = await actor(session, "education-division.officer")
        await delegate(session, office, who, below.task, 1, TYPED, organisation="school-one")
        await recall(session, office, who, below.task, 2, TYPED)
    assert [] == await tables_that_tell(sessions, "Xuyến")


async def test_whoever_may_read_the_timeline_reads_the_reason_as_it_was_given(
    sessions: Sessions, office: Office
) -> None:
    """The choice by its code, for every language, with the note after it."""
    journey = await _paused_resumed_waived(sessions, office)
    async with sessions() as session:
        rows = list(await session.scalars(select(JournalEntry).where(JournalEntry.chain == journey)))
    said = {row.event: told(office, row).get("reason") for row in rows if row.words}
    assert said == {
        "task-decided": f"extend/papers: {TYPED}", "task-paused": f"pause/other: {TYPED}", "task-resumed": TYPED,
        "task-waived": f"waive/double: {TYPED}",
    }  # fmt: skip
    assert {"extend/papers", "pause/other", "waive/double"} <= {row.data.get("reason") for row in rows}


async def test_changed_words_break_the_chain_and_words_taken_away_do_not(sessions: Sessions, office: Office) -> None:
    """Nobody rewrites why; what must be forgotten can be."""
    journey = await _paused_resumed_waived(sessions, office)
    words = (JournalEntry.chain == journey, JournalEntry.words.is_not(None))
    async with sessions.begin() as session:
        assert [] == await verify_chains(session)
        await session.execute(update(JournalEntry).where(*words).values(words=None))
        assert [] == await verify_chains(session)
        rows = list(await session.scalars(select(JournalEntry).where(JournalEntry.chain == journey)))
        assert not any(TYPED in str(told(office, row)) for row in rows)
        sealed_once = len([row for row in rows if "words" in row.data])
        await session.rollback()
    async with sessions.begin() as session:
        await session.execute(update(JournalEntry).where(*words).values(words=b"other words"))
        assert sealed_once == len(await verify_chains(session))


async def test_words_that_come_as_a_code_are_sealed_all_the_same(sessions: Sessions, office: Office) -> None:
    """A slip of ours leaks nothing and stops nobody's act."""
    ask = await opened(sessions, office)
    async with sessions.begin() as session:
        journey = await session.get_one(Journey, ask.journey)
        journal.write(session, office, journey, "task-waived", reason=TYPED)
    assert [] == await tables_that_tell(sessions, "Xuyến")


def test_only_entries_of_the_lists_are_open() -> None:
    """A name typed in the shape of a choice is sealed like any other words."""
    assert ("waive", "double", "") == apart(kept("waive", "double", ""))
    assert ("waive", "double", TYPED) == apart(kept("waive", "double", TYPED))
    for typed in ("waive/nguyen-thi-mau", "mau", "waive/double-mau", f"extend/double: {TYPED}", ""):
        assert ("", "", typed) == apart(typed)
    assert all(is_code(kept(act, code, "")) for act, codes in REASONS.items() for code in codes)
    assert not is_code(TYPED)


def test_words_open_for_their_own_task_alone(office: Office) -> None:
    """A row copied beside another task tells nothing."""
    row = sealed(office, "task-one", f"waive/double: {TYPED}")
    assert row.startswith("waive/double: sealed:")
    assert f"waive/double: {TYPED}" == whole(office, "task-one", row)
    assert "recalled" == whole(office, "task-one", "recalled")
    with pytest.raises(TamperedError):
        whole(office, "task-two", row)
