"""What happened in a journey: newest first, each entry with an address of its own; as a sheet in the order of dates."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.pages.journeys.sheet import as_of_line
from api.pages.journeys.told import told
from api.pages.show import show
from api.pages.visitor import Visits, in_language_of
from api.pages.wording import Wording
from api.reads import journeys, labels
from api.sheets import MEDIA, Sheet, workbook
from api.words import marked

router = APIRouter(prefix="/journeys/{journey_id}", include_in_schema=False)
PER_PAGE = 100
NEWEST = 2**31 - 1
SHEET = 10_000
ABOUT = (
    "task",
    "wish",
    "person",
    "danger",
    "consent",
    "comment",
    "file",
    "rung",
    "notices",
    "request",
    "correction",
    "journey",
)  # fmt: skip - how events of one kind begin
HEADS = (
    marked("When"), marked("What"), marked("Task"), marked("Who"), marked("Agency"), marked("Why"), marked("Due"), marked("Done"),
)  # fmt: skip


@router.get("/timeline")
async def timeline(
    journey_id: str,
    visitor: Visits,
    about: Annotated[str, Query(max_length=20)] = "",
    before: Annotated[int, Query(ge=1, le=NEWEST)] = NEWEST,
) -> Response:
    """The entries this visitor may know of."""
    async with visitor.desk() as desk:
        journey = await journeys.one(desk, journey_id)
        page = await journeys.recent(desk, journey, before, PER_PAGE, about if about in ABOUT else "")
        wording, kinds = Wording(in_language_of(visitor, desk).language), labels.kinds(desk)
        for each in page["items"]:
            each["told"] = told(desk, each, kinds, wording)
        return await show(
            visitor,
            desk,
            "coordinator/timeline.html",
            journey=journey,
            page=page,
            about=about,
            abouts=ABOUT,
        )


@router.get("/timeline.xlsx")
async def exported(journey_id: str, visitor: Visits) -> Response:
    """The same entries, oldest first."""
    async with visitor.desk() as desk:
        page = await journeys.recent(desk, await journeys.one(desk, journey_id), NEWEST, SHEET)
        wording, now = Wording(in_language_of(visitor, desk).language), desk.office.now()
        heads = [wording.gettext(each) for each in HEADS]
        kinds = labels.kinds(desk)
        rows = [_row(each | {"told": told(desk, each, kinds, wording)}, wording) for each in reversed(page["items"])]
        body = workbook(Sheet(wording.gettext("What happened"), as_of_line(wording, now), heads, rows))
    return Response(
        body, media_type=MEDIA, headers={"Content-Disposition": 'attachment; filename="homeward-timeline.xlsx"'}
    )


def _row(entry: dict[str, Any], wording: Wording) -> list[str]:
    return [
        wording.moment(entry["at"]), wording.said(entry["event"], "event"), wording.text(entry["label"]) if entry["label"] else "",
        entry["who"] or "", wording.named(entry["agency"]) if entry["agency"] else "", "; ".join(entry["told"]), wording.moment(entry["due_at"]), wording.moment(entry["ended_at"]),
    ]  # fmt: skip
