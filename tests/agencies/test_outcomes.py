"""What each answer tells the story, what it must never tell, and which answers are sent back."""

from typing import Any

import pytest
from pydantic import ValidationError

from activities.agencies.misfits import MISFITS
from activities.agencies.registry import REGISTRY
from activities.domain.messages import Ended
from activities.domain.outcomes import CodeList, Outcome, notes
from tests.build.outcomes import BRANCHES, PAPER, PAYMENT, VALID

BRANCHED = [(kind, code) for kind, answers in BRANCHES.items() for code in answers]
STEERLESS = sorted(set(VALID) - set(BRANCHES))


def answer(kind: str, given: dict[str, object]) -> Outcome:
    """The typed outcome of an answer to `kind`."""
    return REGISTRY[kind].outcome.model_validate(given)


def refused(kind: str, given: dict[str, object]) -> tuple[str, str]:
    """The code and the field of the first error an answer is sent back with."""
    with pytest.raises(ValidationError) as caught:
        answer(kind, given)
    error = caught.value.errors()[0]
    where: Any = error["loc"][0] if error["loc"] else error["ctx"]["field"]
    return error["type"], str(where)


@pytest.mark.parametrize("kind", sorted(VALID))
def test_the_shortest_answer_is_accepted_and_reads_back_the_same(kind: str) -> None:
    """What an agency sent is what the row keeps, through JSON and back."""
    outcome = answer(kind, VALID[kind])
    assert outcome == type(outcome).model_validate_json(outcome.model_dump_json())


@pytest.mark.parametrize(("kind", "code"), BRANCHED)
def test_each_branch_of_the_story_has_its_code(kind: str, code: str) -> None:
    """The story goes where the agency's answer says."""
    assert code == answer(kind, BRANCHES[kind][code]).ended().code


@pytest.mark.parametrize("kind", STEERLESS)
def test_an_answer_that_decides_nothing_is_simply_done(kind: str) -> None:
    """The story goes on."""
    assert answer(kind, VALID[kind]).ended().code == "done"


@pytest.mark.parametrize("kind", sorted(BRANCHES))
def test_no_deciding_code_is_left_without_a_branch(kind: str) -> None:
    """Every code an officer can choose is one the tests know."""
    deciding = [
        info.annotation
        for info in REGISTRY[kind].outcome.model_fields.values()
        if notes(info)["x-deciding"] and isinstance(info.annotation, type) and issubclass(info.annotation, CodeList)
    ]
    assert [{code.value for code in deciding[0]}] == [set(BRANCHES[kind])]
    assert len(deciding) == 1


@pytest.mark.parametrize(
    ("kind", "more", "flags"),
    [
        ("receive_person", {"child": True, "foreigner": True, "danger": True}, ("child", "danger", "foreigner")),
        ("assess_needs", {"needs": []}, ()),
        ("assess_needs", {"needs": ["loan", "job"], "later": ["schooling"]}, ("job", "loan")),
        ("record_choice", {"labour_escorts": True, "cannot_pay": True}, ("cannot_pay", "labour_escorts")),
        ("pay_journey_home", {"cost_line": ""}, ("needs_funds",)),
        ("pay_journey_home", {}, ()),
        ("examine_health", {"next_visit": "2024-04-02"}, ("again",)),
        ("counsel_person", {"next_visit": "2024-04-02", "again": True}, ("again",)),
        ("inform_of_rights", {"wants_legal_aid": True, "proceedings": True}, ("proceedings", "wants_legal_aid")),
        ("approve_support", {"services": ["vocational", "hardship"]}, ("hardship", "vocational")),
        ("pay_schooling", {"cost_line": ""}, ("needs_funds",)),
        ("pay_hardship_allowance", {"cost_line": " "}, ("needs_funds",)),
        ("pay_hardship_allowance", {}, ()),
        ("protect_person", {"address_known_to_police_only": True}, ()),
        ("follow_up", {"result": "needs", "needs": ["job"]}, ()),
    ],
)
def test_the_story_gets_the_flags_it_branches_on(kind: str, more: dict[str, object], flags: tuple[str, ...]) -> None:
    """What opens next is exactly what the answer named."""
    assert flags == answer(kind, VALID[kind] | more).ended().flags


