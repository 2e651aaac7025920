"""Every agency can answer every task of the plan, in its own language, and nothing is answered twice over."""

from enum import EnumMeta
from typing import get_args

import pytest
from temporalio import activity
from temporalio.testing import ActivityEnvironment

from activities.agencies.misfits import MISFITS
from activities.agencies.registry import REGISTRY, TASKS
from activities.agencies.waiting import AgencyTask
from activities.domain.messages import Ask
from activities.domain.outcomes import CodeList, notes
from tests.build.outcomes import BRANCHES, VALID

PLAN_KINDS = """
receive_person meet_essential_needs plan_child_protection check_information check_records request_identification
identify_victim issue_certificate explain_result assess_danger request_protection protect_person confirm_residence
assess_needs record_choice refer_to_centre accept_at_centre escort_to_centre confirm_arrival leave_centre
pay_journey_home escort_home examine_health counsel_person inform_of_rights refer_to_legal_aid
protect_rights_in_proceedings confirm_application appraise_support approve_support enrol_in_school pay_schooling
arrange_training find_job pay_hardship_allowance arrange_loan support_socially open_programmes confirm_funds follow_up
close_journey
"""
KINDS = PLAN_KINDS.split()

each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.kind)


def code_lists(annotation: object) -> set[type[CodeList]]:
    """The code lists an annotation is made of."""
    if isinstance(annotation, EnumMeta) and issubclass(annotation, CodeList):
        return {annotation}
    return {each for part in get_args(annotation) for each in code_lists(part)}


def test_every_kind_of_the_plan_has_exactly_one_agency_task() -> None:
    """No agency is asked for something nobody can answer, and no two files claim one task."""
    assert sorted(KINDS) == sorted(REGISTRY)
    assert len(TASKS) == len(REGISTRY)
    assert len({task.outcome for task in TASKS}) == len(TASKS)


@each_task
def test_the_activity_is_named_after_its_kind_and_says_its_source(task: AgencyTask) -> None:
    """A worker finds the activity by the kind; a reader finds on what ground the agency is asked."""
    definition = activity._Definition.must_from_callable(task.activity)
    assert task.kind == definition.name
    assert "Source:" in (task.activity.__doc__ or "")
    assert task.outcome.__doc__


@each_task
def test_every_field_and_code_reads_in_both_languages(task: AgencyTask) -> None:
    """An officer never meets a bare code on the form."""
    for name, info in task.outcome.model_fields.items():
        label = notes(info).get("x-label", {})
        assert label.get("vi"), name
        assert label.get("en"), name
        for code in (code for codes in code_lists(info.annotation) for code in codes):
            assert code.vi, code
            assert code.en, code
            assert code.vi != code.value


@each_task
def test_the_form_can_be_drawn_from_the_model(task: AgencyTask) -> None:
    """The JSON Schema that clients get carries the labels of every field."""
    drawn = task.outcome.model_json_schema()["properties"]
    assert all("x-label" in field for field in drawn.values())


@each_task
def test_no_other_agency_reads_the_word_victim(task: AgencyTask) -> None:
    """Only the police's own identification names the status; no other form does."""
    if task.kind == "identify_victim":
        return
    shown = [notes(info) for info in task.outcome.model_fields.values()]
    codes = [c for info in task.outcome.model_fields.values() for found in code_lists(info.annotation) for c in found]
    words = (str(shown) + " ".join(f"{code.vi} {code.en}" for code in codes)).lower()
    assert "nạn nhân" not in words
    assert "victim" not in words


async def test_an_activity_waits_for_its_agency() -> None:
    """The task stays open until the agency answers; the activity itself returns nothing."""
    ask = Ask(journey="journey-1", task="task-1", kind="examine_health")
    with pytest.raises(activity._CompleteAsyncError):
        await ActivityEnvironment().run(REGISTRY["examine_health"].activity, ask)


def test_every_kind_has_a_valid_answer_to_test_with() -> None:
    """The answers other tests send cover every kind and every branch they name."""
    assert sorted(VALID) == sorted(KINDS)
    assert set(BRANCHES) <= set(KINDS)


def test_misfits_read_in_both_languages() -> None:
    """Whoever sends an answer that does not fit together learns why in their language."""
    assert all(text.vi and text.en for text in MISFITS.values())
