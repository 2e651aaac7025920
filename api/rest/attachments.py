"""Files attached to tasks: streamed in, cleaned, sealed; streamed out, each reading logged."""

import asyncio
import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from activities.casework import attachments as verbs
from activities.casework.downloads import open_download, pieces
from activities.casework.errors import MalformedError
from activities.security.files.kinds import MOST_BYTES, FileType
from api.deps import Key, SignedIn
from api.errors import TooLargeError, documented
from api.reads import attachments, tasks

router = APIRouter(prefix="/tasks/{task_id}/attachments", tags=["attachments"])
PATIENCE = 300.0  # real seconds a file may take to come in
RAW = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}  # fmt: skip
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.media_type: {"schema": {"type": "string", "format": "binary"}} for kind in FileType}}
}


class Listed(BaseModel):
    """The files of a task."""

    items: list[dict[str, Any]]


@router.post(
    "", status_code=201, response_model=dict[str, Any], openapi_extra=RAW,
    responses=documented(400, 401, 403, 404, 409, 413, 422),
)  # fmt: skip
async def post_attachment(
    task_id: str, request: Request, caller: SignedIn, key: Key,
    name: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")] = "",
    retention: Annotated[str, Query(max_length=60)] = "case_file",
) -> JSONResponse:  # fmt: skip
    """Attach a PDF, JPEG, PNG or DOCX of at most 10 MB. Its bytes tell its kind; place, author and device are taken out."""
    async with caller.desk() as desk:
        await verbs.may_attach(desk.session, desk.actor, task_id, retention)
    raw = await _whole(request)
    file = await verbs.clean(raw)
    async with caller.desk() as desk:

        async def work() -> dict[str, Any]:
            row = await verbs.attach(desk.session, desk.office, desk.actor, task_id, file, name, retention)
            task, journey, _ = await tasks.one(desk, task_id)
            return attachments.shape(desk, journey, task, row)

        asked = {"sha256": hashlib.sha256(raw).hexdigest(), "name": name, "retention": retention}
        return await desk.once(key, f"attachments/{task_id}", asked, 201, work)


async def _whole(request: Request) -> bytes:
    """The file, read piece by piece and never more of it than is taken."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > MOST_BYTES:
        raise TooLargeError("attachment-too-large", most=MOST_BYTES)
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.stream():
                body += piece
                if len(body) > MOST_BYTES:
                    raise TooLargeError("attachment-too-large", most=MOST_BYTES)
    except (ClientDisconnect, TimeoutError):
        raise MalformedError("attachment-cut-short") from None
    return bytes(body)


@router.get("", responses=documented(401, 403, 404, 422))
async def list_attachments(task_id: str, caller: SignedIn) -> Listed:
    """The files of a task, in the order they came."""
    async with caller.desk() as desk:
        return Listed(items=await attachments.of_one_task(desk, task_id))


@router.get("/{attachment_id}", response_class=StreamingResponse, responses=FILES | documented(401, 403, 404, 422))
async def read_attachment(task_id: str, attachment_id: str, caller: SignedIn) -> StreamingResponse:
    """One file, streamed; the reading is in the access log."""
    async with caller.desk() as desk:
        file = await open_download(desk.session, desk.office, desk.actor, task_id, attachment_id)
    headers = {"Content-Length": str(file.size), "Content-Disposition": f'attachment; filename="{file.name}"'}
    return StreamingResponse(pieces(caller.means.sessions, file), media_type=file.kind.media_type, headers=headers)


@router.delete("/{attachment_id}", status_code=204, responses=documented(401, 403, 404, 409, 422))
async def strike_attachment(task_id: str, attachment_id: str, caller: SignedIn) -> Response:
    """Strike a file out while the task is live, by whoever attached it: its bytes are gone, that it was there stays."""
    async with caller.desk() as desk:
        await verbs.strike(desk.session, desk.office, desk.actor, task_id, attachment_id)
    return Response(status_code=204)
