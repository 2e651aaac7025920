"""Replays a stored history and writes down every command the present code gives, in order, with its arguments.

The SDK's own replayer compares kinds and ids of commands only: a step asked with other arguments, or a timer of another
length, passes it unseen.
"""

import json
from collections.abc import Callable
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

from workflows.journey import JourneyWorkflow
from workflows.options import RUNNER


async def commands_of(history: WorkflowHistory, runner: WorkflowRunner = RUNNER) -> list[str]:
    """The commands, one a line; raises where the replayer itself sees another story."""
    told: list[str] = []
    replayer = Replayer(
        workflows=[JourneyWorkflow],
        workflow_runner=_Watching(runner, told.append),
        data_converter=pydantic_data_converter,
    )
    await replayer.replay_workflow(history)
    return told


class _Watching(WorkflowRunner):
    """A runner whose instances tell their commands."""

    def __init__(self, inner: WorkflowRunner, tell: Callable[[str], None]) -> None:
        self._inner, self._tell = inner, tell

    def prepare_workflow(self, defn: Any) -> None:
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _Watched(self._inner.create_instance(det), self._tell)


class _Watched(WorkflowInstance):
    def __init__(self, inner: WorkflowInstance, tell: Callable[[str], None]) -> None:
        self._inner, self._tell = inner, tell

    def activate(self, act: Any) -> Any:
        completion = self._inner.activate(act)
        for command in completion.successful.commands:
            self._tell(_line(command))
        return completion

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._inner.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._inner.get_external_store_context(command_info)

    def get_info(self) -> Any:
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        return self._inner.get_thread_id()


def _line(command: Any) -> str:
    """One command as text: what it is, then what of it a journey under way depends on."""
    what = command.WhichOneof("variant")
    body = getattr(command, what)
    if what in ("schedule_activity", "schedule_local_activity"):
        given = " ".join(_compact(each.data) for each in body.arguments)
        deadline = body.HasField("schedule_to_close_timeout")
        limit = body.schedule_to_close_timeout if deadline else body.start_to_close_timeout
        return f"{what} {body.activity_id} {body.activity_type} {limit.ToJsonString()} {given}"
    if what == "start_timer":
        return f"{what} {body.start_to_fire_timeout.ToJsonString()}"
    if what == "complete_workflow_execution":
        return f"{what} {_compact(body.result.data)}"
    return str(what)


def _compact(data: bytes) -> str:
    return json.dumps(json.loads(data), sort_keys=True, separators=(",", ":"))
