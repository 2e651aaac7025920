"""Every command explains itself, and says in a line why it cannot be carried out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from activities.casework import outbox
from activities.settings import Settings
from activities.store.engine import Sessions
from activities.store.outbox import Command
from activities.store.tally import Tally
from deploy.local.ports import free_port

COMMANDS = ("up", "rehearse", "api", "worker", "migrate", "seed", "doctor", "verify-journal", "admin")
NEEDS_DATABASE = {
    "api": (), "worker": (), "migrate": (), "seed": ("--sign-ins", "nowhere"), "verify-journal": (),
    "admin create": ("--from", str(Path(__file__).parents[2] / "deploy/docs/example-district.yaml")),
}  # fmt: skip


def run(*asked: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with these settings and no others."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *asked], env=plain | settings, capture_output=True, text=True, check=False, timeout=90
    )  # fmt: skip


@pytest.fixture
def own(settings: Settings, key_file: Path) -> dict[str, str]:
    """Settings of this test process's database; Temporal is nowhere."""
    return {
        "HOMEWARD_DATABASE__URL": settings.database.url.get_secret_value(),
        "HOMEWARD_KEYS__FILE": str(key_file),
        "HOMEWARD_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
    }


def test_the_help_names_every_command_and_the_version_is_told() -> None:
    """What `homeward` alone prints is where a newcomer begins."""
    told = run("--help").stdout
    assert [] == [name for name in COMMANDS if name not in told]
    assert run("--version").stdout.startswith("homeward 0.")


@pytest.mark.parametrize("command", sorted(NEEDS_DATABASE))
def test_a_database_that_is_away_is_told_without_a_traceback(key_file: Path, command: str) -> None:
    """With its code and the way out; the password in the address stays out of it."""
    url = f"postgresql+asyncpg://homeward:secret@127.0.0.1:{free_port()}/homeward"
    given = NEEDS_DATABASE[command]
    done = run(*command.split(), *given, HOMEWARD_DATABASE__URL=url, HOMEWARD_KEYS__FILE=str(key_file))
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("database-away: ")
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr + done.stdout


def test_missing_settings_are_all_told_at_once() -> None:
    """Both of them, by name."""
    done = run("migrate")
    assert done.returncode == 1
    assert done.stderr.startswith("setting_missing: ")
    assert {"HOMEWARD_DATABASE__URL", "HOMEWARD_KEYS__FILE"} <= set(done.stderr.split())


async def test_migrating_again_changes_nothing(own: dict[str, str], sessions: Sessions) -> None:
    """And says so, to a program too."""
    told = json.loads(run("migrate", "--json", **own).stdout)
    assert told["before"] == told["after"]


async def test_the_chains_are_verified(own: dict[str, str], sessions: Sessions) -> None:
    """Nothing written, nothing broken."""
    done = run("verify-journal", "--json", **own)
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (0, True)


async def test_the_doctor_tells_a_tally_that_differs_and_mends_it_when_asked(
    own: dict[str, str], sessions: Sessions
) -> None:
    """The board would be wrong: a fault with its way out; `--repair` counts the rows anew."""
    async with sessions.begin() as session:
        session.add(Tally(territory="t", lead_id="l", organisation_id="o", kind="examine_health", standing="open", n=1))
    for asked, line in (
        ((), "fault   tally of live tasks: 1 sums differ from the rows: homeward doctor --repair"),
        (("--repair",), "warning tally of live tasks: 1 sums differed: counted anew"),
        ((), "ok      tally of live tasks: agrees with the rows"),
    ):
        assert line in run("doctor", *asked, **own).stdout.splitlines()


async def test_the_doctor_tells_warnings_from_faults(
    own: dict[str, str], sessions: Sessions, temporal_address: str
) -> None:
    """Open rules are known: exit 0. A command set aside, and a server that is away, are faults: exit 1."""
    own |= {"HOMEWARD_TEMPORAL_ADDRESS": temporal_address, "HOMEWARD_TEMPORAL__NAMESPACE": "default"}
    well = run("doctor", "--json", **own)
    levels = {each["name"]: each["level"] for each in json.loads(well.stdout)["findings"]}
    assert (well.returncode, levels["database"], levels["temporal"], levels["keys"]) == (0, "ok", "ok", "ok")
    assert levels["plan-2024: rules nobody knows yet"] == "warning"
    assert {"migrations", "drift", "commands set aside", "notices not sent"} <= set(levels)
    assert {
        "files with chunks missing": "ok",
        "files past the date they are kept until": "ok",
    }.items() <= levels.items()
    async with sessions.begin() as session:
        await outbox.send(session, "journey-x", "look")
        await session.flush()
        await session.execute(update(Command).values(state="poison"))
    ill = run("doctor", **own)
    assert ill.returncode == 1
    assert "fault   commands set aside: 1" in ill.stdout
    own["HOMEWARD_TEMPORAL_ADDRESS"] = f"127.0.0.1:{free_port()}"
    away = run("doctor", **own)
    assert away.returncode == 1
    assert "fault   temporal: temporal_unavailable" in away.stdout
