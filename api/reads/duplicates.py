"""Journeys that may be the same person's: by the seals of exact names and numbers, told by reference and day alone."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, tuple_

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


ALIKE = (
    select(PersonIndex.field, PersonIndex.digest, Journey.id, Journey.reference, Journey.opened_at)
    .join(Journey, Journey.id == PersonIndex.journey_id)
    .where(
        tuple_(PersonIndex.field, PersonIndex.digest).in_(bindparam("seals", expanding=True)),
        Journey.lead_id.in_(bindparam("led_by", expanding=True)),
    )
    .order_by(Journey.opened_at.desc())
    .limit(MOST)
)
"""Journeys that have one of these seals, of these leads; newest first."""


async def likely(desk: Desk, people: Sequence[Mapping[str, str]]) -> list[list[Likely]]:
    """For each of the people, journeys the caller leads that have the same name, number or telephone; one question at most."""
    given = sealed(desk, people)
    rows = await desk.session.execute(ALIKE, given) if given["seals"] else ()
    return for_each(desk, people, rows)


def sealed(desk: Desk, people: Sequence[Mapping[str, str]]) -> dict[str, object]:
    """What ALIKE is asked with for these people."""
    wanted = {seal for each in people for seal in _seals(desk, each)}
    return {"seals": sorted(wanted), "led_by": sorted(scope(desk.actor).led_by)}


def for_each(desk: Desk, people: Sequence[Mapping[str, str]], rows: Iterable[Any]) -> list[list[Likely]]:
    """Of the rows of ALIKE, those that may be meant by each of the people; a journey once."""
    found = dict[tuple[str, str], list[Likely]]()
    for field, digest, journey, reference, opened_at in rows:
        found.setdefault((field, digest), []).append(Likely(journey, reference, opened_at))
    return [list(dict.fromkeys(one for seal in _seals(desk, each) for one in found.get(seal, ()))) for each in people]


def _seals(desk: Desk, person: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for field, form in INDEXED.items():
        with suppress(IndexValueError):
            yield field, str(index(desk.office.keyring, field, person.get(field, ""), form))
