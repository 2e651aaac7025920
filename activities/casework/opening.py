"""A task comes to an agency: its row, clock, ladder and first notice, once, however often the story asks."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal, news
from activities.casework.away import able_in
from activities.casework.context import Office
from activities.casework.handing import hand_over
from activities.casework.holders import HOLDING, REPORTING, answerable, by_reporter, nobody, seat
from activities.casework.learning import Learnt
from activities.casework.notices import notify
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Turn
from activities.domain.states import JourneyState, TaskState
from activities.plan.access import PROTECTION
from activities.plan.model import Kind
from activities.store.journeys import Journey, Wish
from activities.store.organisations import Organisation
from activities.store.tasks import Task

NOT_OPENED = Turn(state=TaskState.WITHDRAWN)
NOT_YET = Turn(state=TaskState.PAUSED, wake=1.0)  # a story that has not heard of a correction opens nothing
ASKED_ABOVE = 100  # rounds the coordinator asks for never meet the story's own
REDONE_ABOVE = 1000  # rounds of tasks asked for anew never meet the story's own, nor those a coordinator asks for


@dataclass(frozen=True)
class New:
    """A task that has just been opened, and when the first of its rungs is owed."""

    task: Task
    rung: datetime | None


@dataclass(frozen=True)
class _Ground:
    """What a new task stands on: who answers, whether anybody is there who can, whether the person refused the service."""

    holder: Organisation
    staffed: bool
    refused: bool


def _grounded(answering: Select[Organisation]) -> Select[Organisation, bool, bool]:
    """Who answers, whether anybody is there who can, whether the person refused the service."""
    refused = select(Wish.id).where(
        Wish.journey_id == bindparam("journey"), Wish.wish == "refuse_service", Wish.value == bindparam("kind")
    )
    return answering.add_columns(able_in(Organisation.id, bindparam("day", type_=Date)), refused.exists())


BY_REPORTER, BY_ROLE = _grounded(REPORTING), _grounded(HOLDING)


async def open_task(session: AsyncSession, office: Office, journey: Journey, ask: Ask) -> Turn | Task | New:
    """A row for a task that has none; NOT_OPENED where the journey ends or the person is not entitled.

    NOT_YET where a correction is not heard.
    """
    if journey.corrected != journey.heard:
        return NOT_YET
    plan = await office.shelf.ensure(session, journey.plan_hash)
    kind = plan.kind(ask.kind)
    averts = await _averts(session, journey, kind, ask.round)
    if barred := _barred(journey, kind, averts=averts):
        journal.write(session, office, journey, "task-not-opened", kind=kind.code, reason=barred)
        return NOT_OPENED
    ground = await _ground(session, office, journey, kind)
    task = await _add_task(session, office, journey, kind, ask.round, ground.holder)
    if ground.refused and not ASKED_ABOVE < ask.round < REDONE_ABOVE:  # asked for since: the person wants it after all
        task.state, task.ended_at = TaskState.DECLINED, task.opened_at
        journal.write(session, office, journey, "task-declined", task=task.id, kind=kind.code)
        return task
    await hand_over(session, office, task)
    notify(session, office, journey, task.organisation_id, "task-opened", task=task.id)
    if not ground.staffed:
        notify(session, office, journey, journey.lead_id, "task-without-officer", task=task.id, audience="coordinator")
    journal.write(
        session,
        office,
        journey,
        "task-opened",
        task=task.id,
        kind=kind.code,
        round=ask.round,
        organisation=task.organisation_id,
        due=task.due_at,
    )
    return New(task, await clocks.add_rungs(session, office, plan, kind, task))


async def _ground(session: AsyncSession, office: Office, journey: Journey, kind: Kind) -> _Ground:
    """Ask once for all that a new task stands on."""
    asked = {"day": office.today()} | seat(journey, kind, office.today()) | {"journey": journey.id, "kind": kind.code}
    found = (await session.execute(BY_REPORTER if by_reporter(kind) else BY_ROLE, asked)).first()
    if found is None:
        raise nobody(journey, kind, office.today())
    return _Ground(*found)


async def add_task(session: AsyncSession, office: Office, journey: Journey, kind: Kind, round_: int) -> Task:
    """Write an open task's row with its clock, for whoever answers for the kind today."""
    holder = await answerable(session, journey, kind, office.today())
    return await _add_task(session, office, journey, kind, round_, holder)


