"""One agency: its numbers, who has how much in hand, its oldest rows, how it is reached. Fit for print, and as a file."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from activities.casework.contacts import reached
from activities.casework.permits import demand
from activities.plan.access import Verb
from activities.store.together import Answers
from api.deps import Desk
from api.pages.show import show
from api.pages.supervision.board import OF_AGENCY, sheet_of
from api.pages.visitor import Visits, in_language_of
from api.pages.wording import Wording
from api.reads import agencies, contacts, tasks
from api.reads.board import board
from api.sheets import MEDIA, Sheet, workbook

router = APIRouter(prefix="/board/agencies/{code}")
ROWS, MOST = 20, 1000  # rows on the page, and in a file
Code = Annotated[str, Path(max_length=80)]


@router.get("")
async def agency(code: Code, visitor: Visits) -> Response:
    """As of now, the part of it the caller watches."""
    async with visitor.desk() as desk:
        own, found, rows = await _found(desk, code, ROWS)
        return await show(
            visitor, desk, "supervisor/agency.html", organisation=own["office"][0][0], as_of=found["as_of"], own=_numbers(found, code),
            numbers=OF_AGENCY, load=own["load"], rows=rows, more=len(own["rows"]) > ROWS, contact=contacts.shape(reached(own["office"])[0]),
            silent=next((each for each in found["silent"] if each["organisation"]["code"] == code), None),
        )  # fmt: skip


@router.get("/agency.xlsx")
async def sheet(code: Code, visitor: Visits) -> Response:
    """The same for a meeting: its numbers, who has how much in hand, its rows; each says as of when."""
    async with visitor.desk() as desk:
        own, found, rows = await _found(desk, code, MOST)
        words = Wording(in_language_of(visitor, desk).language)
        numbers, at = (
            _numbers(found, code),
            words.gettext("As of %(moment)s") % {"moment": words.moment(found["as_of"])},
        )
        first = [(words.named(own["office"][0][0]), numbers)] if numbers else []
        body = workbook(
            sheet_of(words.gettext("Numbers"), words.gettext("Agency"), first, OF_AGENCY, found["as_of"], words),
            Sheet(
                words.gettext("Who has how much in hand"), at,
                [words.gettext("Officer"), words.said("open", "number"), words.said("overdue", "number")],
                [[each["name"] or words.gettext("nobody has taken it"), each["open"], each["overdue"]] for each in own["load"]],
            ),
            Sheet(
                words.gettext("Rows, soonest due first"), at,
                [words.gettext(each) for each in ("Task", "Reference", "Due", "State")],
                [_line(words, row) for row in rows],
            ),
        )  # fmt: skip
    return Response(body, media_type=MEDIA, headers={"Content-Disposition": 'attachment; filename="agency.xlsx"'})


async def _found(desk: Desk, code: str, most: int) -> tuple[Answers, dict[str, Any], list[dict[str, Any]]]:
    """The agency, the board it stands on, and its rows, soonest due first."""
    demand(desk.actor, Verb.READ_BOARD)
    own = await agencies.one(desk, code, most)
    return own, await board(desk), [tasks.shape(desk, *row) for row in own["rows"][:most]]


def _numbers(found: dict[str, Any], code: str) -> dict[str, Any] | None:
    return next((each for each in found["agencies"] if each["organisation"]["code"] == code), None)


def _line(words: Wording, row: dict[str, Any]) -> list[str]:
    reference = row["journey"]["reference"] if row["journey"] else ""
    return [words.text(row["label"]), reference, words.moment(row["due_at"]), words.said(row["state"], "state")]
