"""What an administrator keeps: organisations, the roles they hold by date, invitations."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.appointing import Appointed, add_officer, invite_again
from activities.casework.contacts import set_contact
from activities.casework.context import Office
from activities.casework.inviting import accept
from activities.casework.organising import Entered, add_organisation, change_organisation
from activities.casework.roles import end_role, give_role
from activities.domain.states import Role
from activities.plan.access import Actor
from activities.store.organisations import Organisation, RoleHolder
from activities.store.tasks import Task

Do = Callable[[AsyncSession, Office, Actor, Task, str, str], Awaitable[object]]


async def _code(session: AsyncSession, task: Task) -> str:
    return (await session.get_one(Organisation, task.organisation_id)).code


async def ends_role(
    session: AsyncSession, office: Office, who: Actor, task: Task, _a: str, _b: str, after: int = 0
) -> None:
    """A role of the holder's is held until today, or some days longer."""
    rows = (
        select(RoleHolder).where(RoleHolder.organisation_id == task.organisation_id).order_by(RoleHolder.since.desc())
    )
    if row := (await session.scalars(rows.limit(1))).first():
        until = office.today() + timedelta(days=after)
        await end_role(session, office, who, await _code(session, task), row.id, until)


async def gives_role(
    session: AsyncSession, office: Office, who: Actor, task: Task, _a: str, _b: str, role: str, after: int = 0,
    days: int | None = None,
) -> None:  # fmt: skip
    """The holder of a task holds this role beside whoever held it alone, from a day on, for good or for some days."""
    since = office.today() + timedelta(days=after)
    until = None if days is None else since + timedelta(days=days)
    await give_role(session, office, who, await _code(session, task), role, since, until)


async def moves_office(
    session: AsyncSession, office: Office, who: Actor, task: Task, _a: str, _b: str, under: str
) -> None:
    """An office is put under another one."""
    await change_organisation(session, office, who, await _code(session, task), {"parent": under})


async def enters_office(session: AsyncSession, office: Office, who: Actor, _t: Task, a: str, _b: str) -> None:
    """A new school, of which nobody works yet."""
    code = f"school-{uuid4().hex[:8]}"
    await add_organisation(session, office, who, Entered(code=code, name_vi=a, parent="education-division"))
    await give_role(session, office, who, code, "school", office.today(), None)


async def invites(session: AsyncSession, office: Office, who: Actor, task: Task, _a: str, _b: str) -> None:
    """Somebody joins, and has yet to accept."""
    ask = Appointed(
        username=f"moi.{uuid4().hex[:8]}", name="mới", organisation=await _code(session, task), roles=(Role.OFFICER,)
    )
    await add_officer(session, office, who, ask)


async def invites_again(session: AsyncSession, office: Office, who: Actor, _t: Task, a: str, _b: str) -> None:
    """A forgotten password: the new one is chosen at once, and whoever had left is back by it."""
    _, (token, _) = await invite_again(session, office, who, a)
    await accept(session, office, token, "not a hash")


async def is_reached(session: AsyncSession, office: Office, who: Actor, task: Task, a: str, _b: str) -> None:
    """Who is on call, written by the administrator."""
    await set_contact(session, office, who, await _code(session, task), "0251 000000", "7:00-17:00", [a])


DOINGS: dict[str, Do] = {
    "ends a role": ends_role,
    "ends a role later": partial(ends_role, after=2),
    "gives a school": partial(gives_role, role="school"),
    "gives the lead": partial(gives_role, role="labour", after=1, days=1),
    "gives education": partial(gives_role, role="education", days=2),
    "moves an office": partial(moves_office, under="education-division"),
    "moves an office back": partial(moves_office, under="district-committee"),
    "enters an office": enters_office,
    "invites": invites,
    "invites again": invites_again,
    "says how they are reached": is_reached,
}
