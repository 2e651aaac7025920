"""What of each service stands where: needed, refused by the person, offered, granted, paid, still owed; for the lead alone."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from activities.domain.states import LIVE, TaskState
from activities.store.tasks import Task

SERVES = {  # the kind of task through which a service of the needs list reaches the person
    "schooling": "enrol_in_school", "vocational": "arrange_training", "job": "find_job", "hardship": "pay_hardship_allowance",
    "loan": "arrange_loan", "social": "support_socially", "programmes": "open_programmes", "legal_aid": "refer_to_legal_aid",
    "counselling": "counsel_person",
}  # fmt: skip
PAYMENTS = {"schooling": "pay_schooling", "hardship": "pay_hardship_allowance"}
GRANTED_BY = "approve_support"
NEEDS, APPLICATION = "assess_needs", "confirm_application"


SERVED = select(Task).order_by(Task.round)


def entitlements(tasks: Iterable[Task], refused: Collection[str]) -> dict[str, Any]:
    """Out of a journey's rows of `SERVED`, and the kinds of service the person refused.

    `services`: one row each with its state; `window`: the last day of the application, while it is awaited.
    """
    last = {row.kind: row for row in tasks}
    needs = (last[NEEDS].outcome or {}) if NEEDS in last else {}
    granted = set((last[GRANTED_BY].outcome or {}).get("services", ())) if GRANTED_BY in last else set()
    wanted = [*needs.get("needs", ()), *needs.get("later", ())]
    waits = APPLICATION in last and last[APPLICATION].state in LIVE
    return {
        "services": [
            {"service": each, "later": each in needs.get("later", ()), "state": state_of(each, last, granted, refused)}
            for each in wanted
        ],
        "window": last[APPLICATION].due_at if waits else None,
        "assessed": bool(needs),
    }


def state_of(service: str, last: dict[str, Task], granted: set[str], refused: Collection[str]) -> str:
    """The furthest step a service has come to; what was granted and is not paid yet is owed, whatever else was done."""
    kind, payment = SERVES[service], PAYMENTS.get(service)
    paying = last[payment].state if payment in last else None
    if kind in refused or (kind in last and last[kind].state is TaskState.DECLINED):
        return "refused"
    if payment and paying is TaskState.DONE:
        return "paid" if (last[payment].outcome or {}).get("cost_line") else "owed"
    if payment and service in granted and (paying is None or paying in LIVE):
        return "owed"
    if kind in last and last[kind].state is TaskState.DONE:
        return "given"
    if service in granted:
        return "granted"
    return "offered" if kind in last else "needed"
