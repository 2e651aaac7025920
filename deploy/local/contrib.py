"""A PostgreSQL with contrib, which the embedded one lacks: Temporal's visibility asks for the extension btree_gin."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.local.errand import Errand, Say
from deploy.local.errors import StackError

DEBIAN = Path("/usr/lib/postgresql")  # a folder for each version, each with bin
EXTENSION = "btree_gin"
PROGRAMS = ("postgres", "initdb", "pg_config")
INSTALLING = 600.0  # seconds apt may take


def find_contrib(env: Mapping[str, str], debian: Path = DEBIAN) -> Path | None:
    """Where such a PostgreSQL is installed, the folder above its `bin`: on PATH, else Debian's newest."""
    return next((each for each in _installed(env, debian) if _has_extension(each)), None)


def bring_contrib(
    env: Mapping[str, str], say: Say, stopped: threading.Event | None = None, debian: Path = DEBIAN
) -> Path:
    """Such a PostgreSQL: found, else, as root, installed by apt. StackError names the ways when none works."""
    found = find_contrib(env, debian)
    apt = shutil.which("apt-get", path=env.get("PATH", os.defpath))
    if found is None and apt is not None and os.geteuid() == 0:
        say("No PostgreSQL with contrib is here: installing Debian's package postgresql by apt")
        with tempfile.TemporaryDirectory(prefix="homeward-apt-") as scratch:
            errand = Errand(env, Path(scratch), say, stopped)
            install = [apt, "install", "-y", "-q", "--no-install-recommends", "postgresql"]
            worked, last = errand.run(install, INSTALLING, DEBIAN_FRONTEND="noninteractive")
        if not worked:
            say(f"  it cannot be had: {last}")
        found = find_contrib(env, debian)
    if found is None:
        raise StackError(
            "postgres-contrib-missing",
            f"no PostgreSQL with the extension {EXTENSION} to be had: put postgres, initdb and pg_config of one with "
            "contrib on PATH, or install the package postgresql (as root: apt-get install postgresql)",
        )
    return found


def _installed(env: Mapping[str, str], debian: Path) -> Iterator[Path]:
    on_path = shutil.which("postgres", path=env.get("PATH", os.defpath))
    if on_path:
        yield Path(on_path).resolve().parents[1]
    versions = [each for each in debian.glob("*") if each.name.isdigit()]
    yield from sorted(versions, key=lambda each: int(each.name), reverse=True)


def _has_extension(installed: Path) -> bool:
    """Its own pg_config says where its extensions are; a folder without all programs is a client's, or a wrapper's."""
    if not all(os.access(installed / "bin" / name, os.X_OK) for name in PROGRAMS):
        return False
    asked = [str(installed / "bin" / "pg_config"), "--sharedir"]
    shared = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return bool(shared) and (Path(shared) / "extension" / f"{EXTENSION}.control").exists()
