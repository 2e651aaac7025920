"""Who may take a task over: an organisation of the territory that holds a role today and has somebody to do it."""

import re

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.away import staffed
from activities.casework.context import Office
from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.holders import held_on
from activities.store.journeys import Journey
from activities.store.organisations import Organisation, RoleHolder
from activities.store.tasks import Task

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


async def successor(session: AsyncSession, office: Office, journey: Journey, task: Task, code: str) -> Organisation:
    """The organisation of this code; InvalidError with what is wrong with it as the new holder of the task."""
    found = None
    if CODE.fullmatch(code):
        here = select(Organisation).where(Organisation.code == code, Organisation.territory == journey.territory)
        found = await session.scalar(here)
    if found is None:
        raise _unfit("organisation-unknown", "no organisation of this code in the territory")
    if found.id == task.organisation_id:
        raise _unfit("organisation-holds-it", "the task is theirs already")
    if not await holds(session, office, found.id):
        raise _unfit("organisation-without-role", "it holds no role of a plan today")
    if not await staffed(session, found.id):
        raise _unfit("organisation-without-officer", "nobody there can sign in and answer")
    if not await staffed(session, found.id, office.today()):
        raise _unfit("organisation-away", "all who could answer there are away today")
    return found


async def holds(session: AsyncSession, office: Office, organisation: str, role: str = "") -> bool:
    """Whether an organisation holds a role (any, where none is named) today, in case time."""
    held = select(RoleHolder.id).where(RoleHolder.organisation_id == organisation, held_on(office.today()))
    if role:
        held = held.where(RoleHolder.role == role)
    return await session.scalar(held.limit(1)) is not None


def _unfit(code: str, message: str) -> InvalidError:
    return InvalidError("organisation-unfit", (FieldProblem(("organisation",), code, message),))
