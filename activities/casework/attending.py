"""How a transaction begins, in one question: the office as it is now, with who is asking or with the rows that are locked."""

from datetime import UTC, datetime

from sqlalchemy import ARRAY, Boolean, FromClause, String, column, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.actors import LEADS, standing
from activities.casework.context import Office
from activities.casework.editions import had_alone, renewed
from activities.casework.errors import NotFoundError
from activities.casework.locks import hold
from activities.plan.access import Actor
from activities.store.journeys import Journey
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Task

FRESH = {"populate_existing": True}  # what a session knew before the lock may be old


def _fields(name: str, entity: type[Officer | Organisation | Journey | Task]) -> str:
    """The columns of a row that a function gives as one value."""
    return ", ".join(f'(found."{name}")."{each.name}"' for each in _table(entity).c)


def _table(entity: type[Officer | Organisation | Journey | Task]) -> FromClause:
    table: FromClause = entity.__table__
    return table


MARKS, LEADING, BELOW = column("marks", String), column("leads", Boolean), column("below", ARRAY(String))
DESK = select(Officer, Organisation, LEADING, MARKS, BELOW).from_statement(
    text(
        f"SELECT {_fields('officer', Officer)}, {_fields('organisation', Organisation)}, found.leads, found.marks, found.below"  # noqa: S608 - put together from our tables' column names alone; what a caller sends is bound
        " FROM attend_desk(:alone, :token, :at, :heads) AS found"
    ).columns(*_table(Officer).c, *_table(Organisation).c, LEADING, MARKS, BELOW)
)
TASK = select(Journey, Task, MARKS).from_statement(
    text(
        f"SELECT {_fields('journey', Journey)}, {_fields('task', Task)}, found.marks"  # noqa: S608 - put together from our tables' column names alone; what a caller sends is bound
        " FROM attend_task(:journey, :task) AS found"
    ).columns(*_table(Journey).c, *_table(Task).c, MARKS)
)


async def attend_desk(
    session: AsyncSession, office: Office, digest: str, *, alone: bool = False
) -> tuple[Office, Officer, Actor] | None:
    """The office, and the officer whose token has this digest with where they stand; None for one that is not good (any more)."""
    asked = {"alone": alone, "token": digest, "at": datetime.now(UTC), "heads": list(LEADS)}
    async with had_alone(session, alone=alone):
        found = (await session.execute(DESK, asked)).first()
    if found is None:
        return None
    officer, own, leads, marks, below = found
    hold(session, own)
    actor = standing(officer, own, lead=leads, below=frozenset(below))
    return await renewed(session, office, marks), officer, actor


async def attend_task(
    session: AsyncSession, office: Office, journey_id: str, task_id: str
) -> tuple[Office, Journey, Task | None]:
    """The office and the locked rows, the journey's first; the task None where there is none yet. NotFoundError for an unknown journey."""
    found = (await session.execute(TASK, {"journey": journey_id, "task": task_id}, execution_options=FRESH)).one()
    journey, task, marks = found
    if journey is None:
        raise NotFoundError("journey-unknown")
    return await renewed(session, office, marks), hold(session, journey), task
