"""What moved since a process looked last: whose live tasks changed, told by the tally, and what was sent to the engine."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, CompoundSelect, Text, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from activities.plan.access import Subject
from activities.store.journeys import Journey
from activities.store.outbox import Command
from activities.store.tally import Tally
from activities.store.tasks import Task

LATE = 5.0  # seconds between taking a number and being a transaction the snapshot knows of; a moment, mostly
BEHIND = 1000  # rows before the end that a first look reads, as one of those between them may still be on its way
_tally, _outbox = bindparam("tally", type_=BigInteger()), bindparam("outbox", type_=BigInteger())
ENDS = select(select(func.max(Tally.id)).scalar_subquery(), select(func.max(Command.id)).scalar_subquery())
_ended, _begun = (  # transactions below the one are over; all that have begun are below the other
    cast(cast(each(func.pg_current_snapshot()), Text), BigInteger) for each in (func.pg_snapshot_xmin, func.pg_snapshot_xmax)
)  # fmt: skip
SINCE: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(
        literal("tally").label("of"), Tally.id, _ended.label("ended"), _begun.label("begun"), Tally.territory, Tally.lead_id, Tally.organisation_id, Tally.answerable_id, null().label("reporter"),
    ).where(Tally.id > _tally, Tally.n.in_((1, -1))),  # a greater number is a sum folded, which is no change
    select(literal("outbox"), Command.id, _ended, _begun, Journey.territory, Journey.lead_id, Task.organisation_id, Task.answerable_id, Journey.reporter_id)
    .join(Journey, Journey.id == Command.journey_id)
    .outerjoin(Task, Task.id == Command.task_id)
    .where(Command.id > _outbox),
)  # fmt: skip


@dataclass
class Trail:
    """How far a table that only grows was read. `low`: all up to this row; `read`: rows after it, when, and what had begun by then."""

    low: int
    read: dict[int, tuple[float, int]] = field(default_factory=dict)

    def take(self, row: int, begun: int) -> bool:
        """Note that a row was read; whether it is news."""
        news = row not in self.read
        self.read.setdefault(row, (time.monotonic(), begun))
        return news

    def go_on(self, ended: int) -> None:
        """Leave behind what was read long enough ago, and no row whose number came before it is on its way any more."""
        long_ago = time.monotonic() - LATE
        past = [row for row, (at, begun) in self.read.items() if at < long_ago and begun <= ended]
        self.low = max([self.low, *past])
        self.read = {row: at for row, at in self.read.items() if row > self.low}


class Moves:
    """What moved, look by look; the first tells nothing, it learns where the tables end."""

    def __init__(self) -> None:
        self._trails: dict[str, Trail] = {}

    async def look(self, session: AsyncSession) -> frozenset[Subject]:
        """The tasks and journeys that changed since the last look, as far as a policy needs to know them."""
        first = not self._trails
        if first:
            ends = (await session.execute(ENDS)).one()
            self._trails = {
                name: Trail((end or 0) - BEHIND) for name, end in zip(("tally", "outbox"), ends, strict=True)
            }
        marks = {name: trail.low for name, trail in self._trails.items()}
        rows = (await session.execute(SINCE, marks)).all()
        news = frozenset(_subject(*row[4:]) for row in rows if self._trails[row[0]].take(row[1], row[3]))
        for trail in self._trails.values() if rows else ():
            trail.go_on(rows[0][2])
        return frozenset() if first else news


def _subject(
    territory: str, lead: str, organisation: str | None, answerable: str | None, reporter: str | None
) -> Subject:
    part = frozenset[str]() if organisation or not reporter else frozenset({reporter})
    return Subject(lead_id=lead, territory=territory, organisation_id=organisation or "", answerable_id=answerable or "", took_part=part)  # fmt: skip


def of_organisations(ids: Iterable[str]) -> frozenset[Subject]:
    """The same of acts told by organisation alone: nothing is said of which task or journey."""
    return frozenset(Subject(lead_id=each, organisation_id=each) for each in ids)
