"""The roles of the plan an organisation holds: given and ended by date, never so that a running journey finds nobody."""

from typing import Any

from fastapi import APIRouter, Response

from activities.casework import roles
from activities.casework.organising import organisation_of
from activities.casework.permits import demand
from activities.domain.text import Text
from activities.plan.access import Verb
from api.deps import Desk
from api.pages.administration.sheet import Sheet, ask, carry_out, checked, draw, typed
from api.pages.forms.drawn import Control
from api.pages.show import to
from api.pages.visitor import Posted, Visits, in_language_of
from api.pages.wording import Wording
from api.reads.organisations import organisation
from api.rest.organisations import RoleBody, RoleEnd
from api.sorting import by_name
from api.words import marked

ROOM = "/administration/organisations"
router = APIRouter(prefix=f"{ROOM}/{{code}}/roles", include_in_schema=False)


def role_labels(desk: Desk) -> dict[str, Text]:
    """The roles of the plans in use, by code; of two plans the one in force today says how."""
    today = desk.office.shelf.on(desk.office.today())
    return {each.code: each.label for plan in (*desk.office.shelf.current, today) for each in plan.roles}


@router.get("/new")
async def role_form(code: str, visitor: Visits) -> Response:
    """A role of the plan, from a day on."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        await organisation_of(desk.session, desk.actor, code)
        sheet = await _giving(desk, Wording(in_language_of(visitor, desk).language), code)
        return await draw(visitor, desk, sheet, {"from": desk.office.today().isoformat()})


@router.post("")
async def give(code: str, visitor: Visits, form: Posted) -> Response:
    """Give it."""
    given = typed((_day("from"), _day("to")), form) | {"role": str(form.get("role", ""))}

    async def work(desk: Desk) -> dict[str, Any]:
        body = checked(RoleBody, given | {"to": given["to"] or None})
        await roles.give_role(desk.session, desk.office, desk.actor, code, **body.model_dump())
        return {}

    done = await carry_out(
        visitor, form, f"roles/{code}", lambda desk, wording: _giving(desk, wording, code), given, work
    )
    return done if isinstance(done, Response) else to(f"{ROOM}/{code}", "role-given")


@router.get("/{role_id}/end")
async def end_form(code: str, role_id: str, visitor: Visits) -> Response:
    """The last day of a role."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        sheet = await _ending(desk, Wording(in_language_of(visitor, desk).language), code, role_id)
        return await draw(visitor, desk, sheet, {"to": desk.office.today().isoformat()})


@router.post("/{role_id}/end")
async def end(code: str, role_id: str, visitor: Visits, form: Posted) -> Response:
    """End it, never so that a running journey finds nobody."""
    given = typed((_day("to"),), form)

    async def work(desk: Desk) -> dict[str, Any]:
        last = checked(RoleEnd, given).until
        await roles.end_role(desk.session, desk.office, desk.actor, code, role_id, last)
        return {}

    done = await carry_out(
        visitor, form, f"role/{role_id}", lambda desk, wording: _ending(desk, wording, code, role_id), given, work
    )
    return done if isinstance(done, Response) else to(f"{ROOM}/{code}", "role-ended")


def _day(name: str) -> Control:
    """A day to be read, however it is labelled."""
    return Control(name, "date", "", "", required=False)


async def _giving(desk: Desk, wording: Wording, code: str) -> Sheet:
    known = [(name, label.in_(wording.language)) for name, label in role_labels(desk).items()]
    title = wording.gettext(marked("Give a role"))
    fields = (
        ask(wording, "role", marked("Role of the plan"), "pick", options=by_name(known, lambda each: each[1]), required=True),
        ask(wording, "from", marked("First day"), "date", required=True),
        ask(wording, "to", marked("Last day"), "date", marked("Empty while it is open.")),
    )  # fmt: skip
    told = wording.gettext(marked("Of two that hold a role, the one that began last is asked."))
    return Sheet(title, f"{ROOM}/{code}/roles", fields, title, (f"{ROOM}/{code}", code), (told,))


async def _ending(desk: Desk, wording: Wording, code: str, role_id: str) -> Sheet:
    holder = await organisation(desk, code)
    named = [
        f"{role_labels(desk)[each['role']].in_(wording.language)} – {wording.text(holder['name'])}"
        for each in holder["roles"]
        if each["id"] == role_id
    ]
    title = wording.gettext(marked("End the role"))
    fields = (ask(wording, "to", marked("Last day"), "date", required=True),)
    told = wording.gettext(marked("New tasks go elsewhere from the day after; live ones stay with the office."))
    return Sheet(title, f"{ROOM}/{code}/roles/{role_id}/end", fields, title, (f"{ROOM}/{code}", code), (*named, told))
