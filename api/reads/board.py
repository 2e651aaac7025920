"""Stalled steps: how many, how old, by agency, by kind and by who is waited for, and who is silent; each number carries its query."""

from datetime import datetime
from typing import Any

from activities.casework.clocks import due_of
from api.deps import Desk
from api.reads.tallies import NUMBERS, SOON, Agency, Count, Tallied, tallied
from api.reads.tasks import AGES, OLDER, WAITS


async def board(desk: Desk) -> dict[str, Any]:
    """The board of the caller's scope, as of now: every live task is in exactly one group of `waiting_on`, and of `profile`.

    `due_this_week`: its clock goes on, and it is due between now and the end of Sunday.
    """
    now = desk.office.now()
    found = await tallied(desk, now)
    agencies = [(each.agency, each) for each in found if each.agency]
    kinds = [each for each in found if each.kind]
    [whole] = [each for each in found if not each.agency and not each.kind]
    return {
        "as_of": now,
        "numbers": [{"name": name} | _number(whole.dated[name], now, f"state={name}") for name in NUMBERS],
        "agencies": [
            {"organisation": _named(own)} | _numbers(each, now, f"&organisation={own.code}") for own, each in agencies
        ],
        "kinds": [{"kind": each.kind} | _numbers(each, now, f"&kind={each.kind}") for each in kinds],
        "silent": _silent(desk, agencies, now),
        "waiting_on": [{"on": on} | _number(whole.dated[on], now, f"state={on}") for on in WAITS],
        SOON: _counted(whole.plain[SOON], f"state={SOON}"),
        "profile": _profile(whole),
    }


def _numbers(found: Tallied, now: datetime, which: str) -> dict[str, Any]:
    """Every number of an agency or of a kind, and how old what it has open is."""
    numbers: dict[str, Any] = {name: _number(found.dated[name], now, f"state={name}{which}") for name in NUMBERS}
    return numbers | {SOON: _counted(found.plain[SOON], f"state={SOON}{which}"), "profile": _profile(found, which)}


def _number(count: Count, now: datetime, query: str) -> dict[str, Any]:
    """A count, since when the oldest of its rows stands so, that age in case seconds, and the query that lists them."""
    age = (now - count.oldest).total_seconds() if count.oldest else None
    return {"count": count.n, "oldest": count.oldest, "age": age, "query": f"?box=board&{query}"}


def _counted(n: int, query: str) -> dict[str, Any]:
    return {"count": n, "query": f"?box=board&{query}"}


def _profile(found: Tallied, which: str = "") -> list[dict[str, Any]]:
    """Open tasks by the days since they were opened: at most `days` and more than the group before; None: all older ones."""
    return [{"days": AGES.get(name)} | _counted(found.plain[name], f"state={name}{which}") for name in (*AGES, OLDER)]


def _silent(desk: Desk, agencies: list[tuple[Agency, Tallied]], now: datetime) -> list[dict[str, Any]]:
    """Agencies with open tasks of which nothing was heard for the plan's length of silence, longest first.

    `since`: their last sign-in or claim; None where nobody ever signed in. A claim is of somebody who had signed in, so
    the claims of tasks that are still live say enough. `phone`, `hours`: on duty, as written down.
    """
    length, found = desk.office.shelf.on(desk.office.today()).silent_after.budget, []
    heard = [(max((at for at in (own.heard_at, own.claimed) if at), default=None), own, each) for own, each in agencies]
    for since, own, each in sorted(heard, key=lambda one: (one[0] is not None, one[0] or now)):
        if since and (due_of(desk.office, since, length) or now) >= now:
            break  # whoever comes after was heard of later
        about = {"since": since, "phone": own.phone, "hours": own.hours}
        counted = _number(each.dated["open"], now, f"state=open&organisation={own.code}")
        found.append({"organisation": _named(own)} | about | {"open": counted})
    return found


def _named(own: Agency) -> dict[str, str]:
    return {"code": own.code, "name": own.name, "name_en": own.name_en}
