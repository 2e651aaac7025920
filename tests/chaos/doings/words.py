"""What is written and attached: comments, files, and how an office is reached."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.attachments import attach, strike
from activities.casework.comments import comment_on_journey, comment_on_task
from activities.casework.contacts import set_contact
from activities.casework.context import Office
from activities.plan.access import Actor
from activities.plan.addressees import Addressee
from activities.security.files.cleaning import Cleaned
from activities.security.files.kinds import FileType
from activities.store.attachments import Attachment
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from tests.chaos.doings import Do

PAGE = Cleaned(FileType.PDF, b"%PDF-1.7")


async def _strikes(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    rows = select(Attachment).where(Attachment.task_id == task.id).order_by(Attachment.number.desc())
    if row := (await session.scalars(rows.limit(1))).first():
        await strike(session, office, who, task.id, row.id)


async def _is_reached(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    own = await session.get_one(Organisation, task.organisation_id)
    await set_contact(session, office, who, own.code, "0251 000000", "7:00-17:00", [f"{own.code}.officer"])


DOINGS: dict[str, Do] = {
    "writes of a task": lambda s, o, w, t: comment_on_task(s, o, w, t.id, "đã gọi", [Addressee.HOLDER, Addressee.HEAD]),
    "writes of the journey": lambda s, o, w, t: comment_on_journey(s, o, w, t.journey_id, "đã gọi", [Addressee.COORDINATOR]),
    "attaches a file": lambda s, o, w, t: attach(s, o, w, t.id, PAGE, "giấy", "case_file"),
    "strikes a file out": _strikes,
    "says how they are reached": _is_reached,
}  # fmt: skip
BY = {
    "writes of a task": "officer", "attaches a file": "officer", "strikes a file out": "officer",
    "says how they are reached": "head",
}  # fmt: skip
