"""What the agencies of a rehearsal answer: the usual outcome of each kind on a day, and what a story changes of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from deploy.rehearsal.stories import Story

Fields = dict[str, Any]


def outcome_of(story: Story | None, kind: str, round_: int, today: date) -> Fields:
    """The outcome of one task, complete for its model."""
    fields = _USUAL[kind](today)
    if story is None:
        return fields
    if kind == "assess_needs":
        fields["needs"] = list(story.needs)
    if kind == "record_choice" and story.wish:
        fields |= {"choice": story.wish, "cannot_pay": story.cannot_pay}
    changed = story.answers.get(f"{kind}#{round_}", story.answers.get(kind, {}) if round_ == 1 else {})
    return _whole(kind, fields | dict(changed))


def _whole(kind: str, fields: Fields) -> Fields:
    """Fields that belong together where a story changed one of them."""
    result = fields.get("result")
    if kind == "identify_victim" and result == "not_identified":
        return {name: value for name, value in fields.items() if name not in {"grounds", "purpose"}}
    if kind == "check_information" and result == "proven":
        return fields | {"proof": "police"}
    if kind == "accept_at_centre" and result != "place":
        return {"result": result}
    if kind == "assess_needs" and fields.pop("counselling", False):
        fields["needs"] = [*fields["needs"], "counselling"]
    return fields


def _paper(today: date) -> Fields:
    return {"number": f"{today.timetuple().tm_yday}/CV", "signed_on": today.isoformat()}


def _paid(today: date) -> Fields:
    return {"amount": 1_500_000, "voucher": f"PC-{today.timetuple().tm_yday:04}", "cost_line": "370-398"}


def _day(today: date, after: int = 0) -> str:
    return (today + timedelta(days=after)).isoformat()


_BENEFITS = ["schooling", "vocational", "hardship"]
_USUAL: dict[str, Callable[[date], Fields]] = {
    "meet_essential_needs": lambda _: {"given": ["lodging", "meals", "clothes"]},
    "plan_child_protection": lambda day: _paper(day)
    | {"representative": "parent", "relatives": "none_seen", "escort": "police"},
    "check_information": lambda _: {"result": "identify"},
    "check_records": lambda _: {"result": "not_found"},
    "request_identification": lambda day: _paper(day) | {"receiving_police": "district"},
    "identify_victim": lambda day: _paper(day) | {"result": "identified", "grounds": ["person"], "purpose": ["labour"]},
    "issue_certificate": _paper,
    "explain_result": _paper,
    "assess_danger": lambda _: {"result": "danger", "for_whom": ["person"]},
    "request_protection": _paper,
    "protect_person": lambda day: {"result": "applied", "measures": ["shelter"], "review_on": _day(day, 30)},
    "confirm_residence": lambda _: {"result": "confirmed"},
    "assess_needs": lambda _: {"needs": [], "education": "primary", "family": "parents"},
    "record_choice": lambda _: {"choice": "stay"},
    "refer_to_centre": _paper,
    "accept_at_centre": lambda day: {"result": "place", "from_day": _day(day, 1)},
    "escort_to_centre": lambda day: {"set_out_on": _day(day)},
    "confirm_arrival": lambda day: {
        "result": "arrived", "minutes_number": "07/BB-GN", "minutes_date": _day(day), "giver_signed": True,
        "receiver_signed": True,
    },
    "leave_centre": lambda day: {"left_on": _day(day), "reason": "stay_ended"},
    "pay_journey_home": lambda day: {
        "result": "paid", "decision_number": "45/QĐ-UBND", "decided_on": _day(day), "fare": 350_000,
        "meals_per_day": 70_000, "days": 2, "voucher": "PC-0007", "cost_line": "370-398",
    },
    "escort_home": lambda day: {"arrived_on": _day(day)},
    "examine_health": lambda _: {"took_place": True},
    "counsel_person": lambda _: {"took_place": True},
    "inform_of_rights": lambda day: {"explained_on": _day(day), "wants_legal_aid": True},
    "refer_to_legal_aid": _paper,
    "protect_rights_in_proceedings": lambda day: {"end": "judged", "ended_on": _day(day)},
    "confirm_application": lambda day: {
        "result": "confirmed", "applied_on": _day(day), "number": "31/XN-UBND", "confirmed_on": _day(day),
        "services": _BENEFITS, "poor_household": True,
    },
    "appraise_support": lambda day: _paper(day) | {"result": "favourable"},
    "approve_support": lambda day: _paper(day) | {"result": "approved", "services": _BENEFITS},
    "enrol_in_school": lambda day: {"school_year": "2023-2024", "enrolled_on": _day(day), "tuition_exempt": True},
    "pay_schooling": _paid,
    "arrange_training": lambda day: {"result": "arranged", "starts_on": _day(day, 14)},
    "find_job": lambda day: {"result": "arranged", "starts_on": _day(day, 7)},
    "pay_hardship_allowance": _paid,
    "arrange_loan": lambda _: {"result": "lent", "amount": 30_000_000},
    "support_socially": lambda _: {"support": ["visit"]},
    "open_programmes": lambda _: {"programmes": ["reintegration"]},
    "confirm_funds": lambda day: _paid(day) | {"result": "confirmed"},
    "follow_up": lambda day: {"result": "settled", "visited_on": _day(day)},
    "close_journey": lambda _: {"reason": "settled"},
}  # fmt: skip
