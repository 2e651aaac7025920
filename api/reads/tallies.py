"""The board's numbers out of the tally: its sums, what passed its date unmarked, and since when the oldest stands so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import CTE, ScalarSelect, Select, and_, case, func, select

from activities.domain.states import TaskState
from activities.plan.access import Scope, scope
from activities.store.contacts import Contact
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.scope import tallied_within, tasks_within, tasks_within_by_key
from activities.store.tally import Tally
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.tasks import AGES, COURT, OLDER, PERSON, passed


class Count(NamedTuple):
    """So many rows, and since when the oldest of them stands so."""

    n: int = 0
    oldest: datetime | None = None


@dataclass
class Line:
    """One sum of the tally: an agency's tasks of a kind that stand alike, or (`standing` None) that are of one age."""

    code: str
    name: str
    heard_at: datetime | None
    phone: str
    hours: str
    claimed: datetime | None
    kind: str
    standing: str | None
    age: str | None
    n: int
    soon: int
    passed: int
    opened: datetime | None
    returned: datetime | None
    marked: datetime | None
    passed_since: datetime | None

    @cached_property
    def counts(self) -> dict[str, Count]:
        """The numbers of the board these tasks are in. The same words as `state_filter`, over sums."""
        if self.standing is None:
            return {str(self.age): Count(self.n)}
        state, *marks = self.standing.split("+")
        found = {"open": Count(self.n, self.opened)}
        found[_waits_on(state, self.kind, marks)] = found["open"]
        if "overdue" in marks:
            found["overdue"] = Count(self.n, self.marked)
        elif self.passed:
            found["overdue"] = Count(self.passed, self.passed_since)
        if state == TaskState.RETURNED:
            found["returned"] = Count(self.n, self.returned)
        if state == TaskState.PAUSED:
            found["paused"] = found["open"]
        if state == TaskState.OPEN and "claimed" not in marks:
            found["unclaimed"] = found["open"]
        if "undelivered" in marks:
            found["undelivered"] = found["open"]
        if self.soon > self.passed:
            found["due_this_week"] = Count(self.soon - self.passed)
        return found


class Counts:
    """Counts added up, by number."""

    def __init__(self, parts: Iterable[Mapping[str, Count]]) -> None:
        self.found: dict[str, Count] = {}
        for part in parts:
            for name, (n, oldest) in part.items():
                had, since = self.found.get(name, NONE)
                older = since if oldest is None or (since is not None and since < oldest) else oldest
                self.found[name] = Count(had + n, older)

    def of(self, name: str) -> Count:
        """One number; nothing where no part has it."""
        return self.found.get(name, NONE)


NONE = Count()


def _waits_on(state: str, kind: str, marks: list[str]) -> str:
    if state == TaskState.RETURNED:
        return "coordinator"
    if state == TaskState.PAUSED:
        return "nobody"
    outside = "outside" if "undelivered" in marks else "agency"
    return {PERSON: "person", COURT: "court"}.get(kind, outside)


async def lines(desk: Desk, now: datetime) -> list[Line]:
    """The caller's part of the tally by agency and kind, in one question, so that all of it is of one moment."""
    seen = scope(desk.actor)
    sums, late = _sums(desk, seen), _passed(now, seen)
    own = _agencies(sums, seen)
    wanted = (
        select(
            own.c.code, own.c.name_vi, own.c.heard_at, own.c.phone, own.c.hours, own.c.claimed, sums.c.kind, sums.c.standing, sums.c.age,
            sums.c.n, func.coalesce(sums.c.soon, 0), func.coalesce(late.c.n, 0),
            _first(sums, seen, Task.opened_at),
            case((sums.c.standing.startswith("returned"), _first(sums, seen, Task.returned_at, returned=True))),
            case((sums.c.standing.contains("+overdue"), _first(sums, seen, Task.overdue_at))),
            late.c.since,
        )
        .join(own, own.c.id == sums.c.organisation_id)
        .outerjoin(
            late,
            and_(
                late.c.organisation_id == sums.c.organisation_id,
                late.c.kind == sums.c.kind,
                late.c.standing == sums.c.standing,
            ),
        )
        .order_by(own.c.code, sums.c.kind)
    )  # fmt: skip
    found: Sequence[Any] = (await desk.session.execute(wanted)).all()
    return [Line(*row) for row in found]


def _sums(desk: Desk, seen: Scope) -> CTE:
    """The tally, added up. `soon`: of tasks due before next Monday, passed or not."""
    today = desk.office.today()
    ages = [(Tally.opened_on >= today - timedelta(days=days), name) for name, days in AGES.items()]
    age = case(*ages, (Tally.opened_on.is_not(None), OLDER)).label("age")
    monday = today - timedelta(days=today.weekday())
    group = (Tally.organisation_id, Tally.kind, Tally.standing, age)
    n, soon = func.sum(Tally.n), func.sum(Tally.n).filter(Tally.due_week <= monday)
    sums = select(*group, n.label("n"), soon.label("soon")).where(tallied_within(seen))
    return sums.group_by(*group).having(n != 0).cte("sums")


def _passed(now: datetime, seen: Scope) -> CTE:
    """What passed its date and bears no mark yet: few rows, read from their index."""
    group = (Task.organisation_id, Task.kind, Task.standing)
    late = select(*group, func.count().label("n"), func.min(Task.due_at).label("since"))
    return late.where(passed(now), tasks_within_by_key(seen)).group_by(*group).cte("late")


def _agencies(sums: CTE, seen: Scope) -> CTE:
    """Agencies with open tasks, how each is reached, when it was heard of and when it last took one of them up."""
    claims = _one(seen, Task.claimed_at, newest=True).where(
        Task.organisation_id == Organisation.id, Task.standing.is_not(None), Task.claimed_at.is_not(None)
    )
    own = select(
        Organisation.id, Organisation.code, Organisation.name_vi, Organisation.heard_at,
        func.coalesce(Contact.phone, "").label("phone"), func.coalesce(Contact.hours, "").label("hours"),
        claims.correlate(Organisation).scalar_subquery().label("claimed"),
    )  # fmt: skip
    reached = own.outerjoin(Contact, Contact.organisation_id == Organisation.id)
    return reached.where(Organisation.id.in_(select(sums.c.organisation_id))).cte("own")


def _first(sums: CTE, seen: Scope, moment: Any, *, returned: bool = False) -> ScalarSelect[Any]:
    """The earliest such moment of the tasks of a sum: the first entry of an index."""
    of_sum = _one(seen, moment).where(
        Task.organisation_id == sums.c.organisation_id, Task.kind == sums.c.kind, Task.standing == sums.c.standing,
        moment.is_not(None), *([Task.state == TaskState.RETURNED] if returned else []),
    )  # fmt: skip
    return of_sum.correlate(sums).scalar_subquery()


def _one(seen: Scope, moment: Any, *, newest: bool = False) -> Select[Any]:
    of_journey = select(moment).join(Journey, Journey.id == Task.journey_id).where(tasks_within(seen))
    return of_journey.order_by(moment.desc() if newest else moment).limit(1)
