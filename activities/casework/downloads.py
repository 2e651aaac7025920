"""Reading an attached file: allowed, logged, then opened chunk by chunk in short transactions."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.attachments import shown_to
from activities.casework.context import Office
from activities.casework.errors import DamagedError, NotFoundError
from activities.casework.locks import lock_task
from activities.casework.permits import demand, of_task
from activities.plan.access import BLIND, Actor, Verb
from activities.security.chunks import open_chunk
from activities.security.columns import DataKey, WrappedKey, unwrap
from activities.security.files.kinds import FileType
from activities.store.attachments import Attachment, AttachmentChunk
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.tasks import Task

AT_ONCE = 16  # chunks read in one transaction: a megabyte


@dataclass(frozen=True)
class Download:
    """A file somebody may read; `name` says nothing of the person."""

    id: str
    name: str
    kind: FileType
    size: int
    chunks: int
    key: DataKey


async def open_download(
    session: AsyncSession, office: Office, actor: Actor, task_id: str, attachment_id: str
) -> Download:
    """Allow a reading and log it. NotFoundError for a file struck out or not theirs; DamagedError where chunks are missing."""
    journey, task = await lock_task(session, task_id)
    demand(actor, Verb.READ_ATTACHMENT, of_task(journey, task))
    row = await session.get(Attachment, attachment_id)
    if row is None or row.task_id != task.id or not shown_to(actor, journey, task, row):
        raise NotFoundError("attachment-unknown")
    if row.data_key is None:
        raise NotFoundError("attachment-struck-out")
    had = select(func.count()).where(AttachmentChunk.attachment_id == row.id)
    if await session.scalar(had) != row.chunks:
        raise DamagedError("attachment-damaged")
    await journal.log_access(session, office, journey, actor.officer_id, [f"file:{row.id}"], "")
    key = unwrap(office.keyring, WrappedKey(row.key_id, row.data_key))
    return Download(row.id, name_for(actor, journey, task, row), FileType(row.type), row.size, row.chunks, key)


def name_for(actor: Actor, journey: Journey, task: Task, row: Attachment) -> str:
    """The name a file is served under: the reference and its number, or neither to who is not to know the journey."""
    kind = FileType(row.type)
    if task.kind in BLIND and actor.organisation_id != journey.lead_id:
        return f"{row.id[:19]}.{kind.extension}"
    return f"{journey.reference}-{row.number}.{kind.extension}"


async def pieces(sessions: Sessions, file: Download) -> AsyncIterator[bytes]:
    """The plaintext in order. DamagedError when a chunk has gone meanwhile, `TamperedError` when one was changed: it then ends short."""
    for first in range(0, file.chunks, AT_ONCE):
        many = min(AT_ONCE, file.chunks - first)
        wanted = (
            select(AttachmentChunk.seq, AttachmentChunk.sealed)
            .where(AttachmentChunk.attachment_id == file.id, AttachmentChunk.seq >= first)
            .order_by(AttachmentChunk.seq)
            .limit(many)
        )
        async with sessions() as session:
            found = (await session.execute(wanted)).all()
        if [row.seq for row in found] != list(range(first, first + many)):
            raise DamagedError("attachment-damaged")
        for row in found:
            yield open_chunk(file.key, file.id, row.seq, file.chunks, row.sealed)
