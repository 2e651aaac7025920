"""The paper an agency answered with, when the coordinator records it: dates that fit one another, and a scan that is there."""

import datetime as dt

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.errors import FieldProblem, InvalidError
from activities.store.attachments import Attachment
from activities.store.tasks import Task


class Paper(BaseModel):
    """`date`: the one written on it; `received_on`: when it came; `scan`: id of a file attached to the same task."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    date: dt.date
    signer: str
    received_on: dt.date
    scan: str


async def checked_paper(session: AsyncSession, office: Office, task: Task, paper: Paper) -> dict[str, str]:
    """The paper as the row keeps it; InvalidError for dates that cannot be, and for a scan that is not this task's."""
    if not paper.date <= paper.received_on <= office.today():
        raise InvalidError("paper-dates-unfit", (_problem("received_on", "paper-dates-unfit"),))
    scan = await session.get(Attachment, paper.scan)
    if scan is None or scan.task_id != task.id or scan.struck_at is not None:
        raise InvalidError("paper-scan-unknown", (_problem("scan", "paper-scan-unknown"),))
    kept: dict[str, str] = paper.model_dump(mode="json")
    return kept


def _problem(field: str, code: str) -> FieldProblem:
    return FieldProblem(("body", "on_behalf_of", field), code, "does not fit")
