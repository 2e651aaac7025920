"""The board's numbers out of the tally: its sums, what passed its date unmarked, and since when the oldest stands so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Label,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    tuple_,
)  # fmt: skip
from sqlalchemy.orm import InstrumentedAttribute

from activities.domain.states import TaskState
from activities.plan.access import Scope, scope
from activities.store.contacts import Contact
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.scope import tallied_within, tasks_within, tasks_within_by_key
from activities.store.tally import Tally
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.tasks import AGES, COURT, OLDER, OWN, PERSON, WAITS, passed

NUMBERS = ("open", "overdue", OWN, "unclaimed", "returned", "paused", "undelivered")
SOON = "due_this_week"
DATED = (*NUMBERS, *WAITS)  # numbers that say since when their oldest row stands so
PLAIN = (SOON, *AGES, OLDER)


class Count(NamedTuple):
    """So many rows, and since when the oldest of them stands so."""

    n: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Agency:
    """Whose tasks they are, how it is reached, when it was heard of and when it last took one of them up."""

    code: str
    name: str
    name_en: str
    heard_at: datetime | None
    phone: str
    hours: str
    claimed: datetime | None


@dataclass(frozen=True, slots=True)
class Tallied:
    """Every number of one agency's tasks, of one kind's (`agency` None), or of all (`kind` None as well)."""

    agency: Agency | None
    kind: str | None
    dated: dict[str, Count]
    plain: dict[str, int]


async def tallied(desk: Desk, now: datetime) -> list[Tallied]:
    """The caller's part of the tally by agency, by kind and in all, in one question, so that all of it is of one moment."""
    today = desk.office.today()
    days = {name: today - timedelta(days=days) for name, days in AGES.items()}
    given = {"now": now, "monday": today - timedelta(days=today.weekday()), **days}
    found: Sequence[Any] = (await desk.session.execute(_asked(scope(desk.actor)), given)).all()
    return [_read(row) for row in found]


@lru_cache(maxsize=64)
def _asked(seen: Scope) -> Select[*tuple[Any, ...]]:
    """The question of one scope, put together once: that took 6 of the 40 ms of a board."""
    sums = _sums(seen)
    added, own = _added(_stood(sums, _passed(seen), seen)), _agencies(sums, seen)
    wanted = select(*(own.c[name] for name in AGENCY), *(each for each in added.c if each.name != "organisation_id"))
    joined = wanted.select_from(added).outerjoin(own, own.c.id == added.c.organisation_id)
    return joined.order_by(own.c.code, added.c.kind)


AGENCY = ("code", "name_vi", "name_en", "heard_at", "phone", "hours", "claimed")
KIND = len(AGENCY)  # where it stands in a row of the answer; the numbers follow
FIRST = KIND + 1


def _read(row: Sequence[Any]) -> Tallied:
    end = FIRST + 2 * len(DATED)
    pairs = zip(row[FIRST:end:2], row[FIRST + 1 : end : 2], strict=True)
    dated = {name: Count(n or 0, oldest) for name, (n, oldest) in zip(DATED, pairs, strict=True)}
    soon, *aged = (n or 0 for n in row[end:])
    plain = {SOON: soon} | {
        name: n - younger for name, n, younger in zip((*AGES, OLDER), aged, (0, *aged), strict=False)
    }
    return Tallied(Agency(*row[:KIND]) if row[0] is not None else None, row[KIND], dated, plain)


def _sums(seen: Scope) -> CTE:
    """The tally, added up. `soon`: of tasks due before next Monday, passed or not; by age, all that are open and no older.

    `whole`: the caller may know of all tasks there are in a sum. Most rows are by age; whether they count is asked of each once.
    """
    group, aged, within = (
        (Tally.organisation_id, Tally.kind, Tally.standing),
        Tally.standing.is_(None),
        tallied_within(seen),
    )
    counts = or_(aged, within)

    def added(name: str, *conditions: ColumnElement[bool]) -> Label[int]:
        return func.sum(Tally.n).filter(*conditions).cast(Integer).label(name)

    ages = (added(name, Tally.opened_on >= bindparam(name, type_=Date)) for name in AGES)
    whole, soon = func.bool_and(counts).label("whole"), added("soon", Tally.due_week <= bindparam("monday"), within)
    sums = select(*group, added("n", counts), whole, soon, *ages).where(or_(~aged, within)).group_by(*group)
    return sums.having(func.sum(Tally.n).filter(counts) != 0).cte("sums")


def _passed(seen: Scope) -> CTE:
    """What passed its date and bears no mark yet: few rows, read from their index."""
    group = (Task.organisation_id, Task.kind, Task.standing)
    late = select(*group, func.count().cast(Integer).label("n"), func.min(Task.due_at).label("since"))
    now = bindparam("now", type_=DateTime(timezone=True))
    return late.where(passed(now), tasks_within_by_key(seen)).group_by(*group).cte("late")


