"""Organisations as a tree, entered and renamed."""

from typing import Any

from fastapi import APIRouter, Response

from activities.casework import organising
from activities.casework.errors import FieldProblem
from activities.casework.permits import demand
from activities.plan.access import Verb
from api.deps import Desk
from api.pages.administration.role_days import role_labels
from api.pages.administration.sheet import Sheet, ask, carry_out, checked, draw, given_of, misfits
from api.pages.forms.drawn import Control
from api.pages.show import show, to
from api.pages.visitor import Posted, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import offices
from api.reads import organisations as reads
from api.rest.organisations import OrganisationBody, OrganisationChange
from api.words import marked

ROOM = "/administration/organisations"
ENTERED, CHANGED = ("code", "name_vi", "name_en", "parent", "commune", "mail"), ("name_vi", "name_en", "parent", "mail")
CODE_HELP = marked("Small letters, digits and hyphens, such as school-two. It stays as it is.")
COMMUNE_HELP = marked("The code of its commune, such as tri-an; empty above the communes. It stays as it is.")
PARENT_HELP = marked("Reminders of its overdue tasks go there.")
MAIL_HELP = marked("Only the office's own, never anybody's private one.")
router = APIRouter(prefix=ROOM, include_in_schema=False)


@router.get("")
async def listed(visitor: Visits) -> Response:
    """All of them, each under the one that directs it."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        rows = await offices.tree(desk, in_language_of(visitor, desk).language)
        return await show(visitor, desk, "administration/organisations.html", rows=rows, role_names=role_labels(desk))


@router.get("/new")
async def new(visitor: Visits) -> Response:
    """The empty form."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        return await draw(visitor, desk, await _entering(desk, Wording(in_language_of(visitor, desk).language)), {})


@router.post("")
async def enter(visitor: Visits, form: Posted) -> Response:
    """Enter an organisation; its roles come after."""
    given = given_of(form, ENTERED)

    async def work(desk: Desk) -> dict[str, Any]:
        body = checked(OrganisationBody, given, await _taken(desk, given))
        row = await organising.add_organisation(desk.session, desk.office, desk.actor, body)
        return {"code": row.code}

    done = await carry_out(visitor, form, "organisations", _entering, given, work)
    return done if isinstance(done, Response) else to(f"{ROOM}/{done['code']}", "organisation-entered")


@router.get("/{code}")
async def one(code: str, visitor: Visits) -> Response:
    """One organisation, its roles, and who sits there."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        whole = await reads.organisation(desk, code)
        people = await reads.officers_page(desk, code, "", 200)
        return await show(
            visitor, desk, "administration/organisation.html", own=whole, people=people["items"],
            role_names=role_labels(desk), today=desk.office.today(),
        )  # fmt: skip


@router.get("/{code}/change")
async def change_form(code: str, visitor: Visits) -> Response:
    """The form with what is known."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        own = await reads.organisation(desk, code)
        known = {
            "name_vi": own["name"]["vi"],
            "name_en": own["name"]["en"],
            "parent": own["parent"],
            "mail": own["mail"],
        }
        sheet = await _changing(desk, Wording(in_language_of(visitor, desk).language), code)
        return await draw(visitor, desk, sheet, known)


@router.post("/{code}/change")
async def change(code: str, visitor: Visits, form: Posted) -> Response:
    """Rename it, or say who directs it."""
    given = given_of(form, CHANGED)

    async def work(desk: Desk) -> dict[str, Any]:
        changes = checked(OrganisationChange, given | {"name_en": given["name_en"] or None}).model_dump(
            exclude_none=True
        )
        await organising.change_organisation(desk.session, desk.office, desk.actor, code, changes)
        return {}

    done = await carry_out(
        visitor, form, f"organisations/{code}", lambda desk, wording: _changing(desk, wording, code), given, work
    )
    return done if isinstance(done, Response) else to(f"{ROOM}/{code}", "organisation-changed")


async def _taken(desk: Desk, given: dict[str, Any]) -> tuple[FieldProblem, ...]:
    """A code that is taken, told beside what else is wrong; alone it is the conflict everybody is told of."""
    if misfits(OrganisationBody, given) and await organising.taken(desk.session, given["code"]):
        return (FieldProblem(("code",), "organisation-exists", "is taken"),)
    return ()


async def _entering(desk: Desk, wording: Wording) -> Sheet:
    fields = await _fields(desk, wording)
    code = ask(wording, "code", marked("Code"), help_=CODE_HELP, required=True)
    commune = ask(wording, "commune", marked("Commune code"), help_=COMMUNE_HELP)
    back = (ROOM, wording.gettext("Organisations"))
    title = wording.gettext(marked("Enter an organisation"))
    return Sheet(title, ROOM, (code, *fields[:3], commune, fields[3]), title, back)


async def _changing(desk: Desk, wording: Wording, code: str) -> Sheet:
    title, to_change = wording.gettext(marked("Change the organisation")), f"{ROOM}/{code}/change"
    return Sheet(
        title, to_change, await _fields(desk, wording), wording.gettext(marked("Keep")), (f"{ROOM}/{code}", code)
    )


async def _fields(desk: Desk, wording: Wording) -> tuple[Control, ...]:
    others = [("", wording.gettext(marked("nobody"))), *await offices.names(desk, wording.language)]
    return (
        ask(wording, "name_vi", marked("Name in Vietnamese"), required=True),
        ask(wording, "name_en", marked("Name in English")),
        ask(wording, "parent", marked("Directed by"), "pick", PARENT_HELP, options=others),
        ask(wording, "mail", marked("Mailbox of the office"), help_=MAIL_HELP),
    )
