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
_ended = cast(
    cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger
)  # all transactions below it are over
BEGUN = select(cast(cast(func.pg_current_xact_id(), Text), BigInteger))  # all that have begun by now are below it
SINCE: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(
        literal("tally").label("of"), Tally.id, _ended.label("ended"), Tally.territory, Tally.lead_id, Tally.organisation_id, Tally.answerable_id, null().label("reporter"),
    ).where(Tally.id > _tally, Tally.n.in_((1, -1))),  # a greater number is a sum folded, which is no change
    select(literal("outbox"), Command.id, _ended, Journey.territory, Journey.lead_id, Task.organisation_id, Task.answerable_id, Journey.reporter_id)
    .join(Journey, Journey.id == Command.journey_id)
    .outerjoin(Task, Task.id == Command.task_id)
    .where(Command.id > _outbox),
)  # fmt: skip


@dataclass
class Trail:
    """How far a table that only grows was read. `low`: all up to this row; `read`: rows after it, when, and what had begun by then."""

    low: int
    read: dict[int, tuple[float, int]] = field(default_factory=dict)

    def take(self, rows: Iterable[int], begun: int) -> None:
        """Note that these were read."""
        self.read |= dict.fromkeys(rows, (time.monotonic(), begun))

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
        trails = self._trails or await _near_the_ends(session)
        rows = (await session.execute(SINCE, {name: trail.low for name, trail in trails.items()})).all()
        news = [row for row in rows if row[1] not in trails[row[0]].read]
        begun = await session.scalar(BEGUN) or 0 if news else 0
        for name, trail in trails.items():
            trail.take((row[1] for row in news if row[0] == name), begun)
            trail.go_on(rows[0][2] if rows else 0)
        first, self._trails = not self._trails, trails
        return frozenset() if first else frozenset(_subject(*row[3:]) for row in news)


async def _near_the_ends(session: AsyncSession) -> dict[str, Trail]:
    ends = (await session.execute(ENDS)).one()
    return {name: Trail((end or 0) - BEHIND) for name, end in zip(("tally", "outbox"), ends, strict=True)}


def _subject(
    territory: str, lead: str, organisation: str | None, answerable: str | None, reporter: str | None
) -> Subject:
    part = frozenset[str]() if organisation or not reporter else frozenset({reporter})
    return Subject(lead_id=lead, territory=territory, organisation_id=organisation or "", answerable_id=answerable or "", took_part=part)  # fmt: skip


def of_organisations(ids: Iterable[str]) -> frozenset[Subject]:
    """The same of acts told by organisation alone: nothing is said of which task or journey."""
    return frozenset(Subject(lead_id=each, organisation_id=each) for each in ids)
