"""Where a journey is in its plan: every stage with its tasks, passed, under way or still to come."""

from collections.abc import Mapping, Sequence
from typing import Any

from activities.plan.branches import certain
from activities.plan.model import Plan

LIVE = {"open", "paused", "returned"}


def strip(plan: Plan, whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stages in the order of the plan.

    `state`: now (tasks live), passed (tasks ended), ahead (none yet), unused (none came, and the journey is closed).
    `sure`, `maybe`: kinds of it that did not open yet: those that will whatever is answered, and those that hang on it.
    """
    found, known = [], {each["kind"] for each in whole["tasks"]}
    opens = certain(known)
    for stage in plan.stages:
        tasks = [each for each in whole["tasks"] if each["stage"] == stage.code]
        state = _state(tasks, over=whole["state"] == "closed")
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