SENSITIVE = {
    "plan_child_protection": {"relatives": "danger"},
    "check_information": {"proof": "evidence"},
    "identify_victim": {"grounds": "evidence", "purpose": "purpose"},
    "assess_danger": {"for_whom": "danger"},
    "protect_person": {"measures": "danger"},
}


@pytest.mark.parametrize("kind", sorted(REGISTRY))
def test_what_hurts_when_known_is_kept_encrypted(kind: str) -> None:
    """Purpose, danger and evidence are sensitive, nothing else is, and none of it steers the story."""
    model = REGISTRY[kind].outcome
    assert SENSITIVE.get(kind, {}) == model.sensitive_fields()
    assert not any(notes(model.model_fields[name])["x-deciding"] for name in model.sensitive_fields())


def test_evidence_and_purpose_never_reach_the_story() -> None:
    """The story learns that the person was identified, not from what or for what."""
    given = VALID["identify_victim"] | {"grounds": ["witness", "mission"], "purpose": ["organs", "begging"]}
    assert answer("identify_victim", given).ended() == Ended(code="identified")


def test_who_is_in_danger_and_what_protects_them_never_reach_the_story() -> None:
    """A history shows that there was danger, not for whom nor which shelter."""
    assert answer("assess_danger", BRANCHES["assess_danger"]["danger"]).ended() == Ended(code="danger")
    given = VALID["protect_person"] | {"measures": ["shelter", "secrecy"]}
    assert answer("protect_person", given).ended() == Ended(code="applied")


