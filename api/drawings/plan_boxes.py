"""Where everything stands in the drawing of a plan: stages in columns, kinds as boxes, branches as lines with a port."""

import textwrap
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from activities.plan.branches import BRANCHES
from activities.plan.model import Kind, Plan
from api.drawings import plan_words as words

WIDTH, HEIGHT = 1188, 840  # A4 landscape, four units a millimetre
MARGIN, TOP, BOTTOM, GUTTER = 16, 58, 78, 36
COLUMNS = (("reception", "protection"), ("identification", "needs"), ("choice",), ("care", "follow_up"), ("community",))
LARGEST, LEAST = 12.0, 6.0  # of letters, in units
LETTER, LINE, PAD = 0.56, 1.26, 4.0  # a letter's width and a line's height, of its size; around a box's text

Own = Collection[str] | None  # roles whose kinds are named in their own words; None: all


@dataclass(frozen=True)
class Port:
    """One branch line of a box: its words, the kinds it opens, and the height at which its arrow begins."""

    lines: tuple[str, ...]
    to: tuple[str, ...]
    y: float


@dataclass(frozen=True)
class Box:
    """One kind. `name`: what it is called before this reader; `lines`: its words with how each is set (`name`, `holder`, `clock`)."""

    kind: Kind
    name: str
    number: int
    column: int
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[str, str], ...]
    ports: tuple[Port, ...]


@dataclass
class Sheet:
    """The whole drawing: letters' size, headings (code of the stage, words, place), boxes by kind."""

    size: float
    headings: list[tuple[str, str, float, float, float]] = field(default_factory=list)
    boxes: dict[str, Box] = field(default_factory=dict)


def laid_out(plan: Plan, language: str, own: Own = None) -> Sheet:
    """The sheet with the largest letters that fit; kinds of other roles than these have their neutral names."""
    size = LARGEST
    while True:
        sheet, lowest = _at_size(plan, language, size, own)
        if lowest <= HEIGHT - BOTTOM or size <= LEAST:
            return sheet
        size -= 0.25


def columns_of(plan: Plan) -> list[list[str]]:
    """Stages by column; one the drawing does not know stands under the last."""
    known = {code for column in COLUMNS for code in column}
    found = [[code for code in column if any(code == stage.code for stage in plan.stages)] for column in COLUMNS]
    found[-1] += [stage.code for stage in plan.stages if stage.code not in known]
    return found


def _at_size(plan: Plan, language: str, size: float, own: Own) -> tuple[Sheet, float]:
    columns, sheet, lowest = columns_of(plan), Sheet(size), 0.0
    width = (WIDTH - 2 * MARGIN - len(columns) * GUTTER) / len(columns)
    labels = {stage.code: stage.label.in_(language) for stage in plan.stages}
    for at, stages in enumerate(columns):
        x, y = MARGIN + at * (width + GUTTER), float(TOP)
        for stage in stages:
            sheet.headings.append((stage, labels[stage], x, y, width))
            y += size * LINE * 1.5
            for kind in (each for each in plan.kinds if each.stage == stage):
                box = _box(plan, kind, language, size, (at, x, y, width), own)
                sheet.boxes[kind.code] = box
                y += box.height + size * 0.45
            y += size * 0.6
        lowest = max(lowest, y)
    return sheet, lowest


def _box(plan: Plan, kind: Kind, language: str, size: float, place: tuple[int, float, float, float], own: Own) -> Box:
    at, x, y, width = place
    neutral = own is not None and kind.answerable.partition("@")[0] not in own and kind.label != kind.neutral
    name = (kind.neutral if neutral else kind.label).in_(language)
    number = words.numbers(plan)
    most = int((width - 2 * PAD) / (size * LETTER))
    lines = [("name", each) for each in _wrapped(f"{number[kind.code]}. {name}", int(most * 0.9))]
    lines += [("holder", each) for each in _wrapped(words.holder(kind, plan, language), most)]
    lines += [("clock", each) for each in _wrapped(words.clock(kind.clock, plan, language), most)]
    ports, step = list[Port](), size * LINE
    below = y + PAD + len(lines) * step
    for label, to in _opened(kind, language, neutral=neutral).items():
        text = f"{label} → {', '.join(str(number[each]) for each in to)}"
        told = tuple(_wrapped(text, most))
        ports.append(Port(told, to, below + (len(told) - 0.5) * step))
        below += len(told) * step
    return Box(kind, name, number[kind.code], at, x, y, width, below + PAD - y, tuple(lines), tuple(ports))


def _opened(kind: Kind, language: str, *, neutral: bool) -> dict[str, tuple[str, ...]]:
    """What each answer of a kind opens, by its words; of a kind named neutrally only that something follows."""
    found: dict[str, list[str]] = {}
    for branch in BRANCHES:
        if branch.source == kind.code:
            targets = found.setdefault(words.DONE.in_(language) if neutral else words.answer(branch, language), [])
            targets += [branch.to] if branch.to not in targets else []
    return {label: tuple(to) for label, to in found.items()}


def _wrapped(text: str, most: int) -> list[str]:
    return textwrap.wrap(text, most, break_long_words=False) or [""]


def ports(sheet: Sheet) -> Iterable[tuple[Box, Port]]:
    """Every port with its box, column by column from above."""
    for box in sorted(sheet.boxes.values(), key=lambda each: (each.column, each.y)):
        for port in box.ports:
            yield box, port
