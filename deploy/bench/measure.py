"""What a measurement is made of: repeated figures, a floor from the same run, a budget, and the machine's own noise."""

import os
import platform
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import psutil

SPIN = 200_000  # steps of the loop whose time shows how noisy the machine is
Sense = Literal["at least", "at most"]


@dataclass(frozen=True)
class Spread:
    """One figure measured several times."""

    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.values)

    def shown(self) -> dict[str, float]:
        """Least, median, most."""
        return {"min": min(self.values), "median": self.middle, "max": max(self.values)}


@dataclass
class Budget:
    """One budget of the design: what was measured, over which floor, and whether it holds.

    `compared`: the figure the budget speaks of: the ratio to the floor where there is one, else the value.
    """

    name: str
    unit: str
    value: Spread
    budget: float
    sense: Sense
    floor: Spread | None = None
    also: dict[str, Any] = field(default_factory=dict)
    holds_also: bool = True  # what else the budget asks for, such as no sequential scan

    @property
    def ratio(self) -> float | None:
        """Value over floor, both medians."""
        return None if self.floor is None else self.value.middle / self.floor.middle

    @property
    def compared(self) -> float:
        """What is held against the budget."""
        return self.value.middle if self.ratio is None else self.ratio

    @property
    def holds(self) -> bool:
        """Within the budget."""
        kept = self.compared >= self.budget if self.sense == "at least" else self.compared <= self.budget
        return kept and self.holds_also

    def shown(self) -> dict[str, Any]:
        """As `--json` gives it."""
        return {
            "name": self.name, "unit": self.unit, "value": self.value.middle, "spread": self.value.shown(),
            "floor": self.floor.middle if self.floor else None,
            "floor_spread": self.floor.shown() if self.floor else None, "ratio": self.ratio, "budget": self.budget,
            "sense": self.sense, "holds": self.holds, "also": self.also,
        }  # fmt: skip


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def spin() -> float:
    """Real milliseconds of a loop that does nothing else: the same on a quiet machine, more on a busy one."""
    begun, total = time.perf_counter(), 0
    for step in range(SPIN):
        total += step
    assert total
    return (time.perf_counter() - begun) * 1000


def noise(tries: int = 20) -> dict[str, float]:
    """How much the loop's time varies now."""
    return Spread(tuple(spin() for _ in range(tries))).shown()


def machine() -> dict[str, Any]:
    """What this was measured on; nothing that names it."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


class Processor:
    """Processor seconds of processes by name, their children included, and of the bench itself."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = dict(pids)
        self._begun = self._seconds()

    def used(self) -> dict[str, float]:
        """Processor seconds since the beginning."""
        return {name: round(now - self._begun.get(name, 0.0), 2) for name, now in self._seconds().items()}

    def _seconds(self) -> dict[str, float]:
        those = {name: sum(_cpu(each) for each in family(pid)) for name, pid in self._pids.items()}
        return those | {"bench": time.process_time()}


class Costs:
    """Processor milliseconds of one task in each process, the bench's own among them: steadier than seconds on a busy machine."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids, self._used, self._tasks = pids, Counter[str](), 0

    @contextmanager
    def counted(self, tasks: int) -> Iterator[None]:
        """What is used in here is used for so many tasks."""
        processor = Processor(self._pids)
        yield
        self._used.update(processor.used())
        self._tasks += tasks

    def each(self) -> dict[str, float]:
        """Milliseconds a task by process, and of all together."""
        found = {name: round(used * 1000 / self._tasks, 2) for name, used in self._used.items()}
        return found | {"all": round(sum(found.values()), 2)}


def family(pid: int) -> list[psutil.Process]:
    """A process and its children, those that live."""
    try:
        own = psutil.Process(pid)
        return [own, *own.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    return float(sum(each.memory_info().rss for each in family(pid)) / 2**20)
