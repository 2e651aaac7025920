"""Numbers and small charts as markup: a board has a thousand of them, and a macro for each took as long as finding them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from markupsafe import Markup

from api.pages.wording import Wording
from api.reads.tasks import AGES, OWN

CELL, NUMBER_CELL = Markup("<td>{}</td>"), Markup('<td class="number">{}</td>')
ROWS = Markup('<a href="/board/rows{}">{}</a>')
LATE_ROWS = Markup('<a href="/board/rows{}" class="late">{}</a>')
COLUMN = Markup('<rect class="ink{old}" x="{x}" y="{y}" width="10" height="{high}"/>')
CHART = Markup('<svg class="chart" viewBox="0 0 {wide} {high}" role="img" aria-label="{said}">{drawn}</svg>')
WIDE, HIGH, YOUNG = 12, 22, 2  # units of the drawing; so many columns are not of old tasks


@dataclass(frozen=True)
class Figures:
    """How one language shows them."""

    wording: Wording

    def number(self, found: Mapping[str, Any], *, late: bool = False) -> Markup:
        """A count that opens exactly its rows; a plain 0 where there are none."""
        return _number(found["query"], found["count"], late=late)

    def cells(self, own: Mapping[str, Any], numbers: Sequence[str]) -> Markup:
        """An agency's or a kind's part of a row: its numbers, how old its oldest open task is, its tasks by age."""
        bad = OWN if OWN in numbers else "overdue"
        counted = tuple((own[name]["query"], own[name]["count"], name == bad) for name in numbers)
        ages = tuple((self.age(one["days"]), one["count"]) for one in own["profile"])
        return _cells(counted, self.wording.span(own["open"]["age"]), ages)

    def age(self, days: int | None) -> str:
        """A group of open tasks by the days since they were opened; None: all older ones."""
        return self._ages[days]

    @cached_property
    def _ages(self) -> dict[int | None, str]:
        older: dict[int | None, str] = {None: self.wording.gettext("Older")}
        return older | {days: self.wording.gettext("Up to %(n)s days") % {"n": days} for days in AGES.values()}


@lru_cache(maxsize=1024)
def _cells(counted: tuple[tuple[str, int, bool], ...], oldest: str, ages: tuple[tuple[str, int], ...]) -> Markup:
    """Drawn once for these very words and numbers: from one look to the next most agencies' stay as they are."""
    numbers = [NUMBER_CELL.format(_number(query, count, late=late)) for query, count, late in counted]
    return Markup("").join([*numbers, NUMBER_CELL.format(oldest), CELL.format(_columns(ages))])


def _columns(ages: Sequence[tuple[str, int]]) -> Markup:
    """A column for each age, the text of all beside it."""
    said, counts = "; ".join(f"{age}: {count}" for age, count in ages), [count for _, count in ages]
    heights = [max(round(count * HIGH / max(1, *counts), 1), 1) for count in counts]
    drawn = [
        COLUMN.format(old=" old" if at >= YOUNG else "", x=at * WIDE + 1, y=f"{HIGH + 1 - high:g}", high=f"{high:g}")
        for at, high in enumerate(heights)
    ]
    return CHART.format(wide=len(counts) * WIDE, high=HIGH + 2, said=said, drawn=Markup("").join(drawn))


def _number(query: str, count: int, *, late: bool) -> Markup:
    if not count:
        return Markup("0")
    link = LATE_ROWS if late else ROWS
    return link.format(query.replace("?box=board&", "?", 1), count)
