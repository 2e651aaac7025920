"""Cleaning a file in a process of its own: foreign bytes are opened where there are no keys, little memory and little time."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from activities.security.files.kinds import FileType, Refusal, Refused

AT_ONCE = 2  # local: each may need hundreds of megabytes for a moment
PATIENCE = 60.0  # real seconds a file may take
PROCESS = "activities.security.files.process"


@dataclass(frozen=True)
class Cleaned:
    """A file as it is kept."""

    kind: FileType
    data: bytes


async def cleaned(data: bytes) -> Cleaned:
    """The file without where and by whom it was made; Refused for what is not taken."""
    return await asyncio.get_running_loop().run_in_executor(_hands(), _apart, data)


async def joined(photographs: Sequence[bytes]) -> Cleaned:
    """Photographs as one PDF, cleaned in the same way; Refused where one of them is none."""
    data = json.dumps([len(each) for each in photographs]).encode() + b"\n" + b"".join(photographs)
    return await asyncio.get_running_loop().run_in_executor(_hands(), _apart, data, "join")


@lru_cache(maxsize=1)
def _hands() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "cleaning")


def _apart(data: bytes, *how: str) -> Cleaned:
    """One file in one process, whose environment holds no setting and no key."""
    bare = {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each), "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that runs us, a module of ours
            [sys.executable, "-m", PROCESS, *how],
            input=data,
            env=bare,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(Refusal.BROKEN) from None
    told, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not told:
        raise Refused(Refusal.BROKEN)
    said = json.loads(told)
    if "refused" in said:
        raise Refused(Refusal(said["refused"]))
    return Cleaned(FileType(said["kind"]), rest)
