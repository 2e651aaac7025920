"""Files of a task at the page: attached, several photographs as one PDF, read, struck out."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import PurePath
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from activities.casework import attachments as verbs
from activities.casework.downloads import open_download, pieces
from activities.casework.errors import ConflictError, FieldProblem, ForbiddenError, InvalidError, MalformedError
from activities.security.files.cleaning import Cleaned
from activities.security.files.kinds import MOST_BYTES
from api.deps import Desk
from api.errors import AnsweredError, TooLargeError
from api.pages import csrf
from api.pages.show import to
from api.pages.tasks.carrying import carried_out
from api.pages.tasks.drawing import Sent, key_of, page
from api.pages.visitor import Posted, Visits

router = APIRouter(prefix="/tasks/{task_id}/attachments", include_in_schema=False)
MOST_TOGETHER, MOST_FILES = 40_000_000, 20  # local: what a telephone sends of one paper
PATIENCE = 300.0  # real seconds the files may take to come in
RETENTION = "case_file"  # local: the class of a file where nobody chose another
SEVERAL = 2
FIELDS = 10  # of the form beside its files


class TooMuch(MultiPartException):
    """More is sent than is taken together."""


class InMemory(MultiPartParser):
    """What is sent never lies on a disk in the open: it is small enough to be held."""

    spool_max_size = MOST_TOGETHER + MOST_BYTES


@router.post("")
async def attach(task_id: str, request: Request, visitor: Visits) -> Response:
    """Attach a file, or several photographs as one PDF; size and type errors are told beside the form."""
    async with visitor.desk() as desk:
        await verbs.may_attach(desk.session, desk.actor, task_id, RETENTION)
    kept = RETENTION
    try:
        async with _closing(await _form(request)) as form:
            if not csrf.sound(visitor.digest, str(form.get("csrf", ""))):
                raise ForbiddenError("form-not-yours")
            kept = verbs.class_of(str(form.get("retention", RETENTION))).code
            files = [each for each in form.getlist("file") if isinstance(each, UploadFile) and each.filename]
            names, raw = [each.filename or "" for each in files], [await each.read() for each in files]
        file, name = await _cleaned(raw), _name(names)
        await _keep(visitor, task_id, form, file, name, raw, kept)
    except AnsweredError:
        pass
    except (InvalidError, ConflictError, TooLargeError, MalformedError) as refusal:
        async with visitor.desk() as desk:
            return await page(visitor, desk, task_id, sent=Sent("attachments", {"retention": kept}, refusal))
    return to(f"/tasks/{task_id}", "attachments-done")


def _name(names: list[str]) -> str:
    """What the file is called: photographs that became one PDF after the first of them, as the PDF they are."""
    if len(names) < SEVERAL:
        return "".join(names)
    return f"{PurePath(names[0]).stem}.pdf"


@asynccontextmanager
async def _closing(form: FormData) -> AsyncGenerator[FormData, None]:
    """The form, whose files are let go of afterwards."""
    try:
        yield form
    finally:
        await form.close()


async def _keep(
    visitor: Visits, task_id: str, form: FormData, file: Cleaned, name: str, raw: list[bytes], kept: str
) -> None:
    async with visitor.desk() as desk:

        async def work() -> dict[str, str]:
            row = await verbs.attach(desk.session, desk.office, desk.actor, task_id, file, name, kept)
            return {"id": row.id}

        asked = {"sha256": [hashlib.sha256(each).hexdigest() for each in raw], "name": name, "retention": kept}
        await desk.once(key_of(form), f"page/attachments/{task_id}", asked, 201, work)


async def _cleaned(raw: list[bytes]) -> Cleaned:
    """One file as it is, several as one PDF of photographs."""
    if not raw:
        raise InvalidError("attachment-missing", (FieldProblem(("file",), "missing", "no file"),))
    if any(len(each) > MOST_BYTES for each in raw):
        raise TooLargeError("attachment-too-large", most=MOST_BYTES)
    if len(raw) == 1:
        return await verbs.clean(raw[0])
    try:
        return await verbs.join(raw)
    except InvalidError as refusal:
        if refusal.code != "attachment-type":
            raise
        raise InvalidError("attachments-only-photographs") from None


async def _form(request: Request) -> FormData:
    """The form, read piece by piece and never more of it than is taken; its files are to be closed."""

    async def bounded() -> AsyncGenerator[bytes, None]:
        taken = 0
        try:
            async for piece in request.stream():
                taken += len(piece)
                if taken > MOST_TOGETHER:
                    raise TooMuch("together")  # what the parser closes its files for
                yield piece
        except ClientDisconnect:
            raise MultiPartException("cut short") from None

    try:
        async with asyncio.timeout(PATIENCE):
            return await InMemory(request.headers, bounded(), max_files=MOST_FILES, max_fields=FIELDS).parse()
    except TooMuch:
        raise TooLargeError("attachments-too-large-together", most=MOST_TOGETHER) from None
    except (MultiPartException, KeyError, TimeoutError) as unread:
        if "Too many files" in str(unread):
            raise TooLargeError("attachments-too-many-at-once", most=MOST_FILES) from None
        raise MalformedError("attachment-cut-short") from None


@router.get("/{attachment_id}")
async def read(task_id: str, attachment_id: str, visitor: Visits) -> StreamingResponse:
    """One file, streamed; the reading is in the access log."""
    async with visitor.desk() as desk:
        file = await open_download(desk.session, desk.office, desk.actor, task_id, attachment_id)
    headers = {"Content-Length": str(file.size), "Content-Disposition": f'attachment; filename="{file.name}"'}
    return StreamingResponse(pieces(visitor.means.sessions, file), media_type=file.kind.media_type, headers=headers)


@router.post("/{attachment_id}/strike")
async def strike(task_id: str, attachment_id: str, visitor: Visits, form: Posted) -> Response:
    """Strike a file out: its bytes are gone, that it was there stays."""

    async def work(desk: Desk) -> Any:
        await verbs.strike(desk.session, desk.office, desk.actor, task_id, attachment_id)

    return await carried_out(visitor, task_id, f"strike-{attachment_id}", form, work, said="file-struck-out")
