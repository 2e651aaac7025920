"""Where a journey is in its plan: every stage with its tasks, passed, under way or still to come."""

from collections.abc import Mapping, Sequence
from typing import Any

from activities.plan.branches import certain
from activities.plan.model import Plan

CLOSE = "close_journey"
LIVE = {"open", "paused", "returned"}


def strip(plan: Plan, whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stages in the order of the plan.

    `state`: now (tasks live), passed (tasks ended), ahead (none yet), unused (none came, and the journey is closed).
    A journey that was opened again is closed anew: the closing of before leaves its stage ahead.
    `sure`, `maybe`: kinds of it that did not open yet: those that will whatever is answered, and those that hang on it.
    """
    over = whole["state"] == "closed"
    standing = [each for each in whole["tasks"] if over or not (each["kind"] == CLOSE and each["ended_at"])]
    found, known = [], {each["kind"] for each in standing}
    opens = certain(known)
    for stage in plan.stages:
        tasks = [each for each in whole["tasks"] if each["stage"] == stage.code]
        anew = len(tasks) > sum(each["stage"] == stage.code for each in standing)
        state = "ahead" if anew else _state(tasks, over=over)
        rest = [
            each for each in plan.kinds if each.stage == stage.code and each.code not in known and state != "passed"
        ]
        sure, maybe = ([each for each in rest if (each.code in opens) is sure] for sure in (True, False))
        found.append(
            {"code": stage.code, "label": stage.label, "tasks": tasks, "state": state, "sure": sure, "maybe": maybe}
        )
    return found


def _state(tasks: Sequence[Mapping[str, Any]], *, over: bool) -> str:
    if any(each["state"] in LIVE for each in tasks):
        return "now"
    if tasks:
        return "passed"
    return "unused" if over else "ahead"
