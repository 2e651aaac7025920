"""What moved since a process looked last: whose live tasks changed, told by the tally, and what was sent to the engine."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, CompoundSelect, bindparam, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from activities.plan.access import Subject
from activities.store.journeys import Journey
from activities.store.outbox import Command
from activities.store.tally import Tally
from activities.store.tasks import Task

LATE = 5.0  # seconds a transaction may still commit after another that took its number later
_tally, _outbox = bindparam("tally", type_=BigInteger()), bindparam("outbox", type_=BigInteger())
ENDS = select(select(func.max(Tally.id)).scalar_subquery(), select(func.max(Command.id)).scalar_subquery())
SINCE: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(
        literal("tally").label("of"), Tally.id, Tally.territory, Tally.lead_id, Tally.organisation_id, Tally.answerable_id, null().label("reporter"),
    ).where(Tally.id > _tally, Tally.n.in_((1, -1))),  # a greater number is a sum folded, which is no change
    select(literal("outbox"), Command.id, Journey.territory, Journey.lead_id, Task.organisation_id, Task.answerable_id, Journey.reporter_id)
    .join(Journey, Journey.id == Command.journey_id)
    .outerjoin(Task, Task.id == Command.task_id)
    .where(Command.id > _outbox),
)  # fmt: skip


@dataclass
class Trail:
    """How far a table that only grows was read. `low`: all up to this row; `read`: rows after it, and when."""

    low: int
    read: dict[int, float] = field(default_factory=dict)

    def take(self, row: int) -> bool:
        """Note that a row was read; whether it is news."""
        news = row not in self.read
        self.read.setdefault(row, time.monotonic())
        return news

    def go_on(self) -> None:
        """Leave behind what was read long enough ago."""
        past = [row for row, at in self.read.items() if at < time.monotonic() - LATE]
        self.low = max([self.low, *past])
        self.read = {row: at for row, at in self.read.items() if row > self.low}


class Moves:
    """What moved, look by look; the first tells nothing, it learns where the tables end."""

    def __init__(self) -> None:
        self._trails: dict[str, Trail] = {}

    async def look(self, session: AsyncSession) -> frozenset[Subject]:
        """The tasks and journeys that changed since the last look, as far as a policy needs to know them."""
        if not self._trails:
            ends = (await session.execute(ENDS)).one()
            self._trails = {name: Trail(end or 0) for name, end in zip(("tally", "outbox"), ends, strict=True)}
            return frozenset()
        marks = {name: trail.low for name, trail in self._trails.items()}
        rows = (await session.execute(SINCE, marks)).all()
        news = frozenset(_subject(*row[2:]) for row in rows if self._trails[row[0]].take(row[1]))
        for trail in self._trails.values():
            trail.go_on()
        return news


def _subject(
    territory: str, lead: str, organisation: str | None, answerable: str | None, reporter: str | None
) -> Subject:
    part = frozenset[str]() if organisation or not reporter else frozenset({reporter})
    return Subject(lead_id=lead, territory=territory, organisation_id=organisation or "", answerable_id=answerable or "", took_part=part)  # fmt: skip


def of_organisations(ids: Iterable[str]) -> frozenset[Subject]:
    """The same of acts told by organisation alone: nothing is said of which task or journey."""
    return frozenset(Subject(lead_id=each, organisation_id=each) for each in ids)
