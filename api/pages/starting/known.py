"""What is known already that a start goes by: communes, agencies, who leads today, and journeys that may be the same person's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from activities.casework.holders import HOLDING
from activities.casework.imports import OPENED, before
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.together import Together
from api.deps import Desk
from api.pages.communes import HELD, offered
from api.pages.starting.leading import another, led_today
from api.pages.wording import Wording
from api.reads.duplicates import ALIKE, Likely, for_each, sealed
from api.reads.offices import CALLED, called

QUESTIONS: dict[str, Any] = {"communes": HELD, "agencies": CALLED, "lead": HOLDING, "likely": ALIKE, "opened": OPENED}


@dataclass(frozen=True)
class KnownAlready:
    """What was asked for; the rest is empty. `likely`: for each of the people; `opened`: by the digest of a sheet's row."""

    communes: list[tuple[str, str]]
    agencies: list[tuple[str, str]]
    lead: Organisation | None
    likely: list[list[Likely]]
    opened: dict[str, Journey]


async def known(
    desk: Desk, wording: Wording, *names: str, people: Sequence[Mapping[str, str]] = (), digests: Iterable[str] = ()
) -> KnownAlready:
    """These of QUESTIONS, asked as one; `people` and `digests` are those that may be known already."""
    given = led_today(desk) | sealed(desk, people) | before(desk.actor, digests)
    found = defaultdict[str, list[Any]](list, await _asked(names).ask(desk.session, given))
    return KnownAlready(
        offered(found["communes"], wording),
        called(found["agencies"], wording.language),
        another(desk, next(iter(found["lead"]), None)),
        for_each(desk, people, found["likely"]),
        dict(found["opened"]),
    )


@lru_cache(maxsize=len(QUESTIONS) * 2)
def _asked(names: tuple[str, ...]) -> Together:
    return Together(**{name: QUESTIONS[name] for name in names})