async def _add_task(
    session: AsyncSession, office: Office, journey: Journey, kind: Kind, round_: int, holder: Organisation
) -> Task:
    """Write the row; a start before today opens it late or overdue, and that shows."""
    now = office.now()
    start = await _start(session, office, journey, kind, round_)
    budget = clocks.budget_of(kind)
    due = clocks.due_of(office, start, budget) or now
    reply = clocks.due_of(office, now, kind.reply.budget) if kind.reply.budget else None
    task = Task(
        id=task_id(journey.id, kind.code, round_),
        journey_id=journey.id,
        kind=kind.code,
        round=round_,
        stage=kind.stage,
        state=TaskState.OPEN,
        organisation_id=holder.id,
        generation=1,
        revision=1,
        opened_at=now,
        start_at=start,
        due_at=due,
        deadline_at=due,
        reply_due_at=reply,
        overdue_marks=0,
        answers=0,
        late=False,
        code="",
        flags=[],
        return_reason="",
        stretched=office.clock.scale > 1,
    )
    session.add(task)
    journey.stage = kind.stage
    return task


async def _averts(session: AsyncSession, journey: Journey, kind: Kind, round_: int) -> bool:
    """Whether it averts a danger raised since the person asked to stop: also on the way home."""
    if journey.state is not JourneyState.ENDING or kind.stage != PROTECTION:
        return False
    return await news.raised_since_withdrawal(session, journey.id, round_)


def _barred(journey: Journey, kind: Kind, *, averts: bool) -> str:
    """Why this kind does not open in this journey; empty when it does."""
    ending = journey.state is JourneyState.ENDING and not (kind.way_home or averts)
    if ending or journey.state is JourneyState.CLOSED:
        return "journey-ending"
    return not_entitled(journey, kind)


def not_entitled(journey: Journey | Learnt, kind: Kind) -> str:
    """Why the person is not entitled to this kind; empty when they are."""
    if journey.foreigner and not kind.eligibility.foreigner:
        return "not-entitled-foreigner"
    missing = set(kind.eligibility.papers) - set(journey.papers)
    return f"paper-missing-{min(missing)}" if missing else ""


async def _start(session: AsyncSession, office: Office, journey: Journey, kind: Kind, round_: int) -> datetime:
    """The fact's own time the clock starts from: another kind's fact, the day the round before named, else the opening."""
    now = office.now()
    if kind.clock.starts == "opened":
        day = await _day_named(session, office, journey, kind, round_)
        return max(now, office.calendar.start_of(day)) if day else now
    fact = select(Task.happened_at).where(
        Task.journey_id == journey.id, Task.kind == kind.clock.starts, Task.happened_at.is_not(None)
    )
    return await session.scalar(fact.order_by(Task.round.desc()).limit(1)) or now


async def _day_named(session: AsyncSession, office: Office, journey: Journey, kind: Kind, round_: int) -> date | None:
    """The day the round before named for this one: nobody is late with a visit whose day has not come. Local (decision 0026)."""
    field = office.registry[kind.code].outcome.NEXT_ROUND_ON
    if round_ == 1 or not field or ASKED_ABOVE < round_ <= REDONE_ABOVE:
        return None
    before = await session.scalar(select(Task.outcome).where(Task.id == task_id(journey.id, kind.code, round_ - 1)))
    day = (before or {}).get(field)
    return date.fromisoformat(day) if day else None
