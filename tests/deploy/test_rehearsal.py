"""The rehearsal: the same seed gives the same people and scripts, and its account is what it says."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from activities.agencies.registry import REGISTRY
from deploy.local.errors import StackError
from deploy.rehearsal.outcomes import outcome_of
from deploy.rehearsal.rehearsal import emptied
from deploy.rehearsal.stories import PLOTS, write_stories
from deploy.rehearsal.verbs import KINDS, all_kinds, all_used, counted, verbs_of

STORIES = write_stories(2 * len(PLOTS), 7)
BY_CHANCE = {
    f"POST /{each}"
    for each in (
        "tasks/{task_id}/claim", "tasks/{task_id}/release", "tasks/{task_id}/return", "tasks/{task_id}/decisions",
        "tasks/{task_id}/delegate", "tasks/{task_id}/recall", "tasks/{task_id}/reminders", "tasks/{task_id}/comments",
        "tasks/{task_id}/requests", "requests/{request_id}/decision", "requests/{request_id}/withdraw",
        "tasks/{task_id}/corrections", "tasks/{task_id}/corrections/preview", "corrections/{correction_id}/decision",
        "tasks/{task_id}/attachments", "journeys", "journeys/{journey_id}/reopen", "journeys/{journey_id}/wishes",
        "journeys/{journey_id}/dangers", "journeys/{journey_id}/tasks", "journeys/{journey_id}/comments",
    )
} | {"PUT /tasks/{task_id}/draft", "DELETE /tasks/{task_id}/attachments/{attachment_id}"}  # two people may give no occasion for it; a verb that is new is not among them  # fmt: skip
REPORTED = "receive_person"  # the report answers it


def test_the_same_seed_gives_the_same_people_and_stories() -> None:
    """And another seed gives others; no two people share a name, a paper or a telephone."""
    assert write_stories(28, 7) == STORIES
    assert write_stories(28, 8) != STORIES
    for field in ("full_name", "id_number", "phone", "address"):
        assert len({getattr(story.person, field) for story in STORIES}) == len(STORIES)


def test_everybody_is_marked_as_synthetic() -> None:
    """Nobody may take one of them for a person."""
    assert all("giả lập" in story.person.address and "Giả-Lập" in story.person.full_name for story in STORIES)


@pytest.mark.parametrize("kind", sorted(REGISTRY.keys() - {REPORTED}))
def test_every_answer_of_every_story_fits_its_form(kind: str) -> None:
    """An officer of the rehearsal never sends what the form refuses."""
    for story in STORIES:
        for round_ in (1, 2):
            REGISTRY[kind].outcome.model_validate(outcome_of(story, kind, round_, date(2024, 3, 4)))


def test_only_a_rehearsals_folder_is_emptied(tmp_path: Path) -> None:
    """Somebody's data is never thrown away by a wrong --data."""
    kept = tmp_path / "journeys.txt"
    kept.write_text("real")
    with pytest.raises(StackError, match=r"^not-a-rehearsal: .*--data$"):
        emptied(tmp_path)
    assert kept.read_text() == "real"
    own = emptied(tmp_path / "rehearsal")
    (own / "left-over").write_text("")
    assert not (emptied(own) / "left-over").exists()


def test_a_verb_nobody_used_is_named() -> None:
    """What was sent is found again as the verb it is, also where one address looks like another with an id; the rest stands at none."""
    paths: dict[str, dict[str, dict[str, str]]] = {
        "/api/v1/notices/seen": {"post": {}},
        "/api/v1/notices/{notice_id}/seen": {"post": {}},
        "/api/v1/tasks/{task_id}/draft": {"put": {}, "get": {}},
    }
    verbs = verbs_of({"paths": paths})
    sent = Counter(
        {
            "POST /notices/seen": 2,
            "POST /notices/notice-1/seen": 3,
            "GET /tasks/task-1/draft": 5,
            "refused 409 task-ended": 1,
        }
    )
    found = {"POST /notices/seen": 2, "POST /notices/{notice_id}/seen": 3, "PUT /tasks/{task_id}/draft": 0}
    assert found == counted(sent.items(), verbs)


def test_an_act_nobody_took_fails_a_whole_rehearsal() -> None:
    """Also one that shares its verb with others: an account never promises what was not shown."""
    taken = dict.fromkeys(KINDS, 1)
    assert all_kinds(taken).holds
    for kind in ("reassign", "resume", "ask for reassign", "wish home", "objection", "refuse an objection"):
        assert (False, f"never: {kind}") == (all_kinds(taken | {kind: 0}).holds, all_kinds(taken | {kind: 0}).detail)
    assert (True, False) == (all_used({"POST /a": 1}).holds, all_used({"POST /a": 1, "POST /b": 0}).holds)


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_a_small_rehearsal_gives_its_account_as_json(tmp_path: Path) -> None:
    """Two people from reception to close; the account has the promised shape, and everything holds."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    cli = {name: os.environ[name] for name in ("HOMEWARD_TEMPORAL_CLI",) if name in os.environ}
    asked = ["rehearse", "--journeys", "2", "--seed", "5", "--scale", "43200", "--data", str(tmp_path / "r"), "--json"]
    command = [sys.executable, "-m", "deploy.cli", *asked]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=plain | cli)
    result = json.loads(done.stdout)
    assert (done.returncode, result["ok"]) == (0, True), [each for each in result["invariants"] if not each["holds"]]
    assert set(result) == {"journeys", "outcomes", "tasks", "agencies", "races", "verbs", "invariants", "ok"}
    assert {verb for verb, count in result["verbs"].items() if not count} <= BY_CHANCE
    assert result["journeys"] == sum(result["outcomes"].values()) == 2
    assert all(set(each) == {"name", "holds", "detail"} for each in result["invariants"])
    assert sum(each["tasks"] for each in result["agencies"]) == result["tasks"]["total"]
