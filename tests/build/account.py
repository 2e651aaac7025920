"""What a run tells beside passed and failed: the steps of each story from the sign-in page, and what was read for accessibility."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

_stories = list[tuple[str, Counter[str]]]()
_read = Counter[str]()
STORY, READ, STEPS = "story", "read", ("pages", "clicks", "fields")


def story(room: str, tally: Counter[str]) -> None:
    """Somebody acts at a page from now on, and began in this room; their tally grows as they do."""
    _stories.append((room, tally))


def read(looks: int, found: int) -> None:
    """So many looks at a page, and what was found wrong with it."""
    _read.update(looks=looks, found=found)


def taken() -> list[tuple[str, object]]:
    """What one test has to tell, as properties of its report; the next begins anew."""
    told: list[tuple[str, object]] = [(STORY, [room, dict(tally)]) for room, tally in _stories]
    told += [(READ, dict(_read))] if _read else []
    _stories.clear()
    _read.clear()
    return told


def lines(reports: Iterable[Any]) -> list[str]:
    """The account of a run out of its reports: by the names of the tests, whoever acts first in one first."""
    whole, stories = Counter[str](), list[str]()
    for report in sorted(reports, key=lambda each: str(each.nodeid)):
        told = [value for name, value in report.user_properties if name == STORY]
        for number, (room, tally) in enumerate(told, 1):
            who = f"{report.nodeid.rpartition('/')[2]}, {room!r}" + (
                f" ({number} of {len(told)})" if len(told) > 1 else ""
            )
            stories.append(f"{who}: " + ", ".join(f"{tally.get(each, 0)} {each}" for each in STEPS))
        for name, value in report.user_properties:
            if name == READ:
                whole.update(value)
    axe = [f"axe: {whole['looks']} looks at pages, {whole['found']} violations"] if whole else []
    return [*stories, *axe]
