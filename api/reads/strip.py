"""Where a journey is in its plan: every stage with its tasks, passed, under way or still to come."""

from collections.abc import Mapping, Sequence
from typing import Any

from activities.plan.model import Plan

LIVE = {"open", "paused", "returned"}


def strip(plan: Plan, whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stages in the order of the plan. `state`: now (tasks live), passed (tasks ended), ahead (none yet)."""
    found = []
    for stage in plan.stages:
        tasks = [each for each in whole["tasks"] if each["stage"] == stage.code]
        found.append({"code": stage.code, "label": stage.label, "tasks": tasks, "state": _state(tasks)})
    return found


def _state(tasks: Sequence[Mapping[str, Any]]) -> str:
    if any(each["state"] in LIVE for each in tasks):
        return "now"
    return "passed" if tasks else "ahead"
