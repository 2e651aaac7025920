"""Where each service stands for the lead: what was granted and not paid is owed, whatever else was done."""

from types import SimpleNamespace
from typing import Any

import pytest

from activities.domain.states import TaskState
from api.reads.entitlements import state_of

OPEN, DONE, DECLINED, WAIVED = TaskState.OPEN, TaskState.DONE, TaskState.DECLINED, TaskState.WAIVED
ENROL, PAY, HARDSHIP, TRAINING = "enrol_in_school", "pay_schooling", "pay_hardship_allowance", "arrange_training"


@pytest.mark.parametrize(
    ("service", "tasks", "granted", "state"),
    [
        ("schooling", {}, False, "needed"),
        ("schooling", {ENROL: OPEN}, False, "offered"),
        ("schooling", {ENROL: DECLINED}, True, "refused"),
        ("schooling", {ENROL: DONE}, False, "given"),
        ("schooling", {ENROL: DONE}, True, "owed"),
        ("schooling", {ENROL: DONE, PAY: OPEN}, True, "owed"),
        ("schooling", {ENROL: OPEN, PAY: TaskState.PAUSED}, True, "owed"),
        ("schooling", {ENROL: DONE, PAY: DONE}, True, "paid"),
        ("schooling", {ENROL: DONE, PAY: WAIVED}, True, "given"),
        ("hardship", {}, True, "owed"),
        ("hardship", {HARDSHIP: OPEN}, True, "owed"),
        ("hardship", {HARDSHIP: DONE}, True, "paid"),
        ("vocational", {}, True, "granted"),
        ("vocational", {TRAINING: DONE}, True, "given"),
    ],
)
def test_what_was_granted_is_owed_until_it_is_paid(
    service: str, tasks: dict[str, TaskState], granted: bool, state: str
) -> None:
    """A child who sits in school still waits for the money of school: the coordinator sees that it is owed."""
    rows: dict[str, Any] = {
        kind: SimpleNamespace(state=each, outcome={"cost_line": "CTMT"}) for kind, each in tasks.items()
    }
    assert state == state_of(service, rows, {service} if granted else set(), set())


def test_a_payment_without_its_cost_line_is_owed_and_a_refused_service_is_not() -> None:
    """Money promised from no line is not paid; who does not want a service is owed nothing."""
    rows: dict[str, Any] = {HARDSHIP: SimpleNamespace(state=DONE, outcome={"cost_line": ""})}
    assert "owed" == state_of("hardship", rows, {"hardship"}, set())
    assert "refused" == state_of("hardship", rows, {"hardship"}, {HARDSHIP})
