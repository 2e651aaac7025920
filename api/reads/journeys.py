"""Journeys and their timelines, scoped."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from activities.casework import journal
from activities.casework.decisions import TOLD_APART
from activities.casework.errors import NotFoundError
from activities.casework.permits import in_full
from activities.casework.persons import INDEXED
from activities.domain.states import FINAL, LIVE, DecisionKind, JourneyState, Role
from activities.plan.access import Scope, scope
from activities.security.blind_index import index
from activities.security.errors import IndexValueError
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey
from activities.store.organisations import Officer, Organisation
from activities.store.persons import PersonIndex
from activities.store.scope import in_states, journeys_within, tasks_within
from activities.store.tasks import Task
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads.names import named
from api.sorting import unmarked, unmarked_column

MOST = 50  # journeys one search may find
SHOWN = ("id", "reference", "opened_at", "closed_at")
DECIDED, MOVES = "task-decided", ("task-opened", "task-delegated", "task-recalled")
ENDS = tuple(f"task-{each.value}" for each in FINAL)
ANSWER = ("code", "before")  # of an entry of the timeline: how its task was answered, and was before a correction


async def one(desk: Desk, journey_id: str) -> Journey:
    """A journey within the caller's reach; NotFoundError otherwise."""
    found = await desk.session.scalar(
        select(Journey).where(Journey.id == journey_id, journeys_within(scope(desk.actor)))
    )
    if found is None:
        raise NotFoundError("journey-unknown")
    return found


@dataclass(frozen=True)
class Filter:
    """Which journeys of a list: every field narrows it, an empty one does not; by stage, those whose stage the caller may know.

    `commune`: of the reception, by code; `place`: part of the name of an agency with an open task, or of the commune of the reception.
    """

    state: JourneyState | None = None
    stage: str = ""
    commune: str = ""
    reference: str = ""
    overdue: bool = False
    child: bool = False
    ids: tuple[str, ...] | None = None
    place: str = ""

    def conditions(self, late: ColumnElement[int], seen: Scope) -> Iterator[ColumnElement[bool]]:
        """As a WHERE; `late` counts the overdue tasks of a journey. Of a person the caller may know only where their agency leads."""
        led = Journey.lead_id.in_(seen.led_by)
        if self.state:
            yield Journey.state == self.state
        if self.stage:
            yield and_(Journey.stage == self.stage, true() if _watches(seen) else led)
        if self.commune:
            yield and_(Journey.reception_commune == self.commune, led)
        if self.reference:
            yield Journey.reference == self.reference.strip().upper()
        if self.overdue:
            yield late > 0
        if self.child:
            yield and_(Journey.child, led)
        if self.place:
            yield or_(_open_at(self.place, seen), and_(led, Journey.reception_commune.in_(_communes(self.place))))
        if self.ids is not None:
            yield Journey.id.in_(self.ids)


def _called(place: str) -> ColumnElement[bool]:
    """Organisations with this in one of their names, with or without its marks."""
    names = (Organisation.name_vi, Organisation.name_en)
    return or_(*(func.strpos(unmarked_column(name), unmarked(place)) > 0 for name in names))


def _open_at(place: str, seen: Scope) -> ColumnElement[bool]:
    held = select(Task.id).join(Organisation, Organisation.id == Task.organisation_id)
    return held.where(Task.journey_id == Journey.id, in_states(*LIVE), tasks_within(seen), _called(place)).exists()


def _communes(place: str) -> Select[str]:
    return select(Organisation.commune).where(Organisation.commune != "", _called(place))


async def page(desk: Desk, cursor: str, limit: int, wanted_: Filter) -> dict[str, Any]:
    """One page, newest first. Officers of other agencies have no list of journeys: their tasks are theirs."""
    seen = scope(desk.actor)
    watches = {Role.COORDINATOR, Role.SUPERVISOR} & desk.actor.roles
    known = tasks_within(seen)  # a count of all would tell of tasks that are not theirs to know of
    live = select(func.count()).where(Task.journey_id == Journey.id, Task.state.in_(list(LIVE)), known)
    late = live.where(Task.overdue_at.is_not(None)).scalar_subquery()
    wanted = select(Journey, live.scalar_subquery(), late).where(
        journeys_within(seen),
        true() if watches else false(),
        *wanted_.conditions(late, seen),
    )
    if cursor:
        wanted = wanted.where(tuple_(Journey.opened_at, Journey.id) < read_cursor(cursor))
    found = (
        await desk.session.execute(wanted.order_by(Journey.opened_at.desc(), Journey.id.desc()).limit(limit + 1))
    ).all()
    items = [shape(row[0], seen) | {"open_tasks": row[1], "overdue_tasks": row[2]} for row in found[:limit]]
    last = found[limit - 1][0] if len(found) > limit else None
    return {"items": items, "next": cursor_of(last.opened_at, last.id) if last else None}


async def with_identity(desk: Desk, value: str) -> tuple[str, ...]:
    """Journeys the caller leads whose person has exactly this name, paper number or telephone; by the blind index alone."""
    digests = []
    for field, form in INDEXED.items():
        with suppress(IndexValueError):
            digests.append(
                and_(
                    PersonIndex.field == field,
                    PersonIndex.digest == str(index(desk.office.keyring, field, value, form)),
                )
            )
    led = select(PersonIndex.journey_id).join(Journey, Journey.id == PersonIndex.journey_id)
    found = await desk.session.scalars(
        led.where(or_(false(), *digests), Journey.lead_id.in_(scope(desk.actor).led_by)).limit(MOST)
    )
    return tuple(dict.fromkeys(found))


