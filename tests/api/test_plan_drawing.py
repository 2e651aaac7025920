"""The plan on a sheet of paper: every kind, its clock, its source and where each answer leads, in both languages."""

from itertools import combinations
from xml.etree.ElementTree import fromstring

import pytest

from activities.plan.branches import BRANCHES
from activities.plan.load import load_plan, shipped
from api.drawings.plan_boxes import BOTTOM, HEIGHT, MARGIN, WIDTH, laid_out
from api.drawings.plan_svg import draw
from tests.api.conftest import SignIn

SVG = "{http://www.w3.org/2000/svg}"
BOTH = pytest.mark.parametrize("language", ["vi", "en"])
PLANS = pytest.mark.parametrize("code", ["plan-2024", "plan-2025"])


@BOTH
@PLANS
def test_nothing_is_cut_off_and_no_box_lies_on_another(code: str, language: str) -> None:
    """All kinds are on the sheet, in letters that can be read on A4 (two millimetres high at least)."""
    plan = load_plan(shipped(code))
    sheet = laid_out(plan, language)
    assert {kind.code for kind in plan.kinds} == set(sheet.boxes)
    assert sheet.size >= 8
    for box in sheet.boxes.values():
        assert MARGIN <= box.x < box.x + box.width <= WIDTH - MARGIN
        assert box.y + box.height <= HEIGHT - BOTTOM
    for one, other in combinations(sheet.boxes.values(), 2):
        apart = one.column != other.column or one.y >= other.y + other.height or other.y >= one.y + one.height
        assert apart, (one.kind.code, other.kind.code)


@BOTH
def test_the_sheet_says_everything_in_words(language: str) -> None:
    """Title and description for whoever hears it; labels, clocks, sources, the hash; an arrow or a number for each branch."""
    plan = load_plan(shipped("plan-2024"))
    root = fromstring(draw(plan, language))  # noqa: S314 - nothing foreign is read: the text was drawn by the call inside
    title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert described is not None
    assert (plan.title.in_(language), language) == (title.text, root.get("lang"))
    texts = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
    assert plan.hash in texts
    for kind in plan.kinds:
        assert kind.label.in_(language).split()[0] in texts
    said = {"vi": ("5 ngày làm việc · CHƯA RÕ CĂN CỨ", "Hết chỗ → 15", "Luật 66/2011/QH12"),
            "en": ("5 working days · SOURCE UNKNOWN", "No place → 15", "Law 66/2011/QH12")}[language]  # fmt: skip
    for words in said:
        assert words in texts, words
    arrows = [each for each in root.iter(f"{SVG}path") if each.get("marker-end")]
    assert len({(each.source, each.to, each.answer) for each in BRANCHES}) * 0.8 <= len(arrows)
    assert not [each for each in root.iter() if each.get("style")], "no style the page's policy would refuse"


async def test_it_is_drawn_in_the_callers_language(sign_in: SignIn) -> None:
    """By `Accept` or by `format`; data otherwise; any officer may have it."""
    officer = await sign_in("school-one.officer")
    for headers, query in (({"Accept": "image/svg+xml"}, {}), ({}, {"format": "svg"})):
        answer = await officer.get("/plans/plan-2024", headers=headers | {"Accept-Language": "en"}, params=query)
        assert (200, "image/svg+xml") == (answer.status_code, answer.headers["content-type"])
        assert "Receive the person" in answer.text
    data = (await officer.get("/plans/plan-2024", headers={"Accept": "application/json"})).json()
    back = next(each for each in data["branches"] if each["answer"] == "accept_at_centre=no_place")
    assert ("record_choice", "Hết chỗ") == (back["to"], back["label"]["vi"])
    assert [{"to": "follow_up", "stages": ["community"]}, {"to": "close_journey", "stages": []}] == data["joins"]
