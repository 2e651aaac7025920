"""Numbers and small charts as markup: a board has a thousand of them, and a macro for each took as long as finding them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from api.pages.wording import Wording
from api.reads.tasks import AGES, OWN

WIDE, HIGH, YOUNG = 12, 22, 2  # units of the drawing; so many columns are not of old tasks


@dataclass(frozen=True)
class Figures:
    """How one language shows them."""

    wording: Wording

    def number(self, found: Mapping[str, Any], *, late: bool = False) -> Markup:
        """A count that opens exactly its rows; a plain 0 where there are none."""
        return _markup(_number(found, late=late))

    def cells(self, own: Mapping[str, Any], numbers: Sequence[str]) -> Markup:
        """An agency's or a kind's part of a row: its numbers, how old its oldest open task is, its tasks by age."""
        bad = OWN if OWN in numbers else "overdue"
        counted = "".join(f'<td class="number">{_number(own[name], late=name == bad)}</td>' for name in numbers)
        oldest = escape(self.wording.span(own["open"]["age"]))
        return _markup(f'{counted}<td class="number">{oldest}</td><td>{self._columns(own["profile"])}</td>')

    def age(self, days: int | None) -> str:
        """A group of open tasks by the days since they were opened; None: all older ones."""
        return self._ages[days]

    def _columns(self, profile: Sequence[Mapping[str, Any]]) -> str:
        """A column for each age, the text of all beside it."""
        said = escape("; ".join(f"{self.age(one['days'])}: {one['count']}" for one in profile))
        most = max(1, *(one["count"] for one in profile))
        heights = [max(round(one["count"] * HIGH / most, 1), 1) for one in profile]
        drawn = "".join(
            f'<rect class="ink{" old" if at >= YOUNG else ""}" x="{at * WIDE + 1}" y="{HIGH + 1 - high:g}" width="10" height="{high:g}"/>'
            for at, high in enumerate(heights)
        )
        size = f"0 0 {len(profile) * WIDE} {HIGH + 2}"
        return f'<svg class="chart" viewBox="{size}" role="img" aria-label="{said}">{drawn}</svg>'

    @cached_property
    def _ages(self) -> dict[int | None, str]:
        older: dict[int | None, str] = {None: self.wording.gettext("Older")}
        return older | {days: self.wording.gettext("Up to %(n)s days") % {"n": days} for days in AGES.values()}


def _markup(drawn: str) -> Markup:
    return Markup(drawn)  # noqa: S704 - numbers, and text that went through escape(); Markup's own way, part by part, took five times as long for a board


def _number(found: Mapping[str, Any], *, late: bool) -> str:
    if not found["count"]:
        return "0"
    rows = escape(found["query"].replace("?box=board&", "?", 1))
    mark = ' class="late"' if late else ""
    return f'<a href="/board/rows{rows}"{mark}>{found["count"]:d}</a>'
