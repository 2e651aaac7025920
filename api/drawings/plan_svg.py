"""A plan as one SVG sheet for A4 landscape: readable on paper, by a screen reader, and by its hash for years."""

from collections import Counter
from xml.etree.ElementTree import Element, SubElement, tostring

from activities.domain.text import Text
from activities.plan.checks import unknown_rules
from activities.plan.model import Plan
from api.drawings import plan_words as words
from api.drawings.plan_boxes import GUTTER, HEIGHT, LINE, MARGIN, PAD, WIDTH, Box, Own, Port, Sheet, laid_out, ports

INK, GREY, PAPER, HEAD, ALERT = "#1a1a1a", "#555555", "#ffffff", "#e4e9ef", "#9b1c1c"
FONT = "'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
LEGEND = Text(
    vi="Viền liền: thời hạn có căn cứ; viền đứt: tự đặt; viền đậm: chưa rõ căn cứ. Số sau mũi tên: việc được mở tiếp.",
    en="Solid frame: the clock cites its source; dashed: local; heavy: source unknown. Numbers after an arrow: what opens next.",
)
UNKNOWN_RULES = Text(vi="Quy định chưa rõ căn cứ", en="Rules whose source is unknown")
DESCRIBED = Text(
    vi="{stages} phần, {kinds} việc theo thứ tự, mỗi việc với cơ quan chịu trách nhiệm, thời hạn, căn cứ và các nhánh.",
    en="{stages} stages, {kinds} kinds of task in order, each with who answers for it, its clock, the source, and its branches.",
)
HERE = Text(vi="đang ở đây", en="you are here")
WEIGHT = {"name": "bold", "holder": "normal", "clock": "normal"}


class Drawing(bytes):
    """A file of its own; put into a page it is its element alone, as markup: it is built of elements, never of text."""

    def __html__(self) -> str:
        """What a template puts in place of it."""
        return self.decode().partition("?>")[2]


def draw(plan: Plan, language: str, here: str = "", own: Own = None) -> Drawing:
    """The sheet as SVG, UTF-8. `here`: the stage to mark as where one is; `own`: roles named in their own words, None: all."""
    root = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", width="297mm", height="210mm", viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img", lang=language,
    )  # fmt: skip
    root.set("aria-labelledby", "plan-title plan-desc")
    SubElement(root, "title", id="plan-title").text = plan.title.in_(language)
    described = DESCRIBED.in_(language).format(stages=len(plan.stages), kinds=len(plan.kinds))
    SubElement(root, "desc", id="plan-desc").text = described
    _arrowhead(root)
    SubElement(root, "rect", width=str(WIDTH), height=str(HEIGHT), fill=PAPER)
    sheet = laid_out(plan, language, own)
    body = SubElement(root, "g", {"font-family": FONT, "font-size": _n(sheet.size), "fill": INK})
    _heading(body, plan, language)
    for stage, label, x, y, width in sheet.headings:
        ground, ink, said = (INK, PAPER, f"► {label} – {HERE.in_(language)}") if stage == here else (HEAD, INK, label)
        SubElement(body, "rect", x=_n(x), y=_n(y), width=_n(width), height=_n(sheet.size * LINE * 1.25), fill=ground)
        _text(body, said, x + PAD, y + sheet.size, weight="bold", fill=ink)
    _arrows(body, sheet)
    for box in sheet.boxes.values():
        _box(body, box, sheet.size)
    _foot(body, plan, language, sheet.size)
    return Drawing(tostring(root, encoding="utf-8", xml_declaration=True))


def _arrowhead(root: Element) -> None:
    shape = {
        "viewBox": "0 0 6 6",
        "refX": "5.5",
        "refY": "3",
        "markerWidth": "6",
        "markerHeight": "6",
        "orient": "auto",
    }
    marker = SubElement(SubElement(root, "defs"), "marker", shape, id="head")
    SubElement(marker, "path", d="M0,0 L6,3 L0,6 z", fill=GREY)


