"""Every outcome's form is filled in as an officer does, and what it sends is the answer that was meant."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.datastructures import FormData

from activities.agencies.registry import REGISTRY
from api.pages.forms.drawn import Control, draw
from api.pages.forms.reading import read
from api.pages.show import environment
from api.pages.tasks.drawing import HELD, PAPER
from api.words import LANGUAGES
from tests.build.outcomes import BRANCHES, VALID
from tests.build.pages import Page


def answers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every answer the other tests send: of each kind the shortest, and one for each way of its story."""
    for kind, shortest in VALID.items():
        yield kind, shortest
        yield from ((kind, each) for each in BRANCHES.get(kind, {}).values())


def typed(control: Control, value: Any) -> list[tuple[str, str]]:
    """What an officer enters for a value."""
    if value is None or value is False:
        return []
    if control.kind == "many":
        return [(control.name, str(each)) for each in value]
    if control.kind == "yes":
        return [(control.name, "yes")]
    if control.kind == "date":
        return [(control.name, "/".join(reversed(str(value).split("-"))))]
    if control.kind == "money":
        return [(control.name, f"{value:,}".replace(",", "."))]
    return [(control.name, str(value))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_is_read_as_the_answer_that_was_meant(language: str) -> None:
    """Dates by day, money with its points, ticks and lists: in either language the same answer is recorded."""
    for kind, given in answers():
        model = REGISTRY[kind].outcome
        controls = draw(model, language)
        form = FormData([each for control in controls for each in typed(control, given.get(control.name))])
        assert model.model_validate(given) == model.model_validate(read(controls, form)), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_drawn_from_an_answer_sends_that_answer_again(language: str) -> None:
    """Who opens a draft or corrects one field does not change the others without knowing."""
    fields: Any = environment(language).get_template("parts/fields.html").make_module({})
    for kind, given in answers():
        model = REGISTRY[kind].outcome
        controls, meant = draw(model, language), model.model_validate(given)
        kept = meant.model_dump(mode="json")
        drawn = "".join(str(fields.control(each, kept[each.name])) for each in controls if not each.derived)
        pairs = Page(f'<form action="/here">{drawn}</form>').forms["/here"]
        sent = FormData([(name, value) for name, value in pairs])
        assert meant == model.model_validate(read(controls, sent)), kind


def test_a_field_that_goes_with_an_answer_says_so_to_the_script_and_in_words() -> None:
    """Without JavaScript the form tells when a field is wanted; with it the field is not there otherwise."""
    fields: Any = environment("vi").get_template("parts/fields.html").make_module({})
    fare = next(each for each in draw(REGISTRY["pay_journey_home"].outcome, "vi") if each.name == "fare")
    drawn = str(fields.control(fare, None))
    assert 'data-with="result=paid"' in drawn
    assert "Chỉ điền khi Kết quả: Đã trợ cấp" in Page(drawn).text


def test_no_field_of_an_outcome_bears_a_name_of_the_form_around_it() -> None:
    """What an officer answers is never taken for the day it happened, the paper it came by, or why it is corrected."""
    around = {*HELD, *PAPER, "happened_day", "happened_hour", "correction_reason", "by_paper"}
    assert [] == [kind for kind, task in REGISTRY.items() if around & set(task.outcome.model_fields)]
