"""Journeys that may be the same person's: by the seals of exact names and numbers, told by reference and day alone."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, tuple_

from activities.casework.persons import INDEXED
from activities.plan.access import scope
from activities.security.blind_index import index
from activities.security.errors import IndexValueError
from activities.store.journeys import Journey
from activities.store.persons import PersonIndex
from api.deps import Desk

MOST = 500  # rows of the index one question brings


class Likely(NamedTuple):
    """A journey of the lead's own that may be meant."""

    id: str
    reference: str
    opened_at: datetime


async def likely(desk: Desk, people: Sequence[Mapping[str, str]]) -> list[list[Likely]]:
    """For each of the people, journeys the caller leads that have the same name, number or telephone; one question."""
    sealed = [list(_seals(desk, each)) for each in people]
    wanted = {seal for seals in sealed for seal in seals}
    if not wanted:
        return [[] for _ in people]
    rows = await desk.session.execute(
        select(PersonIndex.field, PersonIndex.digest, Journey.id, Journey.reference, Journey.opened_at)
        .join(Journey, Journey.id == PersonIndex.journey_id)
        .where(
            tuple_(PersonIndex.field, PersonIndex.digest).in_(sorted(wanted)),
            Journey.lead_id.in_(scope(desk.actor).led_by),
        )
        .order_by(Journey.opened_at.desc())
        .limit(MOST)
    )
    found = dict[tuple[str, str], list[Likely]]()
    for field, digest, journey, reference, opened_at in rows:
        found.setdefault((field, digest), []).append(Likely(journey, reference, opened_at))
    return [list(dict.fromkeys(one for seal in seals for one in found.get(seal, ()))) for seals in sealed]


def _seals(desk: Desk, person: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for field, form in INDEXED.items():
        with suppress(IndexValueError):
            yield field, str(index(desk.office.keyring, field, person.get(field, ""), form))
