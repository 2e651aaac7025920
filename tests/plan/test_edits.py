"""An unknown rule is set with its source: that entry alone changes, and the plan is read as before otherwise."""

import pytest

from activities.plan.checks import unknown_rules
from activities.plan.edits import Edit, EditError, with_edit
from activities.plan.load import load_plan, shipped

CITES = 'Thông tư 35/2013/TT-BLĐTBXH, "Điều 9": khoản 1'


@pytest.mark.parametrize("code", ["plan-2024", "plan-2025"])
def test_every_unknown_rule_can_be_set(code: str) -> None:
    """In the file as it is written by hand, and in the one laid over another; each edit leaves the others as they were."""
    text = shipped(code)
    rules = unknown_rules(load_plan(text))
    for path in (*rules[:3], *rules[-3:], *(each for each in rules if "clock" in each or "papers" in each))[:12]:
        edited = with_edit(text, Edit(path=path, cites=CITES))
        assert [each for each in rules if each != path] == list(unknown_rules(load_plan(edited)))
        assert text.count("\n") - 1 <= edited.count("\n") <= text.count("\n")


def test_a_clock_is_set_with_its_length_and_all_else_stays() -> None:
    """Comments, order and every other line are what they were."""
    before = shipped("plan-2024")
    after = with_edit(before, Edit(path="kinds.approve_support.clock", cites=CITES, budget="P7WD"))
    clock = load_plan(after).kind("approve_support").clock
    assert (CITES, "P7WD") == (clock.source.cites, str(clock.budget))
    differ = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert 1 == len(differ)


@pytest.mark.parametrize(
    ("path", "budget"),
    [
        ("kinds.fly.clock", ""), ("kinds.approve_support.label", ""), ("kinds.approve_support.label.vi", ""),
        ("roles.labour", "P5WD"), ("title", ""), ("stages", ""),
    ],
)  # fmt: skip
def test_what_has_no_source_or_no_clock_is_not_edited(path: str, budget: str) -> None:
    """The text stays as it is."""
    with pytest.raises(EditError):
        with_edit(shipped("plan-2024"), Edit(path=path, cites=CITES, budget=budget))
