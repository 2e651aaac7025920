"""Lists of tasks, scoped, by the date they are due."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    DateTime,
    Select,
    String,
    and_,
    bindparam,
    case,
    false,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from activities.casework.away import stood_in_for
from activities.casework.context import Office
from activities.casework.corrections import objection_until
from activities.casework.errors import InvalidError, NotFoundError
from activities.casework.lateness import counted_at
from activities.casework.permits import of_task
from activities.domain.states import FINAL, LIVE, Role, TaskState
from activities.plan.access import BLIND, COORDINATED, Actor, Scope, Subject, Verb, may, scope
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.reminders import Reminder
from activities.store.scope import answered_for_within, held_within, in_states, led_within, tasks_within
from activities.store.tally import ELDEST
from activities.store.tasks import Task
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads.names import named

SOON, BADLY = timedelta(days=2), timedelta(days=5)  # local: when a row is called urgent
PERSON, COURT = "record_choice", "protect_rights_in_proceedings"
WAITS = ("agency", "person", "court", "coordinator", "outside", "nobody")
OWN = "overdue_own"  # what counts against an agency: late, and it is the agency that everybody waits for
AGES, OLDER = {"aged_7": 7, "aged_30": 30, "aged_90": ELDEST.days}, "aged_more"  # local: days since opening, at most
RUNNING = (TaskState.OPEN, TaskState.RETURNED)  # states in which the clock goes on
NOW, TODAY = bindparam("now", type_=DateTime(timezone=True)), bindparam("today", type_=Date())  # of `given`
THIS = bindparam("task", type_=String)  # the task that is shown whole
Rows = Select[Task, Journey, Organisation]
Conditions = tuple[ColumnElement[bool], ...]


def rows() -> Rows:
    """A task with its journey and its organisation."""
    return (
        select(Task, Journey, Organisation)
        .join(Journey, Journey.id == Task.journey_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
    )


def waits_on() -> ColumnElement[str]:
    """Whom a live task waits on, each exactly one: what stands outranks who is slow.

    `coordinator`: it was sent back; `nobody`: its clock stands until a date; `outside`: its message came to nobody.
    """
    return case(
        (Task.state == TaskState.RETURNED, "coordinator"),
        (Task.state == TaskState.PAUSED, "nobody"),
        (Task.kind == PERSON, "person"),
        (Task.kind == COURT, "court"),
        (Task.undelivered, "outside"),
        else_="agency",
    )


def passed(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Its date went by while nothing ran that could write the mark."""
    return and_(Task.overdue_at.is_(None), Task.due_at < now, in_states(*RUNNING))


def state_filter(state: str, office: Office) -> ColumnElement[bool]:
    """The rows one number of the board counts: by state, by whom they wait on, or by how long ago they were opened."""
    now, live = office.now(), in_states(*LIVE)
    soon = and_(Task.overdue_at.is_(None), Task.due_at >= now, Task.due_at < week_end(office), in_states(*RUNNING))
    filters: dict[str, ColumnElement[bool]] = {
        "open": live,
        "overdue": and_(live, or_(Task.overdue_at.is_not(None), passed(now))),
        "due_this_week": soon,
        "unclaimed": and_(in_states(TaskState.OPEN), Task.officer_id.is_(None)),
        "returned": in_states(TaskState.RETURNED),
        "paused": in_states(TaskState.PAUSED),
        "undelivered": and_(live, Task.standing.is_not(None), Task.undelivered),
    } | {name: and_(live, waits_on() == name) for name in WAITS}
    filters[OWN] = and_(filters["overdue"], waits_on() == "agency")
    filters["outside"] = and_(filters["undelivered"], filters["outside"])  # said once more for the index
    for name, (since, until) in ages(office).items():
        filters[name] = and_(live, *([Task.opened_at >= since] if since else []), Task.opened_at < until)
    if state not in filters:
        raise InvalidError("box-unknown", states=sorted(filters))
    return filters[state]