def _heading(body: Element, plan: Plan, language: str) -> None:
    _text(body, plan.title.in_(language), MARGIN, 26, weight="bold", size=16)
    until = f"{plan.until:%d/%m/%Y}" if plan.until else "…"
    _text(body, f"{plan.code} · {plan.since:%d/%m/%Y} – {until}", MARGIN, 44, fill=GREY, size=11)


def _box(body: Element, box: Box, size: float) -> None:
    given = box.kind.clock.source
    frame = {"stroke": GREY, "stroke-width": "1"}
    if given.unknown:
        frame = {"stroke": ALERT, "stroke-width": "2.2"}
    elif given.local:
        frame |= {"stroke-dasharray": "3 2"}
    group = SubElement(body, "g")
    SubElement(group, "title").text = f"{box.number}. {box.name}"
    SubElement(
        group, "rect", frame, x=_n(box.x), y=_n(box.y), width=_n(box.width), height=_n(box.height), rx="2", fill=PAPER
    )
    y = box.y + PAD - size * 0.3
    for style, line in box.lines:
        y += size * LINE
        alarmed = style == "clock" and given.unknown
        fill = ALERT if alarmed else GREY if style == "holder" else INK
        _text(group, line, box.x + PAD, y, weight=WEIGHT[style], fill=fill)
    for line in (each for port in box.ports for each in port.lines):
        y += size * LINE
        _text(group, line, box.x + PAD, y, style="italic")


def _arrows(body: Element, sheet: Sheet) -> None:
    """From each port through a lane of its own in the gutter to the boxes near by; farther ones are named by number."""
    lanes = Counter(box.column for box, _ in ports(sheet))
    taken = Counter[int]()
    for box, port in ports(sheet):
        taken[box.column] += 1
        lane = box.x + box.width + GUTTER * taken[box.column] / (lanes[box.column] + 1)
        for target in (sheet.boxes[code] for code in port.to):
            path = _way(box, port, target, lane, sheet.size)
            SubElement(
                body, "path", {"stroke-width": "0.9", "marker-end": "url(#head)"}, d=path, fill="none", stroke=GREY
            )


def _way(box: Box, port: Port, target: Box, lane: float, size: float) -> str:
    right, entry = box.x + box.width, target.y + size * 0.9
    if target.column not in (box.column, box.column + 1):
        return f"M{_n(right)},{_n(port.y)} h9"
    edge = target.x + target.width if target.column == box.column else target.x
    return f"M{_n(right)},{_n(port.y)} H{_n(lane)} V{_n(entry)} H{_n(edge)}"


def _foot(body: Element, plan: Plan, language: str, size: float) -> None:
    """What hangs on no single answer, the legend, what nobody knows; in the corner the hash."""
    y = HEIGHT - 62.0
    _text(body, "; ".join(words.footnotes(plan, language)) + ".", MARGIN, y, size=min(size, 10.5))
    _text(body, LEGEND.in_(language), MARGIN, y + 16, size=min(size, 10.5), fill=GREY)
    unknown = len(unknown_rules(plan))
    _text(
        body,
        f"{UNKNOWN_RULES.in_(language)}: {unknown}",
        MARGIN,
        y + 32,
        size=min(size, 10.5),
        fill=ALERT if unknown else GREY,
    )
    corner = _text(body, f"{plan.code} · sha256 {plan.hash}", WIDTH - MARGIN, HEIGHT - 12, size=8.5, fill=GREY)
    corner.set("text-anchor", "end")


def _text(
    parent: Element, words_: str, x: float, y: float, *, size: float = 0, weight: str = "normal", fill: str = INK,
    style: str = "normal",
) -> Element:  # fmt: skip
    shown = SubElement(parent, "text", x=_n(x), y=_n(y), fill=fill)
    for name, value, plain in (("font-weight", weight, "normal"), ("font-style", style, "normal")):
        if value != plain:
            shown.set(name, value)
    if size:
        shown.set("font-size", _n(size))
    shown.text = words_
    return shown


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
