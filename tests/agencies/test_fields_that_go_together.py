"""A form that hides a field, and the rule that refuses it, say the same: neither can drift from the other."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from activities.agencies.registry import REGISTRY
from activities.domain.outcomes import notes
from tests.build.outcomes import BRANCHES, VALID

REFUSES = "not-for-result", "nobody-travels"
BEYOND: dict[tuple[str, str], object] = {  # values no answer of the other tests gives
    ("record_choice", "labour_escorts"): True,
    ("protect_person", "ends_on"): "2024-05-15",
    ("protect_person", "address_known_to_police_only"): True,
}


def choices() -> Iterator[tuple[str, str, str, str]]:
    """Every field beside every value of the list that steers its kind: kind, field, steering field, value."""
    for kind, branches in BRANCHES.items():
        model = REGISTRY[kind].outcome
        steering = next(name for name, info in model.model_fields.items() if notes(info)["x-deciding"])
        for name in model.model_fields:
            yield from ((kind, name, steering, value) for value in branches if name != steering)


def sample(kind: str, field: str) -> object:
    """A value the field has in some answer of its kind; None where none is known."""
    given = [each[field] for each in (VALID[kind], *BRANCHES[kind].values()) if each.get(field)]
    return BEYOND.get((kind, field), given[0] if given else None)


def refusals(kind: str, given: dict[str, Any]) -> list[str]:
    """Codes of what an answer is refused for."""
    try:
        REGISTRY[kind].outcome.model_validate(given)
    except ValidationError as error:
        return [each["type"] for each in error.errors()]
    return []


def test_a_field_that_is_hidden_is_not_missed() -> None:
    """What a form does not show is not asked for afterwards."""
    missed = [
        (kind, field, value)
        for kind, field, steering, value in choices()
        if value not in notes(REGISTRY[kind].outcome.model_fields[field]).get("x-with", {}).get(steering, [value])
        and refusals(kind, {name: each for name, each in BRANCHES[kind][value].items() if name != field})
    ]
    assert [] == missed


def test_whatever_a_rule_refuses_beside_a_value_is_declared() -> None:
    """The other way round: a rule without its declaration would let an officer fill in what is then refused."""
    undeclared = [
        (kind, field, value)
        for kind, field, steering, value in choices()
        if (filled := sample(kind, field)) is not None
        and any(code in REFUSES for code in refusals(kind, BRANCHES[kind][value] | {field: filled}))
        and value in notes(REGISTRY[kind].outcome.model_fields[field]).get("x-with", {}).get(steering, [value])
    ]
    assert [] == undeclared


def test_what_is_declared_names_fields_and_values_there_are() -> None:
    """A slip of the pen would hide a field for good."""
    for kind, task in REGISTRY.items():
        for name, info in task.outcome.model_fields.items():
            for other, values in notes(info).get("x-with", {}).items():
                assert set(values) < set(BRANCHES[kind]), (kind, name)
                assert other in task.outcome.model_fields
