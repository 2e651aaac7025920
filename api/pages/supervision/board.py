"""Stalled steps: how much, how old, with whom, waiting on whom; every number opens its rows. On the screen and as a file."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from activities.casework.permits import demand
from activities.plan.access import Verb
from api.deps import Desk
from api.pages.show import show
from api.pages.visitor import Visits, in_language_of
from api.pages.wording import Wording
from api.reads import labels
from api.reads.board import board
from api.reads.tasks import OWN
from api.sheets import MEDIA, Sheet, workbook
from api.sorting import by_name

router = APIRouter(prefix="/board")
OF_AGENCY = ("open", "due_this_week", "overdue", OWN, "unclaimed", "returned", "paused", "undelivered")
NUMBERS = ("open", "due_this_week", "overdue", "unclaimed", "returned", "paused", "undelivered")


@router.get("")
async def front(visitor: Visits) -> Response:
    """The numbers of everything the caller watches, as of now."""
    async with visitor.desk() as desk:
        found = await found_for(desk, Wording(in_language_of(visitor, desk).language))
        return await show(
            visitor, desk, "supervisor/board.html", board=found, numbers=NUMBERS, of_agency=OF_AGENCY, labels=labels.kinds(desk)
        )  # fmt: skip


@router.get("/numbers.xlsx")
async def sheet(visitor: Visits) -> Response:
    """The same numbers for a meeting: one sheet by agency, one by kind of task; both say as of when."""
    async with visitor.desk() as desk:
        words = Wording(in_language_of(visitor, desk).language)
        found = await found_for(desk, words)
        said = labels.kinds(desk)
        by_agency = [(words.named(each["organisation"]), each) for each in found["agencies"]]
        by_kind = [(words.text(said[each["kind"]]) if each["kind"] in said else each["kind"], each) for each in found["kinds"]]  # fmt: skip
        body = workbook(
            sheet_of(words.gettext("Agencies"), words.gettext("Agency"), by_agency, OF_AGENCY, found["as_of"], words),
            sheet_of(words.gettext("Kinds of task"), words.gettext("Task"), by_kind, NUMBERS, found["as_of"], words),
        )
    return Response(body, media_type=MEDIA, headers={"Content-Disposition": 'attachment; filename="board.xlsx"'})


async def found_for(desk: Desk, words: Wording) -> dict[str, Any]:
    """The board for whoever may read it, its agencies as this language sorts their names, its kinds as the plan goes on."""
    demand(desk.actor, Verb.READ_BOARD)
    found, order = await board(desk), labels.order(desk)
    return found | {
        "agencies": by_name(found["agencies"], lambda each: words.named(each["organisation"])),
        "kinds": sorted(found["kinds"], key=lambda each: (order.get(each["kind"], len(order)), each["kind"])),
    }


def sheet_of(
    title: str,
    first: str,
    lines: list[tuple[str, dict[str, Any]]],
    numbers: tuple[str, ...],
    at: datetime,
    words: Wording,
) -> Sheet:
    """One sheet of numbers: a line each, and as of when."""
    ages = [str(age["days"]) for age in lines[0][1]["profile"]] if lines else []
    head = [first, *(words.said(name, "number") for name in numbers), words.gettext("Oldest open (days)")]
    head += [words.gettext("Older") if days == "None" else words.gettext("Up to %(n)s days") % {"n": days} for days in ages]  # fmt: skip
    body = [
        [name, *(own[each]["count"] for each in numbers), int((own["open"]["age"] or 0) // 86400)]
        + [age["count"] for age in own["profile"]]
        for name, own in lines
    ]
    return Sheet(title, words.gettext("As of %(moment)s") % {"moment": words.moment(at)}, head, body)
