"""The board's numbers out of the tally: its sums, what passed its date unmarked, and since when the oldest stands so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import CTE, Label, ScalarSelect, Select, and_, case, func, select
from sqlalchemy.dialects.postgresql import array

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


@dataclass(slots=True)
class Line:
    """One sum of the tally: an agency's tasks of a kind that stand alike, or (`standing` None) all of them by age.

    `ages`: how many in each group of AGES and of older ones; None beside a standing.
    """

    code: str
    name: str
    name_en: str
    heard_at: datetime | None
    phone: str
    hours: str
    claimed: datetime | None
    kind: str
    standing: str | None
    n: int
    soon: int
    passed: int
    opened: datetime | None
    returned: datetime | None
    marked: datetime | None
    passed_since: datetime | None
    ages: Sequence[int | None] | None

    def counts(self) -> Iterator[tuple[str, int, datetime | None]]:
        """The numbers of the board these tasks are in, each with its oldest. The same words as `state_filter`, over sums."""
        if self.ages is not None:
            yield from ((name, n or 0, None) for name, n in zip((*AGES, OLDER), self.ages, strict=True))
            return
        for name, moment in _numbers(str(self.standing), self.kind):
            yield name, self.n, getattr(self, moment)
        if self.passed:
            yield "overdue", self.passed, self.passed_since
        if self.soon > self.passed:
            yield "due_this_week", self.soon - self.passed, None


class Counts:
    """Counts added up, by number."""

    def __init__(self) -> None:
        self._n: dict[str, int] = {}
        self._oldest: dict[str, datetime] = {}

    def add(self, name: str, n: int, oldest: datetime | None) -> None:
        """So many more of a number, since then at the earliest."""
        self._n[name] = self._n.get(name, 0) + n
        if oldest is not None and oldest < self._oldest.get(name, NEVER):
            self._oldest[name] = oldest

    def of(self, name: str) -> Count:
        """One number; nothing where no part has it."""
        return Count(self._n.get(name, 0), self._oldest.get(name))

    @property
    def all(self) -> Iterator[tuple[str, int, datetime | None]]:
        """Every number there is, as `add` takes it."""
        return ((name, n, self._oldest.get(name)) for name, n in self._n.items())


NEVER = datetime.max.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)
def _numbers(standing: str, kind: str) -> tuple[tuple[str, str], ...]:
    """The numbers whose every task stands so, and the moment since when it does: a field of Line."""
    state, *marks = standing.split("+")
    found = ["open", _waits_on(state, kind, marks)]
    found += ["paused"] if state == TaskState.PAUSED else []
    found += ["unclaimed"] if state == TaskState.OPEN and "claimed" not in marks else []
    found += ["undelivered"] if "undelivered" in marks else []
    late = [("overdue", "marked")] if "overdue" in marks else []
    back = [("returned", "returned")] if state == TaskState.RETURNED else []
    return (*((name, "opened") for name in found), *late, *back)


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
            own.c.code, own.c.name_vi, own.c.name_en, own.c.heard_at, own.c.phone, own.c.hours, own.c.claimed, sums.c.kind, sums.c.standing,
            sums.c.n, func.coalesce(sums.c.soon, 0), func.coalesce(late.c.n, 0),
            _first(sums, seen, Task.opened_at),
            case((sums.c.standing.startswith("returned"), _first(sums, seen, Task.returned_at, returned=True))),
            case((sums.c.standing.contains("+overdue"), _first(sums, seen, Task.overdue_at))),
            late.c.since, case((sums.c.standing.is_(None), array([sums.c[name] for name in (*AGES, OLDER)]))),
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
    """The tally, added up. `soon`: of tasks due before next Monday, passed or not; and, by age, all that are open."""
    today = desk.office.today()
    group, n = (Tally.organisation_id, Tally.kind, Tally.standing), func.sum(Tally.n)
    soon = n.filter(Tally.due_week <= today - timedelta(days=today.weekday())).label("soon")
    first, ages = [today - timedelta(days=days) for days in AGES.values()], list[Label[int]]()
    for name, since, until in zip((*AGES, OLDER), (*first, None), (None, *first), strict=True):
        within = [Tally.opened_on >= since] if since else []
        before = [Tally.opened_on < until] if until else []
        ages.append(n.filter(*within, *before).label(name))
    sums = select(*group, n.label("n"), soon, *ages).where(tallied_within(seen))
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
        Organisation.id, Organisation.code, Organisation.name_vi, Organisation.name_en, Organisation.heard_at,
        func.coalesce(Contact.phone, "").label("phone"), func.coalesce(Contact.hours, "").label("hours"),
        claims.correlate(Organisation).scalar_subquery().label("claimed"),
    )  # fmt: skip
    reached = own.outerjoin(Contact, Contact.organisation_id == Organisation.id)
    asked_once = reached.where(Organisation.id.in_(select(sums.c.organisation_id))).cte("own")
    return asked_once.prefix_with("MATERIALIZED")


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
