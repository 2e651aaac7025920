"""Duty contacts: of the territory, of the two offices a task concerns, and of those of a journey."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from activities.casework.contacts import Reached, reached
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.names import named
from api.sorting import unmarked, unmarked_column


def shape(found: Reached) -> dict[str, Any]:
    """How one office is reached."""
    own = found.organisation
    return {
        "organisation": named(own),
        "phone": found.phone,
        "hours": found.hours,
        "on_call": list(found.on_call),
        "as_of": found.at,
    }


async def page(desk: Desk, cursor: str, limit: int, search: str = "") -> dict[str, Any]:
    """Offices of the caller's territory by code; `cursor` is the last code seen.

    `search`: words of the office's name in either language, or their beginnings, with or without their accents.
    """
    wanted = select(Organisation).where(Organisation.territory == desk.actor.territory, Organisation.code > cursor)
    if words := unmarked(search).split():
        wanted = wanted.where(or_(*(_holds(each, words) for each in (Organisation.name_vi, Organisation.name_en))))
    rows = list(await desk.session.scalars(wanted.order_by(Organisation.code).limit(limit + 1)))
    items = [shape(each) for each in await reached(desk.session, desk.office, rows[:limit])]
    return {"items": items, "next": rows[limit - 1].code if len(rows) > limit else None}


def _holds(name: Any, words: Collection[str]) -> ColumnElement[bool]:
    apart = func.concat(" ", unmarked_column(name))
    return and_(*(apart.contains(f" {each}", autoescape=True) for each in words))


async def of_task(desk: Desk, task: Task, journey: Journey) -> dict[str, Any]:
    """Of the holder, and of the lead whose coordinator takes what is sent back."""
    found = await _by_id(desk, {task.organisation_id, journey.lead_id})
    return {"holder": found[task.organisation_id], "lead": found[journey.lead_id]}


async def of_journey(desk: Desk, journey: Journey, holders: Collection[str]) -> list[dict[str, Any]]:
    """Of the lead first, then of the offices whose tasks the caller may know of."""
    found = await _by_id(desk, {journey.lead_id, *holders})
    return [found.pop(journey.lead_id), *found.values()]


async def _by_id(desk: Desk, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    rows = list(
        await desk.session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.code))
    )
    return {each.organisation.id: shape(each) for each in await reached(desk.session, desk.office, rows)}
