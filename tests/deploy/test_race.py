"""The races on the whole stack: who may win is judged by rule, and a small run on real parts holds."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.children import ROOT
from deploy.racing.acts import PAIRS
from deploy.racing.judging import Left, Told, judged
from deploy.racing.running import pair_of

DONE = Left(
    "done", final=True, entries=("outcome",), ends=1, answers=1, overdue_marks=0, overdue_entries=0
)  # an answer, in time
ANSWERED = Told("outcome")
TOO_LATE = Told("waive", 409, "task-ended", {"state": "done"})


def test_the_second_of_two_who_hears_of_the_first_is_a_good_round() -> None:
    """The answer came first, the supervisor who waived is told so: nothing is wrong."""
    round_ = judged(("outcome", "waive"), [ANSWERED, TOO_LATE], DONE)
    assert (("outcome",), ("waive: task-ended",), ()) == (round_.won, round_.lost, round_.wrong)


@pytest.mark.parametrize(
    ("told", "left", "says"),
    [
        ([ANSWERED, Told("waive")], replace(DONE, entries=("outcome", "waive"), ends=2), "two acts ended it"),
        ([ANSWERED, replace(TOO_LATE, winner={"state": "waived"})], DONE, "waive was told 409"),
        ([ANSWERED, replace(TOO_LATE, winner={})], DONE, "waive was told 409"),
        ([ANSWERED, Told("waive", 404, "not-found")], DONE, "waive was told 404"),
        ([ANSWERED, Told("waive", 412, "effect-changed")], DONE, "waive was told 412"),
        ([ANSWERED, Told("waive", 500, "fault")], DONE, "waive was told 500"),
        ([ANSWERED, TOO_LATE], replace(DONE, state="waived"), "the row is waived"),
        ([ANSWERED, TOO_LATE], replace(DONE, answers=2), "answered 2 times"),
        ([ANSWERED, TOO_LATE], replace(DONE, overdue_marks=2, overdue_entries=2), "marked overdue 2 times"),
        ([ANSWERED, TOO_LATE], replace(DONE, entries=()), "nobody had effect"),
        ([ANSWERED, TOO_LATE], replace(DONE, owes_mark=True), "past its date"),
        ([ANSWERED, TOO_LATE], replace(DONE, apart="open by story alone"), "open by story alone"),
    ],
)
def test_a_broken_promise_is_told(told: list[Told], left: Left, says: str) -> None:
    """Two ends, a loser who hears nothing or the wrong thing, a mark too many, a row its story does not know: none passes."""
    assert any(says in line for line in judged(("outcome", "waive"), told, left).wrong)


@pytest.mark.parametrize(
    ("first", "act", "code", "good"),
    [
        ("hand down", "return", "task-handed-down", True), ("reassign", "return", "not-found", True),
        ("delegate", "return", "not-found", False), ("reassign", "extend", "not-found", False),
        ("extend", "return", "not-your-verb", False),
    ],
)  # fmt: skip
def test_only_who_had_the_task_is_refused_without_a_winner(first: str, act: str, code: str, good: bool) -> None:
    """Where another took it out of their hands; everybody else, the district above all, hears how it stands."""
    left = replace(DONE, state="open", final=False, entries=(first,), ends=0, answers=0)
    round_ = judged((first, act), [Told(first), Told(act, 403, code)], left)
    assert good is (not round_.wrong), round_.wrong


def test_the_deadline_that_came_first_is_counted_as_first() -> None:
    """Late work still counts: both have effect, the mark before the answer."""
    left = replace(DONE, entries=("timeout", "outcome"), overdue_marks=1, overdue_entries=1)
    round_ = judged(("outcome", "timeout"), [ANSWERED], left)
    assert (("timeout", "outcome"), ()) == (round_.won, round_.wrong)


def test_a_pair_is_named_in_either_order() -> None:
    """Each of the seventy-eight, and none besides."""
    assert (78, ("outcome", "timeout")) == (len(set(PAIRS)), pair_of("timeout, outcome"))
    assert pair_of("outcome,nothing") is None


def _raced(tmp_path: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    cli = {name: os.environ[name] for name in ("HOMEWARD_TEMPORAL_CLI",) if name in os.environ}
    command = [sys.executable, "-m", "deploy.cli", "race", "--data", str(tmp_path / "race"), *asked]
    return subprocess.run(command, env=given | cli, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_a_small_run_on_the_whole_stack_holds(tmp_path: Path) -> None:
    """Answer, waiver, deadline, correction and withdrawal of real officers: every round has its winner, every story ends."""
    pairs = ["outcome,waive", "outcome,timeout", "timeout,extend", "correction,withdrawal", "hand down,return"]
    ran = _raced(tmp_path, "--rounds", "2", "--json", *(f"--pair={each}" for each in pairs))
    result = json.loads(ran.stdout)
    assert (0, True, 0) == (ran.returncode, result["ok"], result["violations"]), result
    assert [pair_of(each) for each in pairs] == [tuple(each["pair"]) for each in result["pairs"]]
    assert all(sum(each["first"].values()) == each["rounds"] == 2 for each in result["pairs"])
    by_pair = {tuple(each["pair"]): each for each in result["pairs"]}
    assert by_pair["outcome", "waive"]["both"] == 0
    assert {"outcome: task-ended", "waive: task-ended"} >= set(by_pair["outcome", "waive"]["lost"])
    assert sum(by_pair["outcome", "waive"]["lost"].values()) == 2
    assert all(each["holds"] for each in result["invariants"])


def test_a_pair_nobody_knows_is_refused_in_one_line(tmp_path: Path) -> None:
    """And the line names the acts there are; no stack is started."""
    ran = _raced(tmp_path, "--pair", "outcome,nothing")
    assert (1, True, True) == (ran.returncode, ran.stderr.startswith("pair-unknown: "), "waive" in ran.stderr)
    assert not (tmp_path / "race").exists()
