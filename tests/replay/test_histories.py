"""A journey begun under an earlier release goes on under this one, command for command."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import UnsandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from activities.agencies.commune import plan_child_protection
from activities.agencies.labour_reception import meet_essential_needs
from activities.domain.messages import Ask, Turn, Wake
from tests.replay.commands import commands_of
from workflows import agency_task
from workflows.case import Case, together
from workflows.stages import reception

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*/*.json"))


def read(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(f"journey-{path.stem}", path.read_text())


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_a_stored_history_replays_with_the_same_commands(path: Path) -> None:
    """Where this fails, the change needs `workflow.patched` and an entry in workflows/patches.py."""
    assert path.with_suffix(".commands").read_text().splitlines() == await commands_of(read(path))


def test_there_are_histories_to_replay() -> None:
    """An empty folder would pass the test above."""
    assert {"whole", "child", "turns", "cancelled"} <= {path.stem for path in HISTORIES}


async def test_lanes_in_another_order_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault that once handed one task's answer to another."""

    async def swapped(case: Case, _reception: Turn) -> None:
        await together(case.do(plan_child_protection), case.do(meet_essential_needs))

    monkeypatch.setattr(reception, "first_help", swapped)
    await _is_caught("child")


async def test_other_arguments_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's replayer does not look at them; the stored commands do."""

    def always_open(ask: Ask, held: int, why: str) -> Wake:
        del why
        return Wake(ask=ask, held=held, why="open")

    monkeypatch.setattr(agency_task, "Wake", always_open)
    await _is_caught("turns")


async def _is_caught(name: str) -> None:
    path = next(each for each in HISTORIES if each.stem == name)
    try:
        told = await commands_of(read(path), UnsandboxedWorkflowRunner())
    except NondeterminismError:
        return
    assert path.with_suffix(".commands").read_text().splitlines() != told
