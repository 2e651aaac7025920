"""Stalled steps: how many, how old, by agency, by kind and by who is waited for, and who is silent; each number carries its query."""

from datetime import datetime
from typing import Any

from activities.casework.clocks import due_of
from api.deps import Desk
from api.reads.tallies import Count, Counts, Line, lines
from api.reads.tasks import AGES, OLDER, WAITS

NUMBERS = ("open", "overdue", "unclaimed", "returned", "paused", "undelivered")
SOON = "due_this_week"


async def board(desk: Desk) -> dict[str, Any]:
    """The board of the caller's scope, as of now: every live task is in exactly one group of `waiting_on`, and of `profile`.

    `due_this_week`: its clock goes on, and it is due between now and the end of Sunday.
    """
    now = desk.office.now()
    found = await lines(desk, now)
    agencies = {line.code: line for line in found}
    by_agency = {code: Counts() for code in agencies}
    by_kind, whole = {kind: Counts() for kind in sorted({line.kind for line in found})}, Counts()
    for line in found:
        for count in line.counts():
            by_agency[line.code].add(*count)
            by_kind[line.kind].add(*count)
    for count in (each for own in by_agency.values() for each in own.all):
        whole.add(*count)
    return {
        "as_of": now,
        "numbers": [{"name": name} | _number(whole.of(name), now, f"state={name}") for name in NUMBERS],
        "agencies": [
            _organisation(agencies[code]) | _numbers(counts, now, f"&organisation={code}")
            for code, counts in by_agency.items()
        ],
        "kinds": [{"kind": kind} | _numbers(counts, now, f"&kind={kind}") for kind, counts in by_kind.items()],
        "silent": _silent(desk, agencies, by_agency, now),
        "waiting_on": [{"on": on} | _number(whole.of(on), now, f"state={on}") for on in WAITS],
        SOON: _counted(whole.of(SOON), f"state={SOON}"),
        "profile": _profile(whole),
    }


def _numbers(counts: Counts, now: datetime, which: str) -> dict[str, Any]:
    """Every number of an agency or of a kind, and how old what it has open is."""
    numbers: dict[str, Any] = {name: _number(counts.of(name), now, f"state={name}{which}") for name in NUMBERS}
    return numbers | {SOON: _counted(counts.of(SOON), f"state={SOON}{which}"), "profile": _profile(counts, which)}


def _number(count: Count, now: datetime, query: str) -> dict[str, Any]:
    """A count, since when the oldest of its rows stands so, that age in case seconds, and the query that lists them."""
    age = (now - count.oldest).total_seconds() if count.oldest else None
    return {"count": count.n, "oldest": count.oldest, "age": age, "query": f"?box=board&{query}"}


def _counted(count: Count, query: str) -> dict[str, Any]:
    return {"count": count.n, "query": f"?box=board&{query}"}


def _profile(counts: Counts, which: str = "") -> list[dict[str, Any]]:
    """Open tasks by the days since they were opened: at most `days` and more than the group before; None: all older ones."""
    return [{"days": AGES.get(name)} | _counted(counts.of(name), f"state={name}{which}") for name in (*AGES, OLDER)]


def _silent(desk: Desk, agencies: dict[str, Line], counts: dict[str, Counts], now: datetime) -> list[dict[str, Any]]:
    """Agencies with open tasks of which nothing was heard for the plan's length of silence, longest first.

    `since`: their last sign-in or claim; None where nobody ever signed in. A claim is of somebody who had signed in, so
    the claims of tasks that are still live say enough. `phone`, `hours`: on duty, as written down.
    """
    length = desk.office.shelf.on(desk.office.today()).silent_after.budget
    found = []
    for code, own in agencies.items():
        since = max((each for each in (own.heard_at, own.claimed) if each), default=None)
        until = due_of(desk.office, since, length) if since else None
        if until is None or until < now:
            about = {"since": since, "phone": own.phone, "hours": own.hours}
            found.append((since, _organisation(own) | about | _open(counts[code], now, code)))
    return [each for _, each in sorted(found, key=lambda one: (one[0] is not None, one[0] or now))]


def _open(counts: Counts, now: datetime, code: str) -> dict[str, Any]:
    return {"open": _number(counts.of("open"), now, f"state=open&organisation={code}")}


def _organisation(line: Line) -> dict[str, Any]:
    return {"organisation": {"code": line.code, "name": line.name, "name_en": line.name_en}}
