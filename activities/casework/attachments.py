"""Files attached to a task: taken in clean, sealed in chunks, struck out while the task is live."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.errors import ConflictError, FieldProblem, ForbiddenError, InvalidError, NotFoundError
from activities.casework.locks import lock_task
from activities.casework.news import still_open
from activities.casework.permits import demand, of_task
from activities.casework.winners import still_live
from activities.domain.ids import new_id
from activities.plan.access import Actor, Verb
from activities.plan.retention import Retention, retention_classes
from activities.security.chunks import chunks_of, seal_chunks
from activities.security.columns import WrappedKey, new_data_key, seal_with_ring, unwrap
from activities.security.files.cleaning import Cleaned, cleaned, joined
from activities.security.files.kinds import FileType, RefusedError
from activities.store.attachments import Attachment, AttachmentChunk
from activities.store.journeys import Journey
from activities.store.tasks import Task

MOST_FILES = 40  # local: of one task, those struck out not counted
LONGEST_NAME = 200


async def may_attach(session: AsyncSession, actor: Actor, task_id: str, retention: str) -> None:
    """Refuse before a file is taken in, without a lock; `attach` asks again."""
    task = await session.get(Task, task_id)
    if task is None:
        raise NotFoundError("task-unknown")
    demand(actor, Verb.ATTACH, of_task(await session.get_one(Journey, task.journey_id), task))
    class_of(retention)


def class_of(code: str) -> Retention:
    """The class of this code; InvalidError where there is none."""
    found = retention_classes().get(code)
    if found is None:
        unknown = FieldProblem(("query", "retention"), "retention-unknown", "no such class")
        raise InvalidError("retention-unknown", (unknown,), classes=sorted(retention_classes()))
    return found


async def clean(raw: bytes) -> Cleaned:
    """The file without where and by whom it was made; InvalidError for what is not taken, with the reason."""
    try:
        return await cleaned(raw)
    except RefusedError as refused:
        _refuse(refused)


async def join(photographs: Sequence[bytes]) -> Cleaned:
    """Photographs of one paper as one PDF; InvalidError where one of them is none, or cannot be read."""
    try:
        return await joined(photographs)
    except RefusedError as refused:
        _refuse(refused)


def _refuse(refused: RefusedError) -> NoReturn:
    problem = (FieldProblem(("body",), refused.why.value, "the file is not taken"),)
    if refused.why.unreadable:
        raise InvalidError("attachment-unreadable", problem, reason=refused.why.value) from None
    taken = [kind.value for kind in FileType]
    raise InvalidError("attachment-type", problem, reason=refused.why.value, types=taken) from None


async def attach(
    session: AsyncSession, office: Office, actor: Actor, task_id: str, file: Cleaned, name: str, retention: str
) -> Attachment:
    """Keep a clean file with a live task; its name is sealed. By whoever holds or answers for the task, and the lead."""
    journey, task = await lock_task(session, task_id)
    demand(actor, Verb.ATTACH, of_task(journey, task))
    still_live(task)
    still_open(journey)
    number = await _next_number(session, journey, task)
    row = _row(office, actor, task, file, name, class_of(retention), number)
    session.add(row)
    await session.flush()
    key = unwrap(office.keyring, WrappedKey(row.key_id, row.data_key or b""))
    sealed = [
        {"attachment_id": row.id, "seq": seq, "sealed": piece}
        for seq, piece in enumerate(seal_chunks(key, row.id, file.data))
    ]
    await session.execute(insert(AttachmentChunk), sealed)
    journal.write(
        session, office, journey, "file-attached", officer=actor.officer_id, task=task.id, kind=task.kind,
        attachment=row.id, type=row.type, retention=row.retention,
    )  # fmt: skip
    return row


def _row(
    office: Office, actor: Actor, task: Task, file: Cleaned, name: str, kept: Retention, number: int
) -> Attachment:
    wrapped, id_ = new_data_key(office.keyring), new_id("attachment")
    return Attachment(
        id=id_, journey_id=task.journey_id, task_id=task.id, number=number, organisation_id=actor.organisation_id,
        officer_id=actor.officer_id, at=office.now(), type=file.kind.value, size=len(file.data),
        chunks=chunks_of(len(file.data)), sha256=hashlib.sha256(file.data).hexdigest(), key_id=wrapped.key_id,
        data_key=wrapped.blob,
        name=seal_with_ring(office.keyring, f"{id_}/name", name[:LONGEST_NAME].encode()) if name else None,
        retention=kept.code, kept_until=kept.until(office.today()), struck_at=None, struck_by=None,
    )  # fmt: skip


async def _next_number(session: AsyncSession, journey: Journey, task: Task) -> int:
    kept = select(func.count()).where(Attachment.task_id == task.id, Attachment.struck_at.is_(None))
    if (await session.scalar(kept) or 0) >= MOST_FILES:
        raise ConflictError("attachment-too-many", winner={"state": task.state.value}, most=MOST_FILES)
    return (
        await session.scalar(select(func.max(Attachment.number)).where(Attachment.journey_id == journey.id)) or 0
    ) + 1


async def strike(session: AsyncSession, office: Office, actor: Actor, task_id: str, attachment_id: str) -> None:
    """Strike a file out while its task is live, by whoever attached it: the row stays, bytes, key and name go."""
    journey, task = await lock_task(session, task_id)
    demand(actor, Verb.READ_ATTACHMENT, of_task(journey, task))
    row = await session.get(Attachment, attachment_id, with_for_update=True)
    if row is None or row.task_id != task.id or not shown_to(actor, journey, task, row):
        raise NotFoundError("attachment-unknown")
    if row.officer_id != actor.officer_id:
        raise ForbiddenError("not-your-verb")
    if row.struck_at is not None:
        return
    still_live(task)
    await session.execute(delete(AttachmentChunk).where(AttachmentChunk.attachment_id == row.id))
    row.struck_at, row.struck_by, row.data_key, row.name = office.now(), actor.officer_id, None, None
    journal.write(
        session, office, journey, "file-struck-out", officer=actor.officer_id, task=task.id, kind=task.kind,
        attachment=row.id,
    )  # fmt: skip


def shown_to(actor: Actor, journey: Journey, task: Task, row: Attachment) -> bool:
    """Whether a reader of the task is shown this file: who was handed down a part sees what their own agency attached."""
    below = task.answerable_id is not None and actor.organisation_id == task.organisation_id != journey.lead_id
    return not below or row.organisation_id == actor.organisation_id


async def incomplete(session: AsyncSession) -> list[str]:
    """Files some of whose chunks are missing."""
    had = select(func.count()).where(AttachmentChunk.attachment_id == Attachment.id).scalar_subquery()
    wanted = select(Attachment.id).where(Attachment.struck_at.is_(None), had != Attachment.chunks)
    return list(await session.scalars(wanted.order_by(Attachment.id)))


async def past_their_date(session: AsyncSession, today: date) -> list[str]:
    """Files kept longer than their class says; nothing deletes them by itself."""
    wanted = select(Attachment.id).where(Attachment.struck_at.is_(None), Attachment.kept_until < today)
    return list(await session.scalars(wanted.order_by(Attachment.kept_until, Attachment.id)))
