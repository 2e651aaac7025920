"""Drafts nobody went on with are thrown away: what was typed of a person is not kept because somebody forgot it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.answers import draft_kept_at
from activities.casework.context import Office
from activities.casework.locks import lock_task
from activities.domain.states import TaskState
from activities.store.beginnings import JourneyDraft
from activities.store.tasks import Task


async def expire_beginnings(session: AsyncSession, office: Office, kept: timedelta) -> int:
    """Journeys and sheets that were begun and not touched for so long; how many."""
    old = delete(JourneyDraft).where(JourneyDraft.at < office.now() - kept).returning(JourneyDraft.id)
    return len(list(await session.scalars(old)))


async def forgotten_answers(session: AsyncSession, office: Office, kept: timedelta) -> list[str]:
    """Tasks with the draft of an answer that was not touched for so long.

    Not those that were sent back: the note the coordinator is to read stands in their draft.
    """
    drafts = select(Task.id, Task.draft).where(Task.draft.is_not(None), Task.state != TaskState.RETURNED)
    old = office.now() - kept
    return [task for task, sealed in await session.execute(drafts) if _at(office, task, sealed) < old]


async def expire_answer(session: AsyncSession, office: Office, task_id: str, kept: timedelta) -> bool:
    """Throw away the draft of one of them, if nobody went on with it meanwhile."""
    _, task = await lock_task(session, task_id)
    old = office.now() - kept
    if task.draft is None or task.state is TaskState.RETURNED or _at(office, task_id, task.draft) >= old:
        return False
    task.draft = None
    return True


def _at(office: Office, task_id: str, sealed: bytes | None) -> datetime:
    return draft_kept_at(office, task_id, sealed or b"")