def week_end(office: Office) -> datetime:
    """The instant the district's next Monday begins."""
    today = office.today()
    return office.calendar.start_of(today + timedelta(days=7 - today.weekday()))


def ages(office: Office) -> dict[str, tuple[datetime | None, datetime]]:
    """When tasks of each age were opened: from an instant (None: ever since) until before another."""
    start, today = office.calendar.start_of, office.today()
    edges = [start(today + timedelta(days=1 if days == 0 else -days)) for days in (0, *AGES.values())]
    return {name: (since, until) for name, since, until in zip((*AGES, OLDER), (*edges[1:], None), edges, strict=True)}


def box(desk: Desk, name: str, state: str, organisation: str) -> Rows:
    """The rows of a box: mine, my agency's, handed down by it, to look at again, done, returned, or a number of the board."""
    if name == "board":
        found = rows().where(tasks_within(scope(desk.actor)), state_filter(state or "open", desk.office))
        return found.where(Organisation.code == organisation) if organisation else found
    return own(desk.actor, name)


def chosen(desk: Desk, ids: Collection[str]) -> Rows:
    """These rows, as far as the caller may know of them, in whatever state they are."""
    return rows().where(tasks_within(scope(desk.actor)), Task.id.in_(ids))


@lru_cache(maxsize=256)
def own(actor: Actor, name: str) -> Rows:
    """The rows of one of the officer's own boxes, put together once; asked with what is `given`. InvalidError for any other."""
    if name not in _BOXES:
        raise InvalidError("box-unknown", boxes=list(BOXES))
    return rows().where(*_BOXES[name](actor, scope(actor)))


def given(office: Office) -> dict[str, datetime | date]:
    """The time at which a box is read."""
    return {"now": office.now(), "today": office.today()}


def _own(actor: Actor, seen: Scope) -> ColumnElement[bool]:
    return held_within(seen, actor.organisation_id) if Role.OFFICER in actor.roles else false()


def _mine(actor: Actor, seen: Scope) -> Conditions:
    return _own(actor, seen), in_states(*LIVE), held_for(actor.officer_id)


def _agency(actor: Actor, seen: Scope) -> Conditions:
    return _own(actor, seen), in_states(TaskState.OPEN, TaskState.PAUSED)


def _handed_down(actor: Actor, seen: Scope) -> Conditions:
    return answered_for_within(seen, actor.organisation_id), in_states(*LIVE)


def _look_again(actor: Actor, seen: Scope) -> Conditions:
    return tasks_within(seen), in_states(*LIVE), looked_for_again(actor.officer_id)


def _done(actor: Actor, seen: Scope) -> Conditions:
    return _own(actor, seen), in_states(*FINAL)


def _returned(actor: Actor, seen: Scope) -> Conditions:
    leads = Role.COORDINATOR in actor.roles
    return led_within(seen, actor.organisation_id) if leads else _own(actor, seen), in_states(TaskState.RETURNED)


_BOXES: Mapping[str, Callable[[Actor, Scope], Conditions]] = {
    "mine": _mine, "agency": _agency, "handed_down": _handed_down, "look_again": _look_again, "done": _done, "returned": _returned,
}  # fmt: skip
BOXES = (*_BOXES, "board")


def held_for(officer: str) -> ColumnElement[bool]:
    """Held by the officer, or by somebody away for whom they stand in."""
    return Task.officer_id.in_(union_all(select(literal(officer)), stood_in_for(officer, TODAY)))


def looked_for_again(officer: str) -> ColumnElement[bool]:
    """The officer's day to look again at a task has come, and they set no later one."""
    mine = select(Reminder.id).where(Reminder.task_id == Task.id, Reminder.officer_id == officer)
    later = or_(Reminder.look_again_at.is_(None), Reminder.look_again_at > NOW)
    return and_(mine.where(Reminder.look_again_at <= NOW).exists(), ~mine.where(later).exists())


