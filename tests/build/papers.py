"""A paper that came, and its scan."""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.attachments import attach
from activities.casework.context import Office
from activities.casework.papers import Paper
from activities.plan.access import Actor
from activities.security.files.cleaning import Cleaned
from activities.security.files.kinds import FileType


async def paper_for(session: AsyncSession, office: Office, coordinator: Actor, task: str) -> Paper:
    """The agency's paper, come today, with a scan that is attached to the task."""
    scan = await attach(session, office, coordinator, task, Cleaned(FileType.PDF, b"%PDF-1.7"), "", "case_file")
    today = office.today()
    return Paper(number="12/CV", date=today, signer="lãnh đạo", received_on=today, scan=scan.id)
