"""People who stand in somebody's sheet: the template, the sheet read and kept sealed, looked over, opened row by row."""

from fastapi import APIRouter, Response
from starlette.datastructures import FormData, UploadFile

from activities.casework.drafts import drafts_of, keep_typed, new_draft, own_draft, typed_in
from activities.casework.errors import CaseError, ConflictError, InvalidError
from activities.casework.imports import begin_row
from activities.casework.permits import demand
from activities.plan.access import Verb
from activities.security.files.kinds import RefusedError
from activities.security.files.sheets import MOST_ROWS, rows_of
from api.deps import Desk
from api.pages.communes import communes
from api.pages.show import show, to
from api.pages.starting.columns import KEY, Lists, label, template
from api.pages.starting.leading import others_lead
from api.pages.starting.preview import as_draft, look
from api.pages.starting.typed import Typed, beginning
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.sheets import MEDIA

router = APIRouter(prefix="/journeys/import", include_in_schema=False)
MOST_BYTES = 900_000  # below what the border lets through, so that it is told beside the field


@router.get("")
async def sheets(visitor: Visits) -> Response:
    """The template, the upload, and sheets that are not finished."""
    return await _page(visitor)


@router.get("/template.xlsx")
async def empty(visitor: Visits) -> Response:
    """An empty sheet with the columns and what may stand in them."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.START_JOURNEY)
        body = template(await lists_of(visitor, desk))
    return Response(
        body, media_type=MEDIA, headers={"Content-Disposition": 'attachment; filename="homeward-people.xlsx"'}
    )


@router.post("")
async def upload(visitor: Visits, form: Posted) -> Response:
    """Read a sheet apart, keep it sealed, and show what it comes to; nothing is opened."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.START_JOURNEY)
    try:
        sheet = as_draft(await rows_of(await _bytes(form)))
        async with visitor.desk() as desk:
            draft = await new_draft(desk.session, desk.office, desk.actor, "import", sheet)
    except RefusedError as refusal:
        return await _page(visitor, refusal.why.value)
    except InvalidError as refusal:
        return await _page(visitor, refusal.code, tuple(each.loc[0] for each in refusal.problems))
    except ConflictError as refusal:
        return await _page(visitor, refusal.code)
    return to(f"/journeys/import/{draft.id}")


@router.get("/{draft_id}")
async def preview(draft_id: str, visitor: Visits) -> Response:
    """Each row: what does not fit, what may be known already, and the reference of what is open."""
    async with visitor.desk() as desk:
        draft = await own_draft(desk.session, desk.actor, draft_id, "import")
        sheet = typed_in(desk.office, draft)
        rows, lists = await look(desk, sheet, Wording(in_language_of(visitor, desk).language))
        return await show(
            visitor, desk, "starting/preview.html", draft=draft_id, rows=rows, unread=sheet["unread"],
            names=dict(lists.communes), sound=sum(row["sound"] for row in rows),
            opened=sum(row["journey"] is not None for row in rows), wrong=sum(bool(row["problems"]) for row in rows),
        )  # fmt: skip


@router.post("/{draft_id}/open")
async def open_(draft_id: str, visitor: Visits, form: Posted) -> Response:
    """Open the chosen rows, each in a transaction of its own; one that is refused says why and holds up no other."""
    for number in [str(each) for each in form.getlist("row")][:MOST_ROWS]:
        try:
            async with visitor.desk() as desk:
                await _open(visitor, desk, draft_id, number, "")
        except CaseError as refusal:
            async with visitor.desk() as desk:
                await _open(visitor, desk, draft_id, number, refusal.code)
    return to(f"/journeys/import/{draft_id}", "rows-opened")


@router.post("/{draft_id}/discard")
async def discard(draft_id: str, visitor: Visits, _form: Posted) -> Response:
    """Throw the sheet away; journeys that are open stay."""
    async with visitor.desk() as desk:
        await desk.session.delete(await own_draft(desk.session, desk.actor, draft_id, "import"))
    return to("/journeys/import", "draft-discarded")


async def lists_of(visitor: Visitor, desk: Desk) -> Lists:
    """What may stand in the columns that choose, in the visitor's language."""
    wording = Wording(in_language_of(visitor, desk).language)
    return Lists(await communes(desk, wording), wording)


async def _open(visitor: Visitor, desk: Desk, draft_id: str, number: str, refused: str) -> None:
    """One row, if it is sound and not open yet; what it said is struck from the draft with it."""
    draft = await own_draft(desk.session, desk.actor, draft_id, "import")
    sheet = typed_in(desk.office, draft)
    row = next((each for each in sheet["rows"] if str(each["number"]) == number), None)
    if row is None:
        return
    if refused:
        row["refused"] = refused
    else:
        alone: Typed = sheet | {"rows": [row]}
        (shown,), lists = await look(desk, alone, Wording(in_language_of(visitor, desk).language))
        if shown["sound"]:
            whole = beginning(desk, shown["typed"], {code for code, _ in lists.communes})
            await begin_row(desk.session, desk.office, desk.actor, shown["key"], whole)
        if shown["sound"] or shown["journey"]:
            row |= {"cells": {KEY: shown["key"]}, "refused": "", "opened": True}
    keep_typed(desk.office, draft, sheet)


async def _bytes(form: FormData) -> bytes:
    given = form.get("sheet")
    data = await given.read(MOST_BYTES + 1) if isinstance(given, UploadFile) else b""
    if not data:
        raise InvalidError("sheet-missing")
    if len(data) > MOST_BYTES:
        raise InvalidError("sheet-too-large")
    return data


async def _page(visitor: Visitor, problem: str = "", columns: tuple[str, ...] = ()) -> Response:
    async with visitor.desk() as desk:
        drafts = await drafts_of(desk.session, desk.actor, "import")
        wording = Wording(in_language_of(visitor, desk).language)
        return await show(
            visitor, desk, "starting/sheet.html", 422 if problem else 200, drafts=drafts, problem=problem, most=MOST_ROWS,
            columns=[label(each, wording) for each in columns], lead=await others_lead(desk),
        )  # fmt: skip