async def page(desk: Desk, wanted: Rows, cursor: str, limit: int) -> dict[str, Any]:
    """One page, soonest due first, and the cursor of the next."""
    found, following = await some(desk, wanted, cursor, limit)
    return {"items": [shape(desk, *row) for row in found], "next": following}


async def some(
    desk: Desk, wanted: Select[*tuple[Any, ...]], cursor: str, limit: int
) -> tuple[Sequence[Any], str | None]:
    """The rows of one page, soonest due first, and the cursor of the next; a row begins with its task."""
    if cursor:
        wanted = wanted.where(tuple_(Task.due_at, Task.id) > read_cursor(cursor))
    ordered = wanted.order_by(Task.due_at, Task.id).limit(limit + 1)
    found: Sequence[Any] = (await desk.session.execute(ordered, given(desk.office))).all()
    last = found[limit - 1][0] if len(found) > limit else None
    return found[:limit], cursor_of(last.due_at, last.id) if last else None


async def one(desk: Desk, task_id: str) -> tuple[Task, Journey, Organisation]:
    """A task within the caller's reach; NotFoundError otherwise."""
    found = (await desk.session.execute(rows().where(Task.id == task_id, tasks_within(scope(desk.actor))))).first()
    if found is None:
        raise NotFoundError("task-unknown")
    return found[0], found[1], found[2]


def due_state(task: Task, now: datetime) -> str:
    """How urgent a task is, in a word."""
    if task.state.final:
        return "final"
    if now > task.due_at:
        return "badly_overdue" if now - task.due_at > BADLY else "overdue"
    return "due_soon" if task.due_at - now < SOON else "on_time"


def journey_shape(desk: Desk, journey: Journey, kind: str | None) -> dict[str, str] | None:
    """Which journey a task of this kind belongs to; the funds are confirmed without knowing whose they are."""
    if kind in BLIND and journey.lead_id != desk.actor.organisation_id:
        return None
    return {"id": journey.id, "reference": journey.reference}


def shape(desk: Desk, task: Task, journey: Journey, organisation: Organisation) -> dict[str, Any]:
    """A task as a list shows it."""
    plan = desk.office.shelf.by_hash[journey.plan_hash]
    kind = plan.kind(task.kind)
    lead = journey.lead_id == desk.actor.organisation_id
    calendar, subject = desk.office.calendar, of_task(journey, task)
    in_full = scope(desk.actor).in_full(subject)
    ours = desk.actor.organisation_id in (task.organisation_id, task.answerable_id)
    label = kind.label if lead or ours else kind.neutral
    facts = {
        name: getattr(task, name)
        for name in (
            "id", "kind", "stage", "round", "officer_id", "opened_at", "start_at", "due_at", "reply_due_at", "overdue_at", "late",
            "revision", "return_reason", "on_behalf_of", "ended_at", "happened_at",
        )
    }  # fmt: skip
    return facts | {
        "state": task.state.value,
        "counted_at": counted_at(task),
        "label": label.model_dump(),
        "due_state": due_state(task, desk.office.now()),
        "journey": journey_shape(desk, journey, task.kind),
        "organisation": {"id": organisation.id} | named(organisation),
        "answerable_id": task.answerable_id,
        "source": kind.clock.source.model_dump(),
        "duty": kind.source.model_dump(),
        "calendar_known": calendar.known(calendar.day_of(task.due_at)),
        "code": task.code if in_full else "",
        "handed_over": task.handed_over if in_full else None,
        "object_until": objection_until(desk.office, plan, task),
        "return_answers": return_answers(desk.actor, subject),
    }


def return_answers(actor: Actor, subject: Subject) -> list[str]:
    """What the caller may make of a task that came back; nobody withdraws what they sent back themselves."""
    if subject.state is not TaskState.RETURNED:
        return []
    return [each.value for each in COORDINATED if may(actor, Verb.DECIDE, subject, decision=each).allowed]
