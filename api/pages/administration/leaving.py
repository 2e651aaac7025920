"""An officer leaves, or comes back: what becomes of their tasks is shown before, as numbers."""

from typing import Any

from fastapi import APIRouter, Response

from activities.casework import appointing
from activities.casework.permits import demand
from activities.plan.access import Verb
from api.deps import Desk
from api.pages.administration.sheet import Sheet, ask, carry_out, draw, given_of
from api.pages.show import to
from api.pages.visitor import Posted, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import staff
from api.words import marked

ROOM = "/administration/officers"
router = APIRouter(prefix=f"{ROOM}/{{username}}", include_in_schema=False)


@router.get("/leave")
async def leave_form(username: str, visitor: Visits) -> Response:
    """How many tasks there are, and who could take them over."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        sheet = await _leaving(desk, Wording(in_language_of(visitor, desk).language), username)
        return await draw(visitor, desk, sheet, {"heir": ""})


@router.post("/leave")
async def leave(username: str, visitor: Visits, form: Posted) -> Response:
    """Deactivate: tasks to the heir or the queue, sessions ended, in one stroke."""
    given = given_of(form, ("heir",))

    async def work(desk: Desk) -> dict[str, Any]:
        done = await appointing.deactivate(desk.session, desk.office, desk.actor, username, given["heir"])
        return {"tasks": done.tasks}

    done = await carry_out(
        visitor, form, f"leave/{username}", lambda desk, wording: _leaving(desk, wording, username), given, work
    )
    return done if isinstance(done, Response) else to(f"{ROOM}/{username}", "officer-deactivated")


@router.post("/return")
async def come_back(username: str, visitor: Visits, _form: Posted) -> Response:
    """An officer comes back, with the password they had."""
    async with visitor.desk(alone=True) as desk:
        await appointing.activate(desk.session, desk.office, desk.actor, username)
    return to(f"{ROOM}/{username}", "officer-activated")


async def _leaving(desk: Desk, wording: Wording, username: str) -> Sheet:
    row, counts = await staff.one(desk, username)
    told = (
        wording.gettext(marked("%(name)s holds %(held)s tasks, %(overdue)s of them overdue. None is stranded: they go where you say, with their dates."))
        % {"name": row.name, **counts},
        wording.gettext(marked("All sign-ins of this officer end at once, and they cannot sign in any more. They can be brought back.")),
    )  # fmt: skip
    queue = ("", wording.gettext(marked("the queue of the agency")))
    heir = ask(wording, "heir", marked("Tasks go to"), "pick", options=[queue, *await staff.heirs(desk, row)])
    title = wording.gettext(marked("Deactivate"))
    return Sheet(title, f"{ROOM}/{username}/leave", (heir,), title, (f"{ROOM}/{username}", row.name), told)
