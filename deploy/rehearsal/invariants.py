"""What must hold at the end of a rehearsal, and after any crash, whatever happened on the way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from temporalio.client import Client

from activities.casework.journal import length, verify_chains
from activities.casework.lateness import COUNTED_AT, WAITED
from activities.domain.states import LIVE, JourneyState, TaskState
from activities.security.codec import SealingCodec
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.outbox import Command
from activities.store.tasks import Rung, Task
from deploy.rehearsal import secrecy
from workers.reconcile import Reconcile

ENDED = ("COMPLETED", "CONTINUED_AS_NEW")  # a corrected story goes on as a new one under its id


@dataclass(frozen=True)
class Invariant:
    """One thing that must hold; `detail` says how much was looked at, or what breaks it."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True)
class Evidence:
    """Where to look: rows, Temporal, logs; and what is secret."""

    sessions: Sessions
    client: Client
    codec: SealingCodec
    folder: Path
    secrets: tuple[str, ...]


Check = Callable[[Evidence], Awaitable[Invariant]]


async def all_invariants(evidence: Evidence, *, closed: bool = True) -> list[Invariant]:
    """Every invariant in turn. `closed`: all journeys are meant to have ended."""
    secret: list[Check] = [_nothing_in_temporal, _nothing_in_rows, _nothing_in_logs]
    return await case_invariants(evidence, closed=closed) + [await check(evidence) for check in secret]


async def case_invariants(evidence: Evidence, *, closed: bool = True) -> list[Invariant]:
    """Those of tasks, clocks, journals and stories; nothing is sought in texts."""
    checks: list[Check] = [
        _answered_once, _overdue_once, _late_is_marked, _rungs_accounted, _rows_and_stories, _delivered, _chains,
        *((_all_closed,) if closed else ()),
    ]  # fmt: skip
    return [await check(evidence) for check in checks]


async def _rows(sessions: Sessions, name: str, of: type[Task] | type[Rung], wrong: ColumnElement[bool]) -> Invariant:
    """Holds where no row of the table is wrong; names the first few that are."""
    async with sessions() as session:
        looked = await session.scalar(select(func.count()).select_from(of)) or 0
        bad = list(await session.scalars(select(of.id).where(wrong).limit(5)))
    return Invariant(name, not bad, f"wrong: {', '.join(bad)}" if bad else f"{looked} looked at")


def _entries(event: str) -> ColumnElement[int]:
    """How many journal entries of this event a task has."""
    return (
        select(func.count())
        .where(JournalEntry.task_id == Task.id, JournalEntry.event == event)
        .correlate(Task)
        .scalar_subquery()
    )


async def _answered_once(evidence: Evidence) -> Invariant:
    done = Task.state == TaskState.DONE
    wrong = or_(
        Task.answers > 1,
        and_(done, or_(Task.answers != 1, _entries("task-done") != 1, Task.answered_by.is_(None))),
        and_(not_(done), or_(Task.answers != 0, _entries("task-done") != 0)),
    )
    return await _rows(evidence.sessions, "every task answered at most once", Task, wrong)


async def _overdue_once(evidence: Evidence) -> Invariant:
    marked = Task.overdue_at.is_not(None)
    wrong = or_(
        and_(marked, or_(Task.overdue_marks != 1, _entries("task-overdue") != 1)),
        and_(not_(marked), or_(Task.overdue_marks != 0, _entries("task-overdue") != 0)),
    )
    return await _rows(evidence.sessions, "every overdue marked exactly once", Task, wrong)


async def _late_is_marked(evidence: Evidence) -> Invariant:
    answered_late = and_(Task.state == TaskState.DONE, COUNTED_AT > Task.due_at)
    wrong = or_(answered_late != Task.late, and_(Task.late, WAITED, Task.overdue_at.is_(None)))
    return await _rows(
        evidence.sessions, "late is what was answered after its date, and marked", Task, and_(Task.kind != "", wrong)
    )


async def _rungs_accounted(evidence: Evidence) -> Invariant:
    on_its_way = or_(Notice.spread_at.is_(None), exists(select(Delivery.id).where(Delivery.notice_id == Notice.id)))
    told = exists(select(Notice.id).where(Notice.rung_id == Rung.id, on_its_way))
    ended = exists(select(Task.id).where(Task.id == Rung.task_id, Task.state.not_in(list(LIVE))))
    fired, lapsed = Rung.fired_at.is_not(None), Rung.lapsed_at.is_not(None)
    wrong = or_(and_(fired, lapsed), and_(fired, ~told), and_(ended, not_(fired), not_(lapsed)))
    return await _rows(
        evidence.sessions, "every rung fired and delivered, or lapsed, or still owed by an open task", Rung, wrong
    )


async def _rows_and_stories(evidence: Evidence) -> Invariant:
    """Nothing a reconcile would mend or report, corrections nobody watches and stories that ended too early among it."""
    drift = await Reconcile(evidence.sessions, evidence.client).compare(repair=False)
    apart = [*drift.started, *drift.looked, *drift.completed, *drift.watches, *drift.stories, *drift.ended]
    name = "no open row without a pending activity, no activity without its row"
    return Invariant(name, not apart, f"apart: {', '.join(apart[:5])}" if apart else "rows and stories agree")


async def _delivered(evidence: Evidence) -> Invariant:
    async with evidence.sessions() as session:
        commands = await session.scalar(select(func.count()).where(Command.state != "done")) or 0
        notices = await session.scalar(select(func.count()).where(Delivery.state != "delivered")) or 0
        notices += await session.scalar(select(func.count()).where(Notice.spread_at.is_(None))) or 0
    name = "every command reached Temporal, every notice its reader"
    return Invariant(name, not (commands or notices), f"{commands} commands and {notices} notices under way")


async def _chains(evidence: Evidence) -> Invariant:
    async with evidence.sessions() as session:
        breaks, entries = await verify_chains(session), await length(session)
    return Invariant("journal chains whole", not breaks, f"broken at {breaks[:5]}" if breaks else f"{entries} entries")


async def _nothing_in_temporal(evidence: Evidence) -> Invariant:
    opened, found = await secrecy.in_temporal(evidence.client, evidence.codec, evidence.secrets)
    detail = f"found in {found[:5]}" if found else f"{opened} payloads opened, {len(evidence.secrets)} secrets sought"
    return Invariant("nothing personal in Temporal", not found and opened > 0, detail)


async def _nothing_in_rows(evidence: Evidence) -> Invariant:
    read, found = await secrecy.in_rows(evidence.sessions, evidence.secrets)
    return Invariant(
        "nothing personal in the open in any row", not found, f"found in {found}" if found else f"{read} rows"
    )


async def _nothing_in_logs(evidence: Evidence) -> Invariant:
    read, found = secrecy.in_logs(evidence.folder, evidence.secrets)
    return Invariant("nothing personal in the logs", not found, f"found in {found}" if found else f"{read} lines")


async def _all_closed(evidence: Evidence) -> Invariant:
    async with evidence.sessions() as session:
        left = list(await session.scalars(select(Journey.reference).where(Journey.state != JourneyState.CLOSED)))
    going = [story async for story, state in secrecy.stories_ended(evidence.client) if state not in ENDED]
    detail = f"open: {left[:5]} {going[:5]}" if left or going else "all"
    return Invariant("every journey came to its end, its story too", not left and not going, detail)
