"""What an agency is shown of the answers of earlier tasks: that on which its own answer rests, and no more."""

from collections.abc import Mapping
from types import MappingProxyType

_APPROVED = ("number", "signed_on", "services")
_ON_SCHOOL = ("school_year", "enrolled_on", "tuition_exempt")

EARLIER: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "request_identification": {"check_information": ("result",), "check_records": ("result",)},
        "identify_victim": {"request_identification": ("number", "signed_on")},
        "issue_certificate": {"identify_victim": ("number", "signed_on")},
        "explain_result": {"identify_victim": ("result", "number", "signed_on")},
        "request_protection": {"assess_danger": ("result",)},
        "protect_person": {"request_protection": ("number", "signed_on")},
        "record_choice": {"assess_needs": ("needs", "later")},
        "refer_to_centre": {"record_choice": ("choice",)},
        "accept_at_centre": {"refer_to_centre": ("number", "signed_on")},
        "escort_to_centre": {"accept_at_centre": ("from_day",)},
        "confirm_arrival": {"accept_at_centre": ("from_day",), "escort_to_centre": ("set_out_on",)},
        "pay_journey_home": {"record_choice": ("choice", "labour_escorts", "cannot_pay")},
        "protect_rights_in_proceedings": {"inform_of_rights": ("proceedings",)},
        "appraise_support": {"confirm_application": ("number", "confirmed_on", "services", "poor_household")},
        "approve_support": {
            "confirm_application": ("services",),
            "appraise_support": ("number", "signed_on", "result"),
        },
        "enrol_in_school": {"assess_needs": ("education",)},
        "arrange_training": {"assess_needs": ("education",), "approve_support": ("number", "signed_on")},
        "find_job": {"assess_needs": ("education",), "approve_support": ("number", "signed_on")},
        "pay_schooling": {"approve_support": _APPROVED, "enrol_in_school": _ON_SCHOOL},
        "pay_hardship_allowance": {"approve_support": _APPROVED, "confirm_application": ("poor_household",)},
    }
)
"""By kind of task: earlier kinds, and the fields of their answers. Local: no source lists them; none is sealed."""
