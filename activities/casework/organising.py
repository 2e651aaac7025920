"""Organisations as an administrator enters and changes them. No case is read."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import administration
from activities.casework.context import Office
from activities.casework.errors import ConflictError, FieldProblem, InvalidError, NotFoundError
from activities.casework.permits import demand
from activities.domain.ids import new_id
from activities.plan.access import Actor, Verb
from activities.store.organisations import Organisation


class Entered(BaseModel):
    """An organisation as it is entered. `parent`: code of who directs it; `commune`: the code of its commune."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name_vi: str
    name_en: str = ""
    parent: str = ""
    commune: str = ""
    mail: str = ""


async def organisation_of(session: AsyncSession, actor: Actor, code: str) -> Organisation:
    """The organisation of this code in the actor's territory, locked; NotFoundError otherwise."""
    wanted = select(Organisation).where(Organisation.code == code, Organisation.territory == actor.territory)
    found = await session.scalar(wanted.with_for_update())
    if found is None:
        raise NotFoundError("organisation-unknown")
    return found


async def add_organisation(session: AsyncSession, office: Office, actor: Actor, ask: Entered) -> Organisation:
    """Enter an organisation of the administrator's territory; its roles come after."""
    demand(actor, Verb.ADMINISTER)
    if await taken(session, ask.code):
        raise ConflictError("organisation-exists", winner={"organisation": ask.code})
    row = Organisation(
        id=new_id("organisation"), code=ask.code, name_vi=ask.name_vi, name_en=ask.name_en or ask.name_vi,
        parent_id=await _parent(session, actor, ask.parent), territory=actor.territory, commune=ask.commune,
        mail=ask.mail,
    )  # fmt: skip
    session.add(row)
    await administration.record(
        session, office, actor.officer_id, "organisation-entered", ask.code, parent=ask.parent, commune=ask.commune
    )
    return row


async def taken(session: AsyncSession, code: str) -> bool:
    """Whether an organisation of any territory has this code."""
    wanted = select(Organisation.id).where(Organisation.code == code.replace("\x00", ""))
    return await session.scalar(wanted) is not None


async def change_organisation(
    session: AsyncSession, office: Office, actor: Actor, code: str, changes: dict[str, Any]
) -> Organisation:
    """Change names, mailbox or parent; code, territory and commune stay what journeys were opened with."""
    demand(actor, Verb.ADMINISTER)
    row = await organisation_of(session, actor, code)
    if "parent" in changes:
        row.parent_id = await _parent(session, actor, changes["parent"], below=row)
    for name in ("name_vi", "name_en", "mail"):
        if name in changes:
            setattr(row, name, changes[name])
    await administration.record(session, office, actor.officer_id, "organisation-changed", code, fields=sorted(changes))
    return row


async def _parent(session: AsyncSession, actor: Actor, code: str, below: Organisation | None = None) -> str | None:
    """The id of the organisation that directs; InvalidError for an unknown one, or for one that is directed itself by `below`."""
    if not code:
        return None
    wanted = select(Organisation).where(Organisation.code == code, Organisation.territory == actor.territory)
    found = await session.scalar(wanted)
    if found is None:
        raise _unfit("organisation-unknown", "no organisation of this code in the territory")
    above: Organisation | None = found
    while below is not None and above is not None:
        if above.id == below.id:
            raise _unfit("organisations-in-a-ring", "it would direct itself")
        above = await session.get(Organisation, above.parent_id) if above.parent_id else None
    return found.id


def _unfit(code: str, message: str) -> InvalidError:
    return InvalidError("organisation-unfit", (FieldProblem(("parent",), code, message),))