@pytest.mark.parametrize(
    ("kind", "given", "code", "field"),
    [
        ("check_information", {"result": "proven"}, "needed-for-result", "proof"),
        ("check_information", {"result": "identify", "proof": "police"}, "not-for-result", "proof"),
        (
            "request_identification",
            VALID["request_identification"] | {"received_on": "2024-03-10"},
            "dates-out-of-order",
            "received_on",
        ),
        ("identify_victim", PAPER | {"result": "identified", "purpose": ["labour"]}, "needed-for-result", "grounds"),
        ("identify_victim", PAPER | {"result": "not_identified", "purpose": ["labour"]}, "not-for-result", "purpose"),
        ("assess_danger", {"result": "danger"}, "needed-for-result", "for_whom"),
        ("assess_danger", {"result": "no_danger", "for_whom": ["child"]}, "not-for-result", "for_whom"),
        ("assess_danger", {"result": "danger", "for_whom": ["child", "child"]}, "given-twice", "for_whom"),
        ("protect_person", {"result": "applied", "measures": ["shelter"]}, "needed-for-result", "review_on"),
        ("protect_person", VALID["protect_person"] | {"ends_on": "2024-04-01"}, "dates-out-of-order", "ends_on"),
        ("protect_person", {"result": "refused"}, "commitment-missing", "written_commitment"),
        ("assess_needs", VALID["assess_needs"] | {"later": ["social"]}, "needed-now-and-later", "later"),
        ("assess_needs", VALID["assess_needs"] | {"needs": ["housing"]}, "enum", "needs"),
        ("record_choice", {"choice": "stay", "labour_escorts": True}, "nobody-travels", "labour_escorts"),
        ("accept_at_centre", {"result": "place"}, "needed-for-result", "from_day"),
        ("accept_at_centre", {"result": "no_place", "from_day": "2024-03-18"}, "not-for-result", "from_day"),
        ("confirm_arrival", {"result": "arrived"}, "needed-for-result", "minutes_number"),
        (
            "confirm_arrival",
            VALID["confirm_arrival"] | {"receiver_signed": False},
            "signatures-missing",
            "receiver_signed",
        ),
        (
            "pay_journey_home",
            VALID["pay_journey_home"] | {"meals_per_day": 69_999},
            "meals-below-least",
            "meals_per_day",
        ),
        ("pay_journey_home", VALID["pay_journey_home"] | {"fare": -1}, "greater_than_equal", "fare"),
        ("pay_journey_home", {"result": "paid"}, "needed-for-result", "decision_number"),
        ("pay_journey_home", {"result": "not_needed", "fare": 1}, "not-for-result", "fare"),
        (
            "pay_journey_home",
            VALID["pay_journey_home"] | {"needs_funds": True},
            "funds-and-line-disagree",
            "cost_line",
        ),
        ("pay_schooling", PAYMENT | {"needs_funds": True}, "funds-and-line-disagree", "cost_line"),
        ("pay_schooling", PAYMENT | {"amount": -1}, "greater_than_equal", "amount"),
        ("examine_health", {"took_place": True, "again": True}, "visit-and-date-disagree", "next_visit"),
        ("examine_health", {"took_place": True, "findings": "…"}, "extra_forbidden", "findings"),
        (
            "confirm_application",
            VALID["confirm_application"] | {"applied_on": "2024-05-01"},
            "dates-out-of-order",
            "confirmed_on",
        ),
        ("confirm_application", VALID["confirm_application"] | {"services": []}, "needed-for-result", "services"),
        ("appraise_support", PAPER | {"result": "unfavourable"}, "needed-for-result", "obstacle"),
        ("approve_support", PAPER | {"result": "approved"}, "needed-for-result", "services"),
        (
            "approve_support",
            PAPER | {"result": "refused", "obstacle": "other", "services": ["hardship"]},
            "not-for-result",
            "services",
        ),
        (
            "enrol_in_school",
            VALID["enrol_in_school"] | {"school_year": "2023-2025"},
            "school-year-not-consecutive",
            "school_year",
        ),
        ("arrange_training", {"result": "arranged"}, "needed-for-result", "starts_on"),
        ("arrange_loan", {"result": "refused", "amount": 5}, "not-for-result", "amount"),
        ("support_socially", {"support": []}, "too_short", "support"),
        ("confirm_funds", {"result": "confirmed", "voucher": "A", "amount": 1}, "needed-for-result", "cost_line"),
        ("follow_up", {"result": "needs", "visited_on": "2024-06-10"}, "needed-for-result", "needs"),
        ("issue_certificate", PAPER | {"number": "Nguyen Thi A"}, "string_pattern_mismatch", "number"),
    ],
)
def test_an_answer_that_does_not_fit_together_is_sent_back_by_field(
    kind: str, given: dict[str, object], code: str, field: str
) -> None:
    """The officer learns which field is wrong, by a code that does not change."""
    assert refused(kind, given) == (code, field)


def test_a_misfit_tells_the_officer_in_vietnamese_too() -> None:
    """The error carries the text for the page, with what it must say filled in."""
    with pytest.raises(ValidationError) as caught:
        answer("pay_journey_home", VALID["pay_journey_home"] | {"meals_per_day": 1})
    error = caught.value.errors()[0]
    assert error["msg"] == "Meals on the road are at least 70000 VND a day."
    assert error["ctx"]["vi"] == "Tiền ăn đi đường thấp hơn mức tối thiểu 70000 đồng/ngày."
    assert error["type"] in MISFITS


def test_the_figures_of_the_year_come_from_the_answers_that_know_them() -> None:
    """Way of return, purpose, needs, destination and services are counted; each is a field of its outcome."""
    counted = {kind: task.outcome.STATISTICS for kind, task in REGISTRY.items() if task.outcome.STATISTICS}
    assert counted == {
        "receive_person": ("way_of_return",),
        "identify_victim": ("purpose",),
        "assess_needs": ("needs",),
        "record_choice": ("choice",),
        "approve_support": ("services",),
    }
    assert all(set(names) <= set(REGISTRY[kind].outcome.model_fields) for kind, names in counted.items())
