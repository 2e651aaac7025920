"""Officers as an administrator invites, changes, deactivates and brings them back."""

from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import administration
from activities.casework.actors import actor_of
from activities.casework.away import let_go_of_all
from activities.casework.colleagues import heir_of, officer_named
from activities.casework.context import Office
from activities.casework.errors import ConflictError, FieldProblem, InvalidError
from activities.casework.handovers import hand_all
from activities.casework.inviting import forgive, invite, revoke_invitations, revoke_sessions
from activities.casework.organising import organisation_of
from activities.casework.permits import demand, of_task
from activities.casework.strength import demand_coordinator, demand_strength
from activities.domain.ids import new_id
from activities.domain.states import LIVE, Role
from activities.plan.access import Actor, Verb, may
from activities.store.absences import Handover
from activities.store.journeys import Journey
from activities.store.organisations import Officer
from activities.store.scope import in_states
from activities.store.tasks import Task

NO_PASSWORD = ""  # a hash nothing matches: whoever was invited has yet to choose
Token = tuple[str, Any]  # the token, shown once, and when it expires


class Appointed(BaseModel):
    """An officer as they are entered. `district`: a supervisor who watches the whole territory."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    username: str
    name: str
    organisation: str
    roles: tuple[Role, ...]
    district: bool = False
    mail: str = ""
    language: str = "vi"


async def add_officer(session: AsyncSession, office: Office, actor: Actor, ask: Appointed) -> tuple[Officer, Token]:
    """Enter an officer who cannot sign in until they accept the invitation that comes with it."""
    demand(actor, Verb.ADMINISTER)
    own = await organisation_of(session, actor, ask.organisation)
    if await taken(session, ask.username):
        raise ConflictError("officer-exists", winner={"username": ask.username})
    demand_sound(ask.roles, district=ask.district)
    row = Officer(
        id=new_id("officer"), username=ask.username, name=ask.name, organisation_id=own.id,
        roles=[role.value for role in ask.roles], district=ask.district, mail=ask.mail, language=ask.language,
        active=False, password_hash=NO_PASSWORD, failures=0,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await administration.record(
        session, office, actor.officer_id, "officer-invited", ask.username, organisation=own.code, roles=row.roles
    )
    return row, await invite(session, row)


async def invite_again(session: AsyncSession, office: Office, actor: Actor, username: str) -> tuple[Officer, Token]:
    """A new invitation, for whoever let the first expire or forgot their password, which holds until this is accepted."""
    demand(actor, Verb.ADMINISTER)
    row, _ = await officer_named(session, actor, username)
    await administration.record(session, office, actor.officer_id, "officer-invited", username)
    return row, await invite(session, row)


async def change_officer(
    session: AsyncSession, office: Office, actor: Actor, username: str, changes: dict[str, Any]
) -> Officer:
    """Change name, mailbox, language, roles, or organisation. Nobody leaves their agency, or their work, with live tasks in hand."""
    demand(actor, Verb.ADMINISTER)
    row, _ = await officer_named(session, actor, username)
    roles = tuple(Role(each) for each in changes.get("roles", row.roles))
    demand_sound(roles, district=changes.get("district", row.district))
    to = await organisation_of(session, actor, changes["organisation"]) if "organisation" in changes else None
    was, moves = row.organisation_id, to is not None and to.id != row.organisation_id
    if left := await _left_behind(session, row, roles, to.id if to else was):
        raise ConflictError("officer-holds-tasks", tasks=left)
    if moves or (Role.OFFICER.value in row.roles and Role.OFFICER not in roles):
        await demand_strength(session, office, was, without=[row.id])
    if Role.COORDINATOR.value in row.roles and (moves or Role.COORDINATOR not in roles):
        await demand_coordinator(session, was, row.id)
    if Role.ADMINISTRATOR.value in row.roles and Role.ADMINISTRATOR not in roles:
        await _keep_an_administrator(session, row)
    row.roles, row.organisation_id = [role.value for role in roles], to.id if to else was
    for name in ("name", "mail", "language", "district"):
        if name in changes:
            setattr(row, name, changes[name])
    await session.flush()
    await let_go_of_all(session, office, was)
    told = {"organisation": to.code} if to else {}
    await administration.record(
        session, office, actor.officer_id, "officer-changed", username, fields=sorted(changes), roles=row.roles, **told
    )
    return row


async def deactivate(session: AsyncSession, office: Office, actor: Actor, username: str, heir: str) -> Handover:
    """An officer leaves: what they hold goes to the heir or the queue, their sessions end, all in this transaction."""
    demand(actor, Verb.ADMINISTER)
    row, _ = await officer_named(session, actor, username)
    if Role.ADMINISTRATOR.value in row.roles:
        await _keep_an_administrator(session, row)
    successor = await heir_of(session, office, row, heir, "heir") if heir else None
    await demand_strength(session, office, row.organisation_id, without=[row.id])
    if Role.COORDINATOR.value in row.roles:
        await demand_coordinator(session, row.organisation_id, row.id)
    given = await hand_all(session, office, row, successor, "deactivated", by=actor.officer_id)
    row.active = False
    await session.flush()
    await revoke_sessions(session, row.id)
    await revoke_invitations(session, row.id)
    await let_go_of_all(session, office, row.organisation_id)
    await administration.record(
        session, office, actor.officer_id, "officer-deactivated", username, heir=heir, tasks=given.tasks
    )
    return given


async def activate(session: AsyncSession, office: Office, actor: Actor, username: str) -> Officer:
    """An officer who was deactivated comes back with the password they had; ConflictError for one who never chose any."""
    demand(actor, Verb.ADMINISTER)
    row, _ = await officer_named(session, actor, username)
    if row.password_hash == NO_PASSWORD:
        raise ConflictError("officer-without-password")
    row.active = True
    await forgive(session, row)
    await administration.record(session, office, actor.officer_id, "officer-activated", username)
    return row


def demand_sound(roles: tuple[Role, ...], *, district: bool) -> None:
    """InvalidError for roles that do not go together, and for a district watched by no supervisor."""
    problems = []
    if not roles or (Role.ADMINISTRATOR in roles and len(set(roles)) > 1):
        problems.append(FieldProblem(("roles",), "roles-apart", "an administrator sees no case: the role stands alone"))
    if district and Role.SUPERVISOR not in roles:
        problems.append(
            FieldProblem(("district",), "district-needs-supervisor", "only a supervisor watches the district")
        )
    if problems:
        raise InvalidError("officer-unfit", tuple(problems))


async def taken(session: AsyncSession, username: str) -> bool:
    """Whether an officer of any territory has this username."""
    wanted = select(Officer.id).where(Officer.username == username.replace("\x00", ""))
    return await session.scalar(wanted) is not None


async def _left_behind(session: AsyncSession, row: Officer, roles: tuple[Role, ...], organisation_id: str) -> int:
    """How many of the live tasks an officer holds they could not answer with these roles in this organisation."""
    after = replace(await actor_of(session, row), roles=frozenset(roles), organisation_id=organisation_id)
    held = select(Journey, Task).join(Journey, Journey.id == Task.journey_id)
    rows = await session.execute(held.where(Task.officer_id == row.id, in_states(*LIVE)))
    return sum(not may(after, Verb.ANSWER, of_task(journey, task)).allowed for journey, task in rows)


async def _keep_an_administrator(session: AsyncSession, leaver: Officer) -> None:
    """ConflictError where nobody else could administer."""
    others = select(Officer.id).where(
        Officer.active.is_(True), Officer.roles.contains([Role.ADMINISTRATOR.value]), Officer.id != leaver.id
    )
    if await session.scalar(others.limit(1)) is None:
        raise ConflictError("last-administrator")
