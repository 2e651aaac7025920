"""Cleaning a file in a process of its own."""

from dataclasses import dataclass

from activities.security.files.apart import apart
from activities.security.files.kinds import FileType

PROCESS = "activities.security.files.process"


@dataclass(frozen=True)
class Cleaned:
    """A file as it is kept."""

    kind: FileType
    data: bytes


async def cleaned(data: bytes) -> Cleaned:
    """The file without where and by whom it was made; Refused for what is not taken."""
    said, rest = await apart(PROCESS, data)
    return Cleaned(FileType(said["kind"]), rest)
