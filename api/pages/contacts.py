"""Whom to ring in each office now; written by the office's head or the administrator."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from activities.casework.contacts import set_contact
from activities.casework.permits import demand
from activities.plan.access import Subject, Verb, may
from activities.store.organisations import Officer, Organisation
from api.deps import Desk
from api.pages.administration.sheet import Sheet, ask, carry_out, checked, draw, given_of
from api.pages.show import show, to
from api.pages.visitor import Posted, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import contacts as reads
from api.rest.contacts import ContactBody
from api.sorting import by_name
from api.words import marked

router = APIRouter(prefix="/contacts", include_in_schema=False)
PER_PAGE = 50
PHONE_HELP = marked("The office's own number, never anybody's private one.")
ON_CALL_HELP = marked("Who is away today is left out by itself.")


@router.get("")
async def listed(
    visitor: Visits,
    search: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Offices of the territory, or those whose name holds `search`; of one page as the language sorts their names."""
    async with visitor.desk() as desk:
        page, wording = (
            await reads.page(desk, cursor, PER_PAGE, search),
            Wording(in_language_of(visitor, desk).language),
        )
        page["items"] = by_name(page["items"], lambda each: wording.named(each["organisation"]))
        own = await desk.session.get_one(Organisation, desk.actor.organisation_id)
        return await show(
            visitor, desk, "everyone/contacts.html", page=page, search=search.strip(), own=own.code if _writes(desk, own) else ""
        )  # fmt: skip


@router.get("/{code}")
async def form(code: str, visitor: Visits) -> Response:
    """What is known, to be written anew."""
    async with visitor.desk() as desk:
        own, contact, people = await reads.of_office(desk, code)
        demand(desk.actor, Verb.SET_CONTACT, Subject(organisation_id=own.id, territory=own.territory))
        known: dict[str, Any] = {"phone": contact.phone, "hours": contact.hours} if contact else {}
        on_call = set(contact.on_call) if contact else set()
        known["on_call"] = [each.username for each in people if each.id in on_call]
        sheet = _sheet(Wording(in_language_of(visitor, desk).language), own, people)
        return await draw(visitor, desk, sheet, known)


@router.post("/{code}")
async def write(code: str, visitor: Visits, form: Posted) -> Response:
    """Write it, all at once."""
    given = given_of(form, ("phone", "hours")) | {"on_call": [str(each) for each in form.getlist("on_call")]}

    async def work(desk: Desk) -> dict[str, Any]:
        body = checked(ContactBody, given)
        await set_contact(desk.session, desk.office, desk.actor, code, body.phone, body.hours, body.on_call)
        return {}

    done = await carry_out(
        visitor, form, f"contacts/{code}", lambda desk, wording: _writing(desk, wording, code), given, work
    )
    return done if isinstance(done, Response) else to("/contacts", "contact-written")


def _writes(desk: Desk, own: Organisation) -> bool:
    return may(desk.actor, Verb.SET_CONTACT, Subject(organisation_id=own.id, territory=own.territory)).allowed


async def _writing(desk: Desk, wording: Wording, code: str) -> Sheet:
    own, _, people = await reads.of_office(desk, code)
    return _sheet(wording, own, people)


def _sheet(wording: Wording, own: Organisation, people: Sequence[Officer]) -> Sheet:
    fields = (
        ask(wording, "phone", marked("Duty telephone"), help_=PHONE_HELP),
        ask(wording, "hours", marked("Hours")),
        ask(
            wording,
            "on_call",
            marked("On call"),
            "many",
            ON_CALL_HELP,
            options=[(each.username, each.name) for each in people],
        ),
    )
    title = wording.gettext(marked("Duty telephone and hours"))
    back = ("/contacts", wording.gettext(marked("Contacts")))
    return Sheet(
        f"{title}: {wording.named(own)}", f"/contacts/{own.code}", fields, wording.gettext(marked("Keep")), back
    )
