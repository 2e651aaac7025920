"""The bench runs, says whether each budget holds, and keeps its results so that two versions can be compared."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from deploy.bench.measure import Budget, Spread, percentile
from deploy.bench.running import kept
from deploy.local.children import ROOT


@pytest.mark.timeout(600)
def test_a_budget_is_measured_beside_its_floor_and_kept(tmp_path: Path) -> None:
    """A quick run on a real stack: the shape others read, the machine's noise, and a line in the results."""
    results = tmp_path / "results.jsonl"
    given = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    cli = {name: os.environ[name] for name in ("HOMEWARD_TEMPORAL_CLI",) if name in os.environ}
    asked = ["bench", "--only", "hop", "--only", "database", "--quick", "--json"]
    where = ["--data", str(tmp_path / "bench"), "--results", str(results)]
    ran = subprocess.run(
        [sys.executable, "-m", "deploy.cli", *asked, *where],
        env=given | cli, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode in (0, 1), ran.stderr
    assert ran.stdout, ran.stderr
    result = json.loads(ran.stdout)
    hop, database = result["budgets"]
    assert {"name", "value", "floor", "ratio", "budget", "holds"} <= set(hop)
    assert hop["ratio"] == pytest.approx(hop["value"] / hop["floor"])
    assert (None, True) == (database["floor"], database["value"] > 1)
    assert ran.returncode == int(not (hop["holds"] and database["holds"]))
    assert {"cores", "noise_ms_before", "noise_ms_after"} <= set(result["machine"])
    assert [result["budgets"]] == [each["budgets"] for each in kept(results)]


@pytest.mark.timeout(600)
def test_throughput_deadlines_kills_and_a_server_away_are_measured(tmp_path: Path) -> None:
    """A quick run of many at once and of a bad day: every deadline marked once, nothing lost or done twice, answers taken meanwhile."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    cli = {name: os.environ[name] for name in ("HOMEWARD_TEMPORAL_CLI",) if name in os.environ}
    asked = [f"--only={name}" for name in ("throughput", "deadlines", "away", "kill", "parked")]
    where = ["--data", str(tmp_path / "bench"), "--results", str(tmp_path / "results.jsonl")]
    ran = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "bench", *asked, "--quick", "--json", *where],
        env=given | cli, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode in (0, 1), ran.stderr
    assert ran.stdout, ran.stderr
    throughput, deadlines, away, kill, parked = json.loads(ran.stdout)["budgets"]
    assert throughput["ratio"] == pytest.approx(throughput["value"] / throughput["floor"])
    assert {"worker", "api", "temporal", "postgres", "bench"} <= set(throughput["also"]["processor_ms_a_task"])
    assert (16, 0, 0) == tuple(deadlines["also"][name] for name in ("tasks", "twice", "never"))
    assert away["ratio"] == pytest.approx(away["value"] / away["floor"])
    assert (4, 0, 0) == tuple(kill["also"][name] for name in ("kills", "lost", "twice"))
    assert (8, True) == (parked["also"]["journeys"], parked["also"]["memory_mb"]["worker"] > 0)


@pytest.mark.timeout(600)
def test_lists_and_pages_are_measured_with_what_they_ask_of_the_database(tmp_path: Path) -> None:
    """A quick run: what is held against the budget is the slowest one's 99th percentile, its questions and medians beside.

    Among so few rows the database reads some tables whole: that is seen and told, and the budget does not hold.
    """
    given = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    cli = {name: os.environ[name] for name in ("HOMEWARD_TEMPORAL_CLI",) if name in os.environ}
    where = ["--data", str(tmp_path / "bench"), "--results", str(tmp_path / "results.jsonl")]
    ran = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "bench", "--only=lists", "--only=pages", "--quick", "--json", *where],
        env=given | cli, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode in (0, 1), ran.stderr
    assert ran.stdout, ran.stderr
    for measured in json.loads(ran.stdout)["budgets"]:
        also = measured["also"]
        assert also["p99"][also["slowest"]] == max(also["p99"].values()) == measured["value"]
        assert set(also["median"]) == set(also["noise_ms"]) == set(also["questions"])
        assert max(also["questions"].values()) <= 4
        assert also["processor_s"]["api"] > 0
        assert "done: journey" in also["scans"]
        assert not measured["holds"]


def test_a_budget_nobody_knows_is_refused_in_one_line(tmp_path: Path) -> None:
    """And the line names those there are."""
    asked = [sys.executable, "-m", "deploy.cli", "bench", "--only", "nothing", "--data", str(tmp_path / "bench")]
    ran = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (1, True) == (ran.returncode, ran.stderr.startswith("budget-unknown: nothing"))
    assert not (tmp_path / "bench").exists()


@pytest.mark.parametrize(
    ("value", "floor", "budget", "sense", "holds"),
    [(80.0, 100.0, 0.65, "at least", True), (60.0, 100.0, 0.65, "at least", False), (3.0, 1.0, 2.0, "at most", False)],
)
def test_a_ratio_is_held_against_the_budget(
    value: float, floor: float, budget: float, sense: Literal["at least", "at most"], holds: bool
) -> None:
    """Where there is a floor the ratio counts, whatever the machine."""
    given = Budget("x", "ms", Spread((value,)), budget, sense, Spread((floor,)))
    assert holds is given.holds


def test_a_percentile_is_one_of_the_values() -> None:
    """The slowest of a hundred is the hundredth."""
    assert (100, 50) == (percentile(range(101), 0.99) + 1, percentile(range(101), 0.5))
