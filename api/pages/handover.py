"""The head of an agency gives everything one officer holds to a colleague, or to the agency's queue."""

from typing import Any

from fastapi import APIRouter, Response

from activities.casework.handovers import take_over
from activities.casework.permits import demand
from activities.plan.access import Subject, Verb
from api.deps import Desk
from api.pages.administration.sheet import Sheet, ask, carry_out, draw, given_of
from api.pages.forms.short import needed, together
from api.pages.show import show, to
from api.pages.visitor import Posted, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import absences, staff
from api.words import marked

router = APIRouter(prefix="/handover", include_in_schema=False)
TITLE = marked("Hand over what an officer holds")


@router.get("")
async def listed(visitor: Visits) -> Response:
    """The officers of the head's own agency, each with what they hold."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.HAND_OVER, Subject(organisation_id=desk.actor.organisation_id))
        people = await staff.colleagues(desk, desk.actor.organisation_id)
        return await show(visitor, desk, "everyone/handover.html", people=people)


@router.get("/{username}")
async def form(username: str, visitor: Visits) -> Response:
    """How many tasks there are, and who could take them over."""
    async with visitor.desk() as desk:
        sheet = await _handing(desk, Wording(in_language_of(visitor, desk).language), username)
        return await draw(visitor, desk, sheet, {})


@router.post("/{username}")
async def hand(username: str, visitor: Visits, form: Posted) -> Response:
    """Hand all of it over; each new holder is told, every date stays."""
    given = given_of(form, ("to", "reason"))

    async def work(desk: Desk) -> dict[str, Any]:
        together(reason=needed(given["reason"], "reason-missing"))
        done = await take_over(desk.session, desk.office, desk.actor, username, given["to"], given["reason"][:2000])
        return absences.handover(done)

    done = await carry_out(
        visitor, form, f"handover/{username}", lambda desk, wording: _handing(desk, wording, username), given, work
    )
    return done if isinstance(done, Response) else to("/handover", "handed-over")


async def _handing(desk: Desk, wording: Wording, username: str) -> Sheet:
    leaver, counts = await staff.one(desk, username)
    of_whom = Subject(organisation_id=leaver.organisation_id, officer_id=leaver.id, territory=desk.actor.territory)
    demand(desk.actor, Verb.HAND_OVER, of_whom)
    told = wording.gettext(marked("%(name)s holds %(held)s tasks, %(overdue)s of them overdue. None is stranded: they go where you say, with their dates."))  # fmt: skip
    queue = ("", wording.gettext(marked("the queue of the agency")))
    fields = (
        ask(wording, "to", marked("Tasks go to"), "pick", options=[queue, *await staff.heirs(desk, leaver)]),
        ask(wording, "reason", marked("Reason"), required=True),
    )
    title = wording.gettext(TITLE)
    back = ("/handover", wording.gettext(marked("Officers")))
    return Sheet(title, f"/handover/{username}", fields, title, back, (told % {"name": leaver.name, **counts},))
