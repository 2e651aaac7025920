"""Temporal's own server on PostgreSQL: what it needs is found in a fixed order or refused in one line, and never half there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.bench.running import comparable, server_of
from deploy.local.children import ROOT
from deploy.local.contrib import DEBIAN, bring_contrib, find_contrib
from deploy.local.errand import cache_folder
from deploy.local.errors import StackError
from deploy.local.ports import free_port, free_ports
from deploy.local.postgres import Postgres
from deploy.local.production_server import ProductionServer, configure
from deploy.local.temporal_programs import VERSION, Programs, bring_programs, find_programs


def program(path: Path, text: str = "") -> Path:
    """A program where there was none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def postgres_at(installed: Path, *, contrib: bool) -> Path:
    """The programs of a PostgreSQL, with its extensions or without."""
    for name in ("postgres", "initdb"):
        program(installed / "bin" / name)
    program(installed / "bin" / "pg_config", f"echo {installed}/share")
    (installed / "share/extension").mkdir(parents=True)
    if contrib:
        (installed / "share/extension/btree_gin.control").touch()
    return installed


def cut_off(folder: Path) -> dict[str, str]:
    """An environment without programs, network or packages: nothing can be built in it."""
    nothing = folder / "nothing"
    nothing.mkdir(exist_ok=True)
    return {
        "PATH": str(nothing),
        "HOME": str(folder),
        "HTTPS_PROXY": f"http://127.0.0.1:{free_port()}",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(nothing),
        "UV_NO_INDEX": "1",
        "UV_OFFLINE": "1",
    }


