"""What a run tells beside passed and failed: the steps of each story from the sign-in page, and what was read for accessibility."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

_stories = list[Counter[str]]()
_read = Counter[str]()
STORY, READ = "story", "read"


def story(tally: Counter[str]) -> None:
    """Somebody acts at a page from now on; their tally grows as they do."""
    _stories.append(tally)


def read(looks: int, found: int) -> None:
    """So many looks at a page, and what was found wrong with it."""
    _read.update(looks=looks, found=found)


def taken() -> list[tuple[str, object]]:
    """What one test has to tell, as properties of its report; the next begins anew."""
    told: list[tuple[str, object]] = [(STORY, dict(each)) for each in _stories]
    told += [(READ, dict(_read))] if _read else []
    _stories.clear()
    _read.clear()
    return told


def lines(reports: Iterable[Any]) -> list[str]:
    """The account of a run out of its reports, stories in the order of their names."""
    whole, stories = Counter[str](), list[str]()
    for report in reports:
        for name, value in report.user_properties:
            if name == READ:
                whole.update(value)
            elif name == STORY:
                steps = ", ".join(f"{value.get(each, 0)} {each}" for each in ("pages", "clicks", "fields"))
                stories.append(f"{report.nodeid.rpartition('/')[2]}: {steps}")
    axe = [f"axe: {whole['looks']} looks at pages, {whole['found']} violations"] if whole else []
    return [*sorted(stories), *axe]
