"""Officers: searched, invited by a link that works once, changed."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from starlette.datastructures import FormData

from activities.casework import appointing
from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.permits import demand
from activities.domain.states import Role
from activities.plan.access import Verb
from api.deps import Desk
from api.pages.administration.sheet import Sheet, ask, carry_out, checked, draw, given_of, misfits
from api.pages.forms.drawn import Control
from api.pages.show import show, to
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import offices
from api.reads import organisations as reads
from api.rest.appointments import OfficerBody, OfficerChange
from api.words import marked

ROOM = "/administration/officers"
PER_PAGE = 50
CHANGED = ("name", "organisation", "mail", "language")
USERNAME_HELP = marked("Small letters and digits, with a point, hyphen or underscore between, such as lan.tran.")
ROLES_HELP = marked("An administrator sees no case: the role stands alone.")
MAIL_HELP = marked("Notices go there; never with a name or a kind of task in them.")
router = APIRouter(prefix=ROOM, include_in_schema=False)


@router.get("")
async def listed(
    visitor: Visits,
    search: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Officers by name."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        page = await reads.officers_page(desk, "", cursor, PER_PAGE, search)
        known = dict(await offices.names(desk, in_language_of(visitor, desk).language))
        return await show(visitor, desk, "administration/officers.html", page=page, search=search, offices=known)


@router.get("/new")
async def new(visitor: Visits, organisation: Annotated[str, Query(max_length=60)] = "") -> Response:
    """The empty form."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        sheet = await _inviting(desk, Wording(in_language_of(visitor, desk).language))
        return await draw(visitor, desk, sheet, {"organisation": organisation, "roles": ["officer"], "language": "vi"})


@router.post("")
async def invite(visitor: Visits, form: Posted) -> Response:
    """Enter an officer; the link is shown this once."""
    given = _given(form) | given_of(form, ("username",))

    async def work(desk: Desk) -> dict[str, Any]:
        body = checked(OfficerBody, given, (*await _taken(desk, given), *_apart(OfficerBody, given)))
        row, (token, until) = await appointing.add_officer(desk.session, desk.office, desk.actor, body)
        return {"username": row.username, "invitation": token, "until": until}

    done = await carry_out(visitor, form, "officers", _inviting, given, work, withheld="invitation")
    return done if isinstance(done, Response) else await _invited(visitor, done)


@router.get("/{username}")
async def one(username: str, visitor: Visits) -> Response:
    """One officer: where they sit, what they may do, how many tasks they hold."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        who = await reads.known(desk, username)
        known = dict(await offices.names(desk, in_language_of(visitor, desk).language))
        return await show(visitor, desk, "administration/officer.html", who=who, offices=known)


@router.get("/{username}/change")
async def change_form(username: str, visitor: Visits) -> Response:
    """The form with what is known."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        known = await reads.known(desk, username)
        sheet = await _changing(desk, Wording(in_language_of(visitor, desk).language), username)
        return await draw(visitor, desk, sheet, known)


@router.post("/{username}/change")
async def change(username: str, visitor: Visits, form: Posted) -> Response:
    """Change name, agency, roles, mailbox or language."""
    given = _given(form)

    async def work(desk: Desk) -> dict[str, Any]:
        changes = checked(OfficerChange, given, _apart(OfficerChange, given)).model_dump(exclude_none=True)
        await appointing.change_officer(desk.session, desk.office, desk.actor, username, changes)
        return {}

    done = await carry_out(
        visitor, form, f"officers/{username}", lambda desk, wording: _changing(desk, wording, username), given, work
    )
    return done if isinstance(done, Response) else to(f"{ROOM}/{username}", "officer-changed")


@router.post("/{username}/invite")
async def again(username: str, visitor: Visits, form: Posted) -> Response:
    """A new link: the first expired, or the password is forgotten."""

    async def work(desk: Desk) -> dict[str, Any]:
        row, (token, until) = await appointing.invite_again(desk.session, desk.office, desk.actor, username)
        return {"username": row.username, "invitation": token, "until": until}

    async def sheet(desk: Desk, wording: Wording) -> Sheet:
        return await _changing(desk, wording, username)

    done = await carry_out(visitor, form, f"invite/{username}", sheet, {}, work, withheld="invitation")
    return done if isinstance(done, Response) else await _invited(visitor, done)


async def _invited(visitor: Visitor, done: dict[str, Any]) -> Response:
    """The link, shown this once; sent again the page says so."""
    until = done["until"]
    async with visitor.desk() as desk:
        return await show(
            visitor, desk, "administration/invited.html", username=done["username"], token=done["invitation"],
            until=until if isinstance(until, datetime) else datetime.fromisoformat(until),
            site=visitor.means.settings.api.public_url,
        )  # fmt: skip


def _given(form: FormData) -> dict[str, Any]:
    roles = [str(each) for each in form.getlist("roles")]
    return given_of(form, CHANGED) | {"roles": roles, "district": form.get("district") == "yes"}


async def _taken(desk: Desk, given: dict[str, Any]) -> tuple[FieldProblem, ...]:
    """A name that is taken, told beside what else is wrong; alone it is the conflict everybody is told of."""
    if misfits(OfficerBody, given) and await appointing.taken(desk.session, given["username"]):
        return (FieldProblem(("username",), "officer-exists", "is taken"),)
    return ()


def _apart(model: type[BaseModel], given: dict[str, Any]) -> tuple[FieldProblem, ...]:
    """Roles that do not go together, where the model can read them."""
    if any(each.loc[0] == "roles" for each in misfits(model, given)):
        return ()
    try:
        appointing.demand_sound(tuple(map(Role, given["roles"])), district=given["district"])
    except InvalidError as refusal:
        return refusal.problems
    return ()


async def _inviting(desk: Desk, wording: Wording) -> Sheet:
    title = wording.gettext(marked("Invite an officer"))
    username = ask(wording, "username", marked("User name"), help_=USERNAME_HELP, required=True)
    told = wording.gettext(marked("You get a link that works once, for seven days; with it the officer chooses a password nobody else knows."))  # fmt: skip
    back = (ROOM, wording.gettext(marked("Officers")))
    return Sheet(title, ROOM, (username, *await _fields(desk, wording)), title, back, (told,))


async def _changing(desk: Desk, wording: Wording, username: str) -> Sheet:
    title, keep = wording.gettext(marked("Change the officer")), wording.gettext(marked("Keep"))
    here = f"{ROOM}/{username}"
    return Sheet(title, f"{here}/change", await _fields(desk, wording), keep, (here, username))


async def _fields(desk: Desk, wording: Wording) -> tuple[Control, ...]:
    roles = [(role.value, wording.said(role.value, "role")) for role in Role]
    return (
        ask(wording, "name", marked("Name"), required=True),
        ask(wording, "organisation", marked("Organisation"), "pick", options=await offices.names(desk, wording.language)),
        ask(wording, "roles", marked("Roles"), "many", ROLES_HELP, options=roles, required=True),
        ask(wording, "district", marked("Watches the whole district (with the role of supervisor)"), "yes"),
        ask(wording, "mail", marked("Mailbox"), help_=MAIL_HELP),
        ask(wording, "language", marked("Language"), "pick", options=[("vi", "Tiếng Việt"), ("en", "English")]),
    )  # fmt: skip