async def timeline(desk: Desk, journey_id: str, after: int, limit: int) -> dict[str, Any]:
    """What happened, in order: for the lead all of it, for others what concerns tasks within their reach."""
    journey, seen = await one(desk, journey_id), scope(desk.actor)
    wanted = (
        select(JournalEntry, Task)
        .outerjoin(Task, Task.id == JournalEntry.task_id)
        .where(JournalEntry.chain == journey.id, JournalEntry.seq > after)
    )
    if journey.lead_id not in seen.led_by:
        wanted = wanted.where(_within_reach(journey, desk))
    found = list(await desk.session.execute(wanted.order_by(JournalEntry.seq).limit(limit + 1)))
    names = ("seq", "at", "event", "task_id", "officer_id")
    items = [
        {name: getattr(entry, name) for name in names}
        | {"data": _told(desk, journey, entry, task), "kind": _kind(entry, task)}
        for entry, task in found[:limit]
    ]
    return {"items": items, "next": str(found[limit - 1][0].seq) if len(found) > limit else None}


async def recent(desk: Desk, journey: Journey, before: int, limit: int, about: str = "") -> dict[str, Any]:
    """What happened, newest first, with who did it; `about` narrows to events of one beginning (task, wish, rung …)."""
    seen, receiver = scope(desk.actor), aliased(Organisation)
    wanted = (
        select(JournalEntry, Officer.name, Organisation, Task, receiver)
        .outerjoin(Officer, Officer.id == JournalEntry.officer_id)
        .outerjoin(Organisation, Organisation.id == Officer.organisation_id)
        .outerjoin(Task, Task.id == JournalEntry.task_id)
        .outerjoin(
            receiver, receiver.id == func.coalesce(*(JournalEntry.data[each].astext for each in ("to", "organisation")))
        )
        .where(JournalEntry.chain == journey.id, JournalEntry.seq < before, ~_said_beside())
    )
    if about:
        wanted = wanted.where(JournalEntry.event.startswith(about, autoescape=True))
    if journey.lead_id not in seen.led_by:
        wanted = wanted.where(_within_reach(journey, desk))
    found = list(await desk.session.execute(wanted.order_by(JournalEntry.seq.desc()).limit(limit + 1)))
    plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
    labels = {kind.code: kind.label if journey.lead_id in seen.led_by else kind.neutral for kind in plan.kinds}
    items = [
        {name: getattr(entry, name) for name in ("seq", "at", "event", "task_id")}
        | {
            "data": _told(desk, journey, entry, task),
            "who": who,
            "agency": named(agency) if agency else None,
            "to": named(to) if to and _moves(entry) else None,
            "label": labels.get(_kind(entry, task) or ""),
        }
        | _dates(entry, task)
        for entry, who, agency, task, to in found[:limit]
    ]
    return {"items": items, "next": found[limit - 1][0].seq if len(found) > limit else None}


def _said_beside() -> ColumnElement[bool]:
    """Decisions whose effect is an entry of its own."""
    return and_(
        JournalEntry.event == DECIDED, JournalEntry.data["decision"].astext.in_([each.value for each in TOLD_APART])
    )


def _moves(entry: JournalEntry) -> bool:
    """The entry says to which agency a task went."""
    return entry.event in MOVES or entry.data.get("decision") == DecisionKind.REASSIGN


def _dates(entry: JournalEntry, task: Task | None) -> dict[str, datetime | None]:
    """The due date as the entry set it; of the end of a task the date it was due, and when it ended."""
    if task and entry.event in ENDS:
        return {"due_at": task.due_at, "ended_at": entry.at}
    due = entry.data.get("due")
    return {"due_at": datetime.fromisoformat(due) if due else None, "ended_at": None}


def _kind(entry: JournalEntry, task: Task | None) -> str | None:
    """The kind of task an entry is about, also where it does not say so itself: a comment names its task alone."""
    return entry.data.get("kind") or (task.kind if task else None)


def _told(desk: Desk, journey: Journey, entry: JournalEntry, task: Task | None) -> dict[str, Any]:
    """What an entry says beside its event; how a task was answered, to those alone who may read the answer."""
    data = journal.told(desk.office, entry)
    if task is None or in_full(desk.actor, journey, task):
        return data
    return {name: value for name, value in data.items() if name not in ANSWER}


def _within_reach(journey: Journey, desk: Desk) -> ColumnElement[bool]:
    reach = select(Task.id).join(Journey, Journey.id == Task.journey_id)
    return JournalEntry.task_id.in_(reach.where(Task.journey_id == journey.id, tasks_within(scope(desk.actor))))


def _watches(seen: Scope) -> bool:
    """Whether the stage of every journey within reach is the caller's to know: whoever watches a part knows its tasks alone.

    A journey that turns to protection tells of a danger.
    """
    return bool(seen.watched_territory)


def shape(journey: Journey, seen: Scope) -> dict[str, Any]:
    """A journey as everybody within reach knows it; its stage for the lead and who watches all, why it was closed for the lead."""
    leads = journey.lead_id in seen.led_by
    return {name: getattr(journey, name) for name in SHOWN} | {
        "state": journey.state.value,
        "stage": journey.stage if leads or _watches(seen) else "",
        "closing_reason": journey.closing_reason if leads else "",
    }