def test_the_server_is_looked_for_with_its_tool_in_a_fixed_order(tmp_path: Path) -> None:
    """What the person names comes first, then PATH, then the cache; a server without the tool of its tables is none."""
    env = {"PATH": str(tmp_path / "path"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    cached = cache_folder(env) / f"temporal-server-{VERSION}"
    for folder, server, tool in (
        (cached, "server", "sql"),
        (tmp_path / "path", "temporal-server", "temporal-sql-tool"),
        (tmp_path / "named", "temporal-server", "sql"),
    ):
        before = find_programs(env)
        program(folder / server)
        assert find_programs(env) == before
        program(folder / tool)
        named = {"HOMEWARD_TEMPORAL_SERVER": str(folder / server)} if folder.name == "named" else {}
        assert find_programs(env | named) == Programs(folder / server, folder / tool)
    program(tmp_path / "alone/temporal-server")
    with pytest.raises(StackError, match=r"^temporal-server-unusable: .*temporal-sql-tool"):
        find_programs(env | {"HOMEWARD_TEMPORAL_SERVER": str(tmp_path / "alone/temporal-server")})


def test_no_server_to_be_had_names_the_ways(tmp_path: Path) -> None:
    """No binary, no network, no Go: one line names what to do, and nothing half made stays in the cache."""
    with pytest.raises(StackError, match=r"^temporal-server-missing: .*PATH.*HOMEWARD_TEMPORAL_SERVER.*Go 1\.26\.4"):
        bring_programs(cut_off(tmp_path), lambda _: None)
    assert list(cache_folder(cut_off(tmp_path)).iterdir()) == []


def test_a_built_server_enters_the_cache_with_its_tool(tmp_path: Path) -> None:
    """A build that leaves one program of the two is no server; one that leaves both is found by the next clone."""
    env = cut_off(tmp_path) | {"PATH": f"{tmp_path / 'go'}:{os.defpath}"}
    says = 'if [ "$1" = version ]; then echo "go version go1.26.4 linux/amd64"; exit; fi; mkdir -p "$GOBIN"; '
    for names, held in (("server", False), ("server sql", True)):
        program(tmp_path / "go/go", says + f'for n in {names}; do echo > "$GOBIN/$n"; done; chmod -R 755 "$GOBIN"')
        if held:
            assert bring_programs(env, lambda _: None) == find_programs(env) is not None
        else:
            with pytest.raises(StackError, match=r"^temporal-server-missing: "):
                bring_programs(env, lambda _: None)
            assert list(cache_folder(env).iterdir()) == []


def test_only_a_postgres_with_contrib_will_do(tmp_path: Path) -> None:
    """One on PATH, through whatever link, comes before Debian's; of Debian's the newest; one without the extension never."""
    debian, env = tmp_path / "debian", {"PATH": str(tmp_path / "path")}
    postgres_at(debian / "17", contrib=False)
    assert find_contrib(env, debian) is None
    for version in ("9", "15"):
        postgres_at(debian / version, contrib=True)
    assert find_contrib(env, debian) == debian / "15"
    own = postgres_at(tmp_path / "own", contrib=True)
    (tmp_path / "path").mkdir()
    (tmp_path / "path/postgres").symlink_to(own / "bin/postgres")
    assert find_contrib(env, debian) == own


def test_no_postgres_with_contrib_names_the_ways(tmp_path: Path) -> None:
    """Where apt does not help either, as on a machine without network: one line, with what to install."""
    program(tmp_path / "path/apt-get", "echo no network; exit 100")
    said: list[str] = []
    with pytest.raises(StackError, match=r"^postgres-contrib-missing: .*btree_gin.*PATH.*apt-get install postgresql"):
        bring_contrib({"PATH": str(tmp_path / "path")}, said.append, debian=tmp_path / "debian")
    assert said[1:] == (["  it cannot be had: no network"] if os.geteuid() == 0 else [])


def test_all_of_it_listens_to_this_machine_alone(tmp_path: Path) -> None:
    """Every part on loopback, on ports of its own that it keeps when it is started again; nothing of ours handed on."""
    postgres = Postgres(tmp_path / "temporal-postgres")
    settings = configure(tmp_path / "temporal")
    server = ProductionServer(tmp_path / "server", postgres, settings, free_port())
    env = server.env
    assert env == server.env
    ports = [value for name, value in env.items() if name.endswith("_PORT") and name != "DB_PORT"]
    assert (9, 9) == (len(ports), len(set(ports)))
    assert {"127.0.0.1"} == {env[name] for name in ("BIND_ON_IP", "TEMPORAL_BROADCAST_ADDRESS", "POSTGRES_SEEDS")}
    assert [] == [name for name in env if name.startswith("HOMEWARD_")]
    tuned = json.loads(Path(env["DYNAMIC_CONFIG_FILE_PATH"]).read_text())
    assert [{"value": 1}] == tuned["matching.numTaskqueueReadPartitions"]
    assert len(set(free_ports(50))) == 50
    assert max(free_ports(50)) < 1 << 15  # Temporal's own table holds no higher one


def test_like_is_compared_with_like() -> None:
    """A run on PostgreSQL is never shown beside one on the dev server, nor a quick one beside a whole one."""
    first, second = {"quick": False, "at": 1}, {"quick": False, "temporal": "postgres", "at": 2}
    quick = {"quick": True, "temporal": "dev", "at": 3}
    asked = {"quick": False, "temporal": "dev"}
    assert comparable(asked, [first, second, quick]) == first
    assert comparable(asked | {"temporal": "postgres"}, [first, quick]) is None


def test_a_run_on_a_server_that_is_named_says_so() -> None:
    """The account never claims a server it did not choose; two wishes that differ are refused before anything starts."""
    named = {"HOMEWARD_TEMPORAL_ADDRESS": "127.0.0.1:7233"}
    assert ["dev", "postgres", "given"] == [server_of("dev", {}), server_of("postgres", {}), server_of("dev", named)]
    with pytest.raises(StackError, match=r"^temporal-named-twice: "):
        server_of("postgres", named)
    with pytest.raises(StackError, match=r"^temporal-kind-unknown: mysql: .*dev, postgres"):
        server_of("mysql", {})


@pytest.mark.timeout(600)
def test_a_hop_is_measured_on_the_server_of_production(tmp_path: Path) -> None:
    """Where both programs and a PostgreSQL with contrib are here the bench runs on them; elsewhere it says what is missing.

    Nothing is built or installed for a test: three minutes, and the machine is not ours.
    """
    given = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    server = {name: os.environ[name] for name in ("HOMEWARD_TEMPORAL_SERVER",) if name in os.environ}
    here = find_programs(os.environ) is not None and find_contrib(os.environ) is not None
    where = ["--data", str(tmp_path / "bench"), "--results", str(tmp_path / "results.jsonl")]
    ran = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "bench", "--temporal", "postgres", "--only", "hop", "--quick", "--json", *where],
        env=given | server | ({} if here else cut_off(tmp_path)), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if not here:
        missing = "temporal-server" if find_contrib(cut_off(tmp_path), DEBIAN) else "postgres-contrib"
        assert (1, True) == (ran.returncode, f"{missing}-missing: " in ran.stderr.splitlines()[-1])
        return
    assert ran.returncode in (0, 1), ran.stderr
    result = json.loads(ran.stdout)
    assert ("postgres", True) == (result["temporal"], bool(result["temporal_version"]))
    assert result["budgets"][0]["value"] > 0
