"""Answers agencies could send, as JSON: the shortest of each kind, and one for each code the story branches on."""

PAPER: dict[str, object] = {"number": "12/CV", "signed_on": "2024-03-11"}
PAYMENT: dict[str, object] = {"amount": 2_000_000, "voucher": "PC-0012", "cost_line": "370-398"}

VALID: dict[str, dict[str, object]] = {
    "receive_person": {
        "child": False,
        "foreigner": False,
        "danger": False,
        "declaration": True,
        "language": "vi",
        "way_of_return": "self_returned",
    },
    "meet_essential_needs": {"given": ["lodging", "meals"]},
    "plan_child_protection": PAPER | {"representative": "parent", "relatives": "none_seen", "escort": "relatives"},
    "check_information": {"result": "identify"},
    "check_records": {"result": "not_found"},
    "request_identification": PAPER | {"receiving_police": "district"},
    "identify_victim": PAPER | {"result": "identified", "grounds": ["person"], "purpose": ["labour"]},
    "issue_certificate": PAPER,
    "explain_result": PAPER,
    "assess_danger": {"result": "no_danger"},
    "request_protection": PAPER,
    "protect_person": {"result": "applied", "measures": ["shelter"], "review_on": "2024-04-15"},
    "confirm_residence": {"result": "confirmed"},
    "assess_needs": {"needs": ["schooling", "social"], "education": "primary", "family": "parents"},
    "record_choice": {"choice": "home"},
    "refer_to_centre": PAPER,
    "accept_at_centre": {"result": "place", "from_day": "2024-03-18"},
    "escort_to_centre": {"set_out_on": "2024-03-18"},
    "confirm_arrival": {
        "result": "arrived",
        "minutes_number": "07/BB-GN",
        "minutes_date": "2024-03-18",
        "giver_signed": True,
        "receiver_signed": True,
    },
    "leave_centre": {"left_on": "2024-05-06", "reason": "stay_ended"},
    "pay_journey_home": {
        "result": "paid",
        "decision_number": "45/QĐ-UBND",
        "decided_on": "2024-03-13",
        "fare": 350_000,
        "meals_per_day": 70_000,
        "days": 2,
        "voucher": "PC-0007",
        "cost_line": "370-398",
    },
    "escort_home": {"arrived_on": "2024-03-15"},
    "examine_health": {"took_place": True},
    "counsel_person": {"took_place": True},
    "inform_of_rights": {"explained_on": "2024-03-14"},
    "refer_to_legal_aid": PAPER,
    "protect_rights_in_proceedings": {"end": "judged", "ended_on": "2024-06-20"},
    "confirm_application": {
        "result": "confirmed",
        "applied_on": "2024-04-01",
        "number": "31/XN-UBND",
        "confirmed_on": "2024-04-03",
        "services": ["schooling", "vocational", "hardship"],
    },
    "appraise_support": PAPER | {"result": "favourable"},
    "approve_support": PAPER | {"result": "approved", "services": ["schooling", "vocational", "hardship"]},
    "enrol_in_school": {"school_year": "2023-2024", "enrolled_on": "2024-04-15", "tuition_exempt": True},
    "pay_schooling": PAYMENT,
    "arrange_training": {"result": "arranged", "starts_on": "2024-05-06"},
    "find_job": {"result": "arranged", "starts_on": "2024-05-06"},
    "pay_hardship_allowance": PAYMENT,
    "arrange_loan": {"result": "lent", "amount": 30_000_000},
    "support_socially": {"support": ["visit"]},
    "open_programmes": {"programmes": ["reintegration"]},
    "confirm_funds": {"result": "confirmed", "voucher": "PC-0012", "amount": 2_000_000, "cost_line": "370-398"},
    "follow_up": {"result": "settled", "visited_on": "2024-06-10"},
    "close_journey": {"reason": "settled"},
}

_APPLICATION: dict[str, object] = {"applied_on": "2024-04-01", "number": "31/XN-UBND", "confirmed_on": "2024-04-03"}
_VISITED: dict[str, object] = {"visited_on": "2024-06-10"}
_VOUCHER: dict[str, object] = {"voucher": "PC-0012", "amount": 2_000_000}

BRANCHES: dict[str, dict[str, dict[str, object]]] = {
    "check_information": {"proven": {"result": "proven", "proof": "police"}, "identify": VALID["check_information"]},
    "identify_victim": {
        "identified": VALID["identify_victim"],
        "not_identified": PAPER | {"result": "not_identified"},
    },
    "assess_danger": {
        "danger": {"result": "danger", "for_whom": ["person", "relative"]},
        "no_danger": VALID["assess_danger"],
    },
    "protect_person": {
        "applied": VALID["protect_person"],
        "refused": {"result": "refused", "written_commitment": True},
    },
    "confirm_residence": {code: {"result": code} for code in ("confirmed", "not_resident", "unknown")},
    "record_choice": {code: {"choice": code} for code in ("centre", "home", "stay")},
    "accept_at_centre": {
        "place": VALID["accept_at_centre"],
        "no_place": {"result": "no_place"},
        "not_ours": {"result": "not_ours"},
    },
    "confirm_arrival": {"arrived": VALID["confirm_arrival"], "not_arrived": {"result": "not_arrived"}},
    "pay_journey_home": {"paid": VALID["pay_journey_home"], "not_needed": {"result": "not_needed"}},
    "confirm_application": {
        "confirmed": VALID["confirm_application"],
        "not_confirmed": _APPLICATION | {"result": "not_confirmed", "obstacle": "not_resident"},
    },
    "appraise_support": {
        "favourable": VALID["appraise_support"],
        "unfavourable": PAPER | {"result": "unfavourable", "obstacle": "not_eligible"},
    },
    "approve_support": {
        "approved": VALID["approve_support"],
        "refused": PAPER | {"result": "refused", "obstacle": "not_eligible"},
    },
    "arrange_training": {"arranged": VALID["arrange_training"], "not_found": {"result": "not_found"}},
    "find_job": {"arranged": VALID["find_job"], "not_found": {"result": "not_found"}},
    "arrange_loan": {
        "lent": VALID["arrange_loan"],
        "refused": {"result": "refused"},
        "not_wanted": {"result": "not_wanted"},
    },
    "confirm_funds": {"confirmed": VALID["confirm_funds"], "none": _VOUCHER | {"result": "none"}},
    "follow_up": {
        "settled": VALID["follow_up"],
        "needs": _VISITED | {"result": "needs", "needs": ["job"]},
        "moved": _VISITED | {"result": "moved"},
        "at_risk": _VISITED | {"result": "at_risk"},
    },
    "close_journey": {
        code: {"reason": code}
        for code in ("settled", "no_service", "not_identified", "withdrawn", "home", "moved", "other")
    },
}
