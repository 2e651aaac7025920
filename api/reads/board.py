"""Stalled steps: how many, how old, by agency and by who is waited for, and who is silent; each number carries its query."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select

from activities.casework.clocks import due_of
from activities.domain.states import LIVE
from activities.plan.access import scope
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.scope import tasks_within
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.tasks import WAITS, state_filter, waits_on

NUMBERS = ("open", "overdue", "unclaimed", "returned", "paused", "undelivered")
SINCE = {  # since when a row stands as it does; else its opening
    "overdue": func.coalesce(Task.overdue_at, Task.due_at),
    "returned": Task.returned_at,
}


async def board(desk: Desk) -> dict[str, Any]:
    """The board of the caller's scope, as of now: every live task is in exactly one group of `waiting_on`."""
    now = desk.office.now()
    rows = {name: state_filter(name, now) for name in NUMBERS}
    counted = [func.count().filter(where).label(name) for name, where in rows.items()]
    oldest = [
        func.min(SINCE.get(name, Task.opened_at)).filter(where).label(f"oldest_{name}") for name, where in rows.items()
    ]
    waits = waits_on().label("waits")
    counts = (
        select(Task.organisation_id, waits, func.max(Task.claimed_at).label("claimed"), *counted, *oldest)
        .join(Journey, Journey.id == Task.journey_id)
        .where(Task.state.in_(list(LIVE)), tasks_within(scope(desk.actor)))
        .group_by(Task.organisation_id, waits)
        .subquery()
    )
    named = select(
        Organisation.code,
        Organisation.name_vi,
        Organisation.heard_at,
        *(each for each in counts.c if each.name != "organisation_id"),
    )
    wanted = named.join(counts, counts.c.organisation_id == Organisation.id).order_by(Organisation.code)
    groups = (await desk.session.execute(wanted)).mappings().all()
    agencies = {
        code: [group for group in groups if group["code"] == code]
        for code in dict.fromkeys(group["code"] for group in groups)
    }
    return {
        "as_of": now,
        "numbers": [{"name": name} | _number(groups, now, name) for name in NUMBERS],
        "agencies": [_agency(own, now, code) for code, own in agencies.items()],
        "silent": _silent(desk, agencies, now),
        "waiting_on": [
            {"on": on} | _number([group for group in groups if group["waits"] == on], now, "open", f"state={on}")
            for on in WAITS
        ],
    }


def _silent(desk: Desk, agencies: Mapping[str, Sequence[RowMapping]], now: datetime) -> list[dict[str, Any]]:
    """Agencies with open tasks of which nothing was heard for the plan's length of silence, longest first.

    `since`: their last sign-in or claim; None where nobody ever signed in. A claim is of somebody who had signed in, so
    the claims of tasks that are still live say enough.
    """
    length = desk.office.shelf.on(desk.office.today()).silent_after.budget
    found = []
    for code, groups in agencies.items():
        claims = (group["claimed"] for group in groups)
        since = max((each for each in (groups[0]["heard_at"], *claims) if each), default=None)
        until = due_of(desk.office, since, length) if since else None
        if until is None or until < now:
            found.append((since, _organisation(groups, code) | {"since": since} | _open(groups, now, code)))
    return [each for _, each in sorted(found, key=lambda one: (one[0] is not None, one[0] or now))]


def _open(groups: Sequence[RowMapping], now: datetime, code: str) -> dict[str, Any]:
    return {"open": _number(groups, now, "open", f"state=open&organisation={code}")}


def _organisation(groups: Sequence[RowMapping], code: str) -> dict[str, Any]:
    return {"organisation": {"code": code, "name": groups[0]["name_vi"]}}


def _number(groups: Sequence[RowMapping], now: datetime, name: str, query: str = "") -> dict[str, Any]:
    """A count, since when the oldest of its rows stands so, that age in case seconds, and the query that lists them."""
    oldest = min((each for group in groups if (each := group[f"oldest_{name}"])), default=None)
    return {
        "count": sum(group[name] for group in groups),
        "oldest": oldest,
        "age": (now - oldest).total_seconds() if oldest else None,
        "query": f"?box=board&{query or f'state={name}'}",
    }


def _agency(groups: Sequence[RowMapping], now: datetime, code: str) -> dict[str, Any]:
    return _organisation(groups, code) | {
        name: _number(groups, now, name, f"state={name}&organisation={code}") for name in NUMBERS
    }
