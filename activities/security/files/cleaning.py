"""Cleaning a file in a process of its own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from activities.security.files.apart import JOIN, apart
from activities.security.files.kinds import FileType

PROCESS: Final = "activities.security.files.process"


@dataclass(frozen=True)
class Cleaned:
    """A file as it is kept."""

    kind: FileType
    data: bytes


async def cleaned(data: bytes) -> Cleaned:
    """The file without where and by whom it was made; RefusedError for what is not taken."""
    said, rest = await apart(PROCESS, data)
    return Cleaned(FileType(said["kind"]), rest)


async def joined(photographs: Sequence[bytes]) -> Cleaned:
    """Photographs as one PDF, cleaned in the same way; RefusedError where one of them is none."""
    lengths = json.dumps([len(each) for each in photographs]).encode()
    said, rest = await apart(PROCESS, lengths + b"\n" + b"".join(photographs), JOIN)
    return Cleaned(FileType(said["kind"]), rest)