def _agencies(sums: CTE, seen: Scope) -> CTE:
    """Agencies with open tasks, how each is reached, when it was heard of and when it last took one of them up."""
    claims = _one(seen, Task.claimed_at, newest=True).where(
        Task.organisation_id == Organisation.id, Task.standing.is_not(None), Task.claimed_at.is_not(None)
    )
    own = select(
        Organisation.id, Organisation.code, Organisation.name_vi, Organisation.name_en, Organisation.heard_at,
        func.coalesce(Contact.phone, "").label("phone"), func.coalesce(Contact.hours, "").label("hours"),
        claims.correlate(Organisation).scalar_subquery().label("claimed"),
    )  # fmt: skip
    reached = own.outerjoin(Contact, Contact.organisation_id == Organisation.id)
    asked_once = reached.where(Organisation.id.in_(select(sums.c.organisation_id))).cte("own")
    return asked_once.prefix_with("MATERIALIZED")


def _stood(sums: CTE, late: CTE, seen: Scope) -> CTE:
    """The sums with their oldest moments, what each is late with, and how it stands as columns that are true or not.

    A sum whose `standing` is None is of all of its tasks by age, and has no number but those: each includes all younger.
    """
    same = (late.c[name] == sums.c[name] for name in ("organisation_id", "kind", "standing"))
    marked, back = sums.c.standing.contains("+overdue"), sums.c.standing.startswith(TaskState.RETURNED)
    unmarked, lost = func.coalesce(late.c.n, 0), sums.c.standing.contains("+undelivered")
    free = sums.c.standing.startswith(TaskState.OPEN) & ~sums.c.standing.contains("+claimed")
    held = sums.c.standing.startswith(TaskState.PAUSED)
    stood = select(
        sums.c.organisation_id, sums.c.kind, sums.c.n, *(sums.c[name] for name in AGES),
        case((sums.c.standing.is_(None), sums.c.n)).label(OLDER),
        func.greatest(func.coalesce(sums.c.soon, 0) - unmarked, 0).label(SOON),
        case((marked, sums.c.n), else_=unmarked).label("late"),
        case((marked, _first(sums, seen, Task.overdue_at)), else_=late.c.since).label("late_since"),
        _first(sums, seen, Task.opened_at).label("opened"),
        case((back, _first(sums, seen, Task.returned_at, returned=True))).label("sent_back"),
        sums.c.standing.is_not(None).label("open"), free.label("unclaimed"), back.label("returned"), held.label("paused"),
        lost.label("undelivered"), _waits_on(sums, lost, back=back, held=held).label("waits"),
    ).outerjoin(late, and_(*same))  # fmt: skip
    return stood.cte("stood").prefix_with("MATERIALIZED")


def _waits_on(sums: CTE, lost: Any, *, back: Any, held: Any) -> ColumnElement[str | None]:
    """`waits_on` of the rows, over a sum."""
    named = ((sums.c.kind == PERSON, "person"), (sums.c.kind == COURT, "court"))
    standing = (sums.c.standing.is_(None), None)
    return case(standing, (back, "coordinator"), (held, "nobody"), *named, (lost, "outside"), else_="agency")


def _added(stood: CTE) -> CTE:
    """The numbers of each agency, of each kind and of all: the same words as `state_filter`, over sums."""
    numbers: list[Label[Any]] = []
    late = {"overdue": stood.c.late > 0, OWN: and_(stood.c.late > 0, stood.c.waits == "agency")}
    for name in DATED:
        within = late[name] if name in late else stood.c.waits == name if name in WAITS else stood.c[name]
        n, since = (stood.c.late, stood.c.late_since) if name in late else (stood.c.n, stood.c.opened)
        since = stood.c.sent_back if name == "returned" else since
        numbers += [func.sum(n).filter(within).label(name), func.min(since).filter(within).label(f"{name}_since")]
    numbers += [func.sum(stood.c[name]).label(name) for name in PLAIN]
    sets = func.grouping_sets(tuple_(stood.c.organisation_id), tuple_(stood.c.kind), text("()"))
    return select(stood.c.organisation_id, stood.c.kind, *numbers).group_by(sets).cte("added")


def _first(sums: CTE, seen: Scope, moment: InstrumentedAttribute[Any], *, returned: bool = False) -> ColumnElement[Any]:
    """The earliest such moment of the tasks of a sum: the first entry of an index, and where not all may be known the first of those."""
    of_sum = (
        Task.organisation_id == sums.c.organisation_id, Task.kind == sums.c.kind, Task.standing == sums.c.standing,
        moment.is_not(None), *([Task.state == TaskState.RETURNED] if returned else []),
    )  # fmt: skip
    any_of_them = select(moment).where(*of_sum).order_by(moment).limit(1)
    known = _one(seen, moment).where(*of_sum)
    first = (each.correlate(sums).scalar_subquery() for each in (any_of_them, known))
    return case((sums.c.whole, next(first)), else_=next(first))


def _one(seen: Scope, moment: InstrumentedAttribute[Any], *, newest: bool = False) -> Select[Any]:
    of_journey = select(moment).join(Journey, Journey.id == Task.journey_id).where(tasks_within(seen))
    return of_journey.order_by(moment.desc() if newest else moment).limit(1)
