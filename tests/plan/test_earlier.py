"""What an agency is shown of earlier answers is plain, earlier in the plan, and its own to work with."""

from itertools import product

import pytest

from activities.agencies.registry import REGISTRY
from activities.plan.access import BLIND
from activities.plan.earlier import EARLIER
from activities.plan.load import load_plan, shipped


@pytest.mark.parametrize("name", ["plan-2024", "plan-2025"])
def test_only_plain_fields_of_earlier_tasks_are_shown(name: str) -> None:
    """Nothing sealed leaves with them, and no task is shown what the plan opens after it."""
    order = [kind.code for kind in load_plan(shipped(name)).kinds]
    shown = [
        (kind, before, field) for kind, each in EARLIER.items() for before, fields in each.items() for field in fields
    ]
    assert shown
    for kind, before, field in shown:
        outcome = REGISTRY[before].outcome
        assert field in set(outcome.model_fields) - set(outcome.sensitive_fields()), (kind, before, field)
        assert order.index(before) < order.index(kind), (kind, before)


def test_who_need_not_know_of_the_case_is_shown_nothing_of_it() -> None:
    """Bank, union, Front and Finance work without a word of what others found."""
    outside = ("arrange_loan", "support_socially", "open_programmes", *BLIND)
    assert [] == [kind for kind in outside if kind in EARLIER]
    assert [] == [pair for pair in product(("purpose", "evidence", "grounds"), EARLIER) if pair[0] in EARLIER[pair[1]]]
