"""A journey begins: reported by whoever the person came to, or started by the coordinator."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import answers, clocks, journal, outbox
from activities.casework.context import Office
from activities.casework.ending import finish
from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.holders import NobodyHoldsError, holder
from activities.casework.notices import notify
from activities.casework.opening import add_task
from activities.casework.permits import demand
from activities.domain.ids import journey_id, new_id, reference
from activities.domain.states import JourneyState
from activities.plan.access import Actor, Verb
from activities.plan.model import Plan
from activities.store.journeys import Journey, Wish
from activities.store.organisations import Organisation
from activities.store.tasks import Task

RECEPTION = "receive_person"
WayOfReturn = Literal["rescued", "self_returned", "handed_over", "domestic"]


class Report(BaseModel):
    """What any officer writes down when a person comes to them. `commune`: the reception commune's code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    commune: str
    happened_at: datetime
    way_of_return: WayOfReturn
    child: bool = False
    foreigner: bool = False
    danger: bool = False
    language: str = "vi"


class AlreadyDone(BaseModel):
    """A task that was done on paper before the journey was opened here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    happened_at: datetime
    document: dict[str, Any]
    outcome: dict[str, Any]


class Start(Report):
    """What a coordinator may add to a report."""

    residence_commune: str = ""
    declaration: bool = False
    wish: Literal["", "centre", "home", "stay"] = ""
    papers: tuple[str, ...] = ()
    already_done: tuple[AlreadyDone, ...] = ()


async def report_person(session: AsyncSession, office: Office, actor: Actor, report: Report) -> Journey:
    """Any officer opens a journey; the report counts as their agency's reception."""
    demand(actor, Verb.REPORT)
    return await _open(session, office, actor, Start(**report.model_dump(include=set(Report.model_fields))))


async def start_journey(session: AsyncSession, office: Office, actor: Actor, start: Start) -> Journey:
    """A coordinator of the lead agency opens a journey, with what is already known and done."""
    demand(actor, Verb.START_JOURNEY)
    journey = await _open(session, office, actor, start)
    plan = await office.shelf.ensure(session, journey.plan_hash)
    for number, done in enumerate(start.already_done):
        await _enter(session, office, journey, plan, actor, done, number)
    return journey


async def _open(session: AsyncSession, office: Office, actor: Actor, start: Start) -> Journey:
    now = office.now()
    if start.happened_at > now:
        raise InvalidError("happened-in-future")
    plan = office.shelf.on(office.calendar.day_of(start.happened_at))
    lead = await _lead(session, actor, plan, start, office.today())
    journey = Journey(
        id=journey_id(),
        reference=await _reference(session),
        plan_hash=plan.hash,
        territory=actor.territory,
        state=JourneyState.OPEN,
        stage=plan.stages[0].code,
        lead_id=lead.id,
        reporter_id=actor.organisation_id,
        reception_commune=start.commune,
        residence_commune=start.residence_commune,
        residence_stated=start.residence_commune,
        happened_at=start.happened_at,
        opened_at=now,
        closing_reason="",
        child=start.child,
        foreigner=start.foreigner,
        language=start.language,
        way_of_return=start.way_of_return,
        papers=list(start.papers),
        papers_brought=list(start.papers),
        wish=start.wish,
        chain_seq=0,
        chain_hash="",
    )
    session.add(journey)
    await session.flush()
    journal.write(
        session, office, journey, "journey-opened", officer=actor.officer_id, plan=plan.code, happened=start.happened_at
    )
    _note_wish(session, journey, actor, start.wish, now)
    await outbox.send(session, journey.id, "start")
    await _receive(session, office, journey, plan, actor, start)
    return journey


def _note_wish(session: AsyncSession, journey: Journey, actor: Actor, wish: str, now: datetime) -> None:
    """A wish known at the start is a wish like any other: it has an author."""
    if wish:
        said = {"wish": "choice", "value": wish, "at": now, "officer_id": actor.officer_id}
        session.add(Wish(id=new_id("wish"), journey_id=journey.id, **said))


async def _lead(session: AsyncSession, actor: Actor, plan: Plan, start: Start, today: date) -> Organisation:
    """The lead agency of the day; InvalidError where a commune of the report does not exist then."""
    try:
        for commune in {start.commune, start.residence_commune or start.commune}:
            await holder(session, "commune", actor.territory, today, commune)
        return await holder(session, plan.lead, actor.territory, today)
    except NobodyHoldsError:
        unknown = FieldProblem(("commune",), "commune-unknown", "no such commune on this day")
        raise InvalidError("commune-unknown", (unknown,)) from None


async def _receive(
    session: AsyncSession, office: Office, journey: Journey, plan: Plan, actor: Actor, start: Start
) -> None:
    """The report is the reception: its task is done as it is written."""
    body = {
        "declaration": start.declaration,
        "child": start.child,
        "foreigner": start.foreigner,
        "danger": start.danger,
        "language": start.language,
        "way_of_return": start.way_of_return,
    }
    task = await add_task(session, office, journey, plan.kind(RECEPTION), 1)
    await _answer(session, office, journey, task, body, start.happened_at, actor)


async def _enter(
    session: AsyncSession, office: Office, journey: Journey, plan: Plan, actor: Actor, done: AlreadyDone, number: int
) -> None:
    if done.kind not in office.registry or done.kind == RECEPTION:
        raise InvalidError(
            "kind-unknown", (FieldProblem(("already_done", str(number), "kind"), "kind-unknown", "no such task kind"),)
        )
    known = select(Task.id).where(Task.journey_id == journey.id, Task.kind == done.kind)
    if await session.scalar(known) is not None:
        raise InvalidError(
            "kind-twice", (FieldProblem(("already_done", str(number), "kind"), "kind-twice", "entered twice"),)
        )
    if done.happened_at > office.now():
        raise InvalidError("happened-in-future")
    task = await add_task(session, office, journey, plan.kind(done.kind), 1)
    task.on_behalf_of = done.document
    await _answer(session, office, journey, task, done.outcome, done.happened_at, actor)
    if task.organisation_id != actor.organisation_id:
        notify(session, office, journey, task.organisation_id, "answered-on-behalf", task=task.id)


async def _answer(
    session: AsyncSession,
    office: Office,
    journey: Journey,
    task: Task,
    body: dict[str, Any],
    happened_at: datetime,
    actor: Actor,
) -> None:
    outcome = answers.checked(office, task.kind, body)
    answers.keep(session, office, journey, task, outcome)
    task.start_at = min(task.start_at, happened_at)  # entered late: its clock began when it happened
    budget = clocks.budget_of((await office.shelf.ensure(session, journey.plan_hash)).kind(task.kind))
    task.due_at = clocks.due_of(office, task.start_at, budget) or task.due_at
    await finish(session, office, journey, task, outcome, happened_at, actor.officer_id, entered=True)


async def _reference(session: AsyncSession) -> str:
    """A reference nobody has yet."""
    while True:
        drawn = reference()
        if await session.scalar(select(Journey.id).where(Journey.reference == drawn)) is None:
            return drawn
