"""Foreign bytes are opened in a process of their own: no keys, little memory, little time."""

import asyncio
import json
import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final, Literal

from activities.security.files.kinds import RefusalError, RefusedError

AT_ONCE = 2  # local: each may need hundreds of megabytes for a moment
PATIENCE = 60.0  # real seconds a file may take
MEMORY, SECONDS = 1_500_000_000, 45
LIMITS = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: SECONDS, resource.RLIMIT_FSIZE: 0}

Opener = Literal["activities.security.files.process", "activities.security.files.sheets"]
How = Literal["join"]
JOIN: Final = "join"  # several photographs, one after another, into one file


async def apart(module: Opener, data: bytes, *how: How) -> tuple[dict[str, Any], bytes]:
    """Run a module of ours on a file: the line of JSON it tells, and the bytes after it. RefusedError for what is not taken."""
    return await asyncio.get_running_loop().run_in_executor(_hands(), _run, module, data, *how)


def limit_self() -> None:
    """What such a process does first."""
    for which, most in LIMITS.items():
        with suppress(ValueError, OSError):  # a system that does not know the limit has its parent's patience
            resource.setrlimit(which, (most, most))


@lru_cache(maxsize=1)
def _hands() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "cleaning")


def _run(module: Opener, data: bytes, *how: How) -> tuple[dict[str, Any], bytes]:
    """One file in one process, whose environment holds no setting and no key."""
    bare = {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each), "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(  # noqa: S603 - our interpreter and the literals of Opener and How: no other text can stand in the command, the file comes on standard input
            [sys.executable, "-m", module, *how],
            input=data,
            env=bare,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RefusedError(RefusalError.BROKEN) from None
    told, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not told:  # whatever a foreign file made a parser say, it cannot be read
        raise RefusedError(RefusalError.BROKEN)
    said: dict[str, Any] = json.loads(told)
    if "refused" in said:
        raise RefusedError(RefusalError(said["refused"]))
    return said, rest
