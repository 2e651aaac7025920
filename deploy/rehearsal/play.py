"""What the people of one rehearsal share: the clock, the stories by journey, what has been said, and what was met."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from activities.plan.calendar import local_day
from activities.plan.clock import Clock
from deploy.chance import chance
from deploy.rehearsal.desk import Desk
from deploy.rehearsal.stories import Story

Heard = Callable[[str, Story, str], Coroutine[Any, Any, None]]


@dataclass
class Play:
    """One rehearsal under way. `faults`: what no script foresees; a single one fails the rehearsal.

    `left`: organisations whose part people play; `taken`: user names people play now. `reopening`, `reopened`: how
    often opening a closed journey again was begun and ended: the play is not over while they differ.
    """

    seed: int
    clock: Clock
    desks: dict[str, Desk]
    stories: dict[str, Story] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    races: Counter[tuple[str, str]] = field(default_factory=Counter)
    manners: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    hears: list[Heard] = field(default_factory=list)
    over: bool = False
    reopening: int = 0
    reopened: int = 0
    left: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()

    def random(self, *about: object) -> Random:
        """Chance that is the same for the same seed, whoever comes first."""
        return chance(self.seed, *about)

    def waits(self, code: str) -> bool:
        """Whether the tasks of this organisation wait for people. Its head only looks on."""
        return code in self.left or not self.taken.isdisjoint({f"{code}.officer", f"{code}.coordinator"})

    def now(self) -> datetime:
        """Case time."""
        return self.clock.now()

    def today(self) -> date:
        """The case day where the district is."""
        return local_day(self.now())

    async def until(self, moment: datetime, *, early: float = 0) -> None:
        """Wait for a case time, less so many real seconds."""
        await asyncio.sleep(max(self.clock.real_seconds_until(moment) - early, 0))

    async def say(self, journey: str, kind: str) -> None:
        """Tell everybody who listens that this kind was answered in this journey."""
        story = self.stories.get(journey)
        if story is not None:
            await asyncio.gather(*(hear(journey, story, kind) for hear in self.hears))

    async def guarded(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        """Do it; whatever goes wrong is a fault of the rehearsal, told by name and never lost."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - a fault is counted and fails the rehearsal at its end
            self.faults.append(f"{what}: {type(error).__name__} {error}")
