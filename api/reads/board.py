"""Stalled steps: how many, how old, by agency and by who is waited for; each number carries the query of its rows."""

from typing import Any

from sqlalchemy import case, func, select

from activities.domain.states import LIVE
from activities.plan.access import scope
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.scope import tasks_within
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.tasks import state_filter

NUMBERS = ("open", "overdue", "unclaimed", "returned", "paused", "undelivered")
PERSON, COURT = "record_choice", "protect_rights_in_proceedings"


async def board(desk: Desk) -> dict[str, Any]:
    """The board of the caller's scope, as of now."""
    counted = [func.count().filter(state_filter(name)).label(name) for name in NUMBERS]
    oldest = [func.min(Task.due_at).filter(state_filter(name)).label(f"oldest_{name}") for name in NUMBERS]
    waits = case((Task.kind == PERSON, "person"), (Task.kind == COURT, "court"), else_="agency").label("waits")
    wanted = (
        select(Organisation.code, Organisation.name_vi, waits, *counted, *oldest)
        .join(Journey, Journey.id == Task.journey_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(Task.state.in_(list(LIVE)), tasks_within(scope(desk.actor)))
        .group_by(Organisation.code, Organisation.name_vi, waits)
        .order_by(Organisation.code)
    )
    groups = [dict(row) for row in (await desk.session.execute(wanted)).mappings()]
    return {
        "as_of": desk.office.now(),
        "numbers": [_number(groups, name) for name in NUMBERS],
        "agencies": [_agency(groups, code) for code in dict.fromkeys(group["code"] for group in groups)],
        "waiting_on": _waiting(groups),
    }


def _number(groups: list[dict[str, Any]], name: str) -> dict[str, Any]:
    ages = [group[f"oldest_{name}"] for group in groups if group[f"oldest_{name}"]]
    return {
        "name": name,
        "count": sum(group[name] for group in groups),
        "oldest": min(ages, default=None),
        "query": f"?box=board&state={name}",
    }


def _agency(groups: list[dict[str, Any]], code: str) -> dict[str, Any]:
    own = [group for group in groups if group["code"] == code]
    ages = [group["oldest_open"] for group in own if group["oldest_open"]]
    return {"organisation": {"code": code, "name": own[0]["name_vi"]}, "oldest_due": min(ages, default=None)} | {
        name: {"count": sum(group[name] for group in own), "query": f"?box=board&state={name}&organisation={code}"}
        for name in NUMBERS
    }


def _waiting(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = {"person": f"&kind={PERSON}", "court": f"&kind={COURT}", "agency": f"&not_kind={PERSON},{COURT}"}
    return [
        {
            "on": on,
            "count": sum(group["open"] for group in groups if group["waits"] == on),
            "query": f"?box=board&state=open{query}",
        }
        for on, query in kinds.items()
    ]
