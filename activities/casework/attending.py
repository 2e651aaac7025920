"""How a transaction begins, in one question: the office as it is now, with who is asking or with the rows that are locked."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnClause,
    ColumnElement,
    FromClause,
    Function,
    String,
    TextualSelect,
    bindparam,
    column,
    func,
    literal_column,
    select,
    text,
)  # fmt: skip
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


MARKS, LEADING, BELOW = column("marks", String), column("leads", Boolean), column("below", ARRAY(String))


def _table(entity: type[Officer | Organisation | Journey | Task]) -> FromClause:
    table: FromClause = entity.__table__
    return table


def _fields(entity: type[Officer | Organisation | Journey | Task]) -> list[ColumnElement[Any]]:
    """The columns of a row that a function gives as one value, named after its table."""
    return [literal_column(f'(found."{entity.__tablename__}")."{each.name}"') for each in _table(entity).c]


def _given(
    answer: Function[Any], rows: Sequence[type[Officer | Organisation | Journey | Task]], *others: ColumnClause[Any]
) -> TextualSelect:
    """What a function gives, read as these rows and values in their order."""
    fields = [field for entity in rows for field in _fields(entity)]
    asked = select(*fields, *others).select_from(answer.alias("found"))
    return text(str(asked)).columns(*(each for entity in rows for each in _table(entity).c), *others)


ATTEND_DESK = func.attend_desk(*map(bindparam, ("alone", "token", "at", "heads")))
ATTEND_TASK = func.attend_task(*map(bindparam, ("journey", "task")))
DESK = select(Officer, Organisation, LEADING, MARKS, BELOW).from_statement(
    _given(ATTEND_DESK, (Officer, Organisation), LEADING, MARKS, BELOW)
)
TASK = select(Journey, Task, MARKS).from_statement(_given(ATTEND_TASK, (Journey, Task), MARKS))


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
