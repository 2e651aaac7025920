"""The register of patches: every change of a story that journeys under way must not notice has its entry here."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Patch:
    """One id given to `workflow.patched`. It stays until no journey begun before `since` is open, which may take years."""

    id: str
    since: date
    reason: str


PATCHES: tuple[Patch, ...] = ()  # no story has changed since the first release
