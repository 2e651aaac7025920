"""What keeps a stack from starting is said in one line, with a code and the way out, and nothing stays behind."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import data_folder
from deploy.local.children import bound_to_us
from deploy.local.errand import cache_folder
from deploy.local.errors import StackError
from deploy.local.leftovers import started, stop_leftovers
from deploy.local.ports import free_port
from deploy.local.postgres import Postgres
from deploy.local.supervisor import Stack
from deploy.local.temporal_cli import bring_cli, find_cli


def quiet(_: str) -> None:
    """Nobody to tell."""


def stack(data: Path, **environ: str) -> Stack:
    """A stack that knows nothing of this machine's environment."""
    return Stack(data, say=quiet, environ=environ)


async def test_a_taken_port_names_the_way_out(tmp_path: Path) -> None:
    """Another program on the port: the person is told of --port, and may start again at once."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = Stack(tmp_path, port=other.getsockname()[1], say=quiet, environ={})
        for _ in range(2):
            with pytest.raises(StackError, match=r"^port-taken: .*--port$"):
                await taken.start()


async def test_a_folder_nobody_can_write_is_named(tmp_path: Path) -> None:
    """A file where the folder should be: said before anything is started."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match=r"^data-folder-unusable: .*--data$"):
        await stack(tmp_path / "file").start()


async def test_a_full_disk_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More room is asked for than any disk has: the line says how much, and the folder can be tried again."""
    monkeypatch.setattr(data_folder, "NEEDED", 1 << 60)
    for _ in range(2):
        with pytest.raises(StackError, match=r"^disk-full: \d+ MB are free .*--data$"):
            await stack(tmp_path / "data").start()
    assert not (tmp_path / "data" / "keys.json").exists()


async def test_a_held_folder_says_who_holds_it(tmp_path: Path) -> None:
    """The second start names the process, since when, and where it answers."""
    with (tmp_path / "lock").open("w") as lock:
        lock.write("process 1 since 2024-03-04 02:00:00 UTC (http://127.0.0.1:8080)")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StackError, match=r"^data-folder-held: .*process 1 since 2024-03-04 .*:8080"):
            await stack(tmp_path).start()


async def test_a_database_or_temporal_that_is_away_is_named(tmp_path: Path) -> None:
    """A wrong address is the person's to correct; the line never repeats the password in it."""
    url = f"postgresql+asyncpg://homeward:secret@127.0.0.1:{free_port()}/homeward"
    with pytest.raises(StackError, match=r"^database-away: HOMEWARD_DATABASE__URL") as refused:
        await stack(tmp_path, HOMEWARD_DATABASE__URL=url).start()
    assert "secret" not in str(refused.value)


async def test_lost_keys_are_never_replaced_in_silence(tmp_path: Path) -> None:
    """A database whose key file is gone is unreadable with new keys: nothing starts until the keys are back."""
    cluster = Postgres(tmp_path / "postgres").home / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("16")
    with pytest.raises(StackError, match=r"^keys-missing: "):
        await stack(tmp_path).start()
    assert not (tmp_path / "keys.json").exists()


def test_no_temporal_to_be_had_names_the_ways(tmp_path: Path) -> None:
    """No binary, no network, no Go: one line names what to set, and no half-made file stays in the cache."""
    env = {
        "PATH": str(tmp_path),
        "HOME": str(tmp_path),
        "HTTPS_PROXY": f"http://127.0.0.1:{free_port()}",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path),
        "UV_NO_INDEX": "1",
        "UV_OFFLINE": "1",
    }
    said: list[str] = []
    with pytest.raises(StackError, match=r"^temporal-missing: .*HOMEWARD_TEMPORAL_ADDRESS.*HOMEWARD_TEMPORAL_CLI.*Go"):
        bring_cli(env, said.append)
    assert any("wheel" in line for line in said)
    assert list(cache_folder(env).iterdir()) == []


def test_temporal_is_looked_for_in_a_fixed_order(tmp_path: Path) -> None:
    """What the person names comes first, then PATH, then the cache all clones share."""
    env = {"PATH": str(tmp_path / "path"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert find_cli(env) is None
    for place in (cache_folder(env), tmp_path / "path", tmp_path / "named"):
        place.mkdir(parents=True)
        (place / "temporal").write_text("#!/bin/sh\n")
        (place / "temporal").chmod(0o755)
        named = {"HOMEWARD_TEMPORAL_CLI": str(place / "temporal")} if place.name == "named" else {}
        assert find_cli(env | named) == place / "temporal"
    with pytest.raises(StackError, match=r"^temporal-cli-unusable: "):
        find_cli(env | {"HOMEWARD_TEMPORAL_CLI": str(tmp_path)})


def test_only_our_own_processes_are_stopped_as_leftovers() -> None:
    """A number the kernel gave to somebody else's process since is left alone; ours is stopped and waited for."""
    with subprocess.Popen(["sleep", "60"]) as ours, subprocess.Popen(["sleep", "60"]) as other:
        known = {
            "worker": {"pid": ours.pid, "started": started(ours.pid), "signal": int(signal.SIGTERM)},
            "api": {"pid": other.pid, "started": "1", "signal": int(signal.SIGTERM)},
        }
        assert stop_leftovers(known) == ["worker"]
        assert ours.wait() == -signal.SIGTERM
        assert other.poll() is None
        other.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    """Kill -9 of the process that started it takes the child along."""
    written = tmp_path / "child"
    parent = (
        "import json, os, subprocess, sys\nfrom deploy.local.children import bound_to_us\n"
        "child = subprocess.Popen(bound_to_us(['sleep', '60']))\n"
        f"open({str(written)!r}, 'w').write(str(child.pid))\nos.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", parent], check=False, cwd=Path(__file__).parents[2])
    pid = int(written.read_text())
    for _ in range(100):
        if not started(pid):
            return
        os.sched_yield()
        subprocess.run(["sleep", "0.05"], check=True)
    pytest.fail("the child outlived its parent")


def test_the_launched_program_keeps_its_number() -> None:
    """What is recorded is the program itself, not a wrapper around it."""
    with subprocess.Popen(bound_to_us(["sh", "-c", "echo $$"]), stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert json.loads(child.stdout.read()) == child.pid
