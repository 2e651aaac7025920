"""Journeys that are being entered: kept sealed under their own id, seen by the coordinator who enters them alone."""

import json
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.errors import ConflictError, NotFoundError
from activities.casework.permits import demand
from activities.domain.ids import new_id
from activities.plan.access import Actor, Verb
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.beginnings import JourneyDraft

MOST = 10  # local: of one coordinator and kind; what is begun is finished or thrown away
What = Literal["start", "import"]


async def drafts_of(session: AsyncSession, actor: Actor, what: What) -> list[JourneyDraft]:
    """The caller's own, newest first."""
    demand(actor, Verb.START_JOURNEY)
    mine = select(JourneyDraft).where(JourneyDraft.officer_id == actor.officer_id, JourneyDraft.what == what)
    return list(await session.scalars(mine.order_by(JourneyDraft.at.desc(), JourneyDraft.id)))


async def new_draft(
    session: AsyncSession, office: Office, actor: Actor, what: What, typed: dict[str, Any]
) -> JourneyDraft:
    """Begin one; ConflictError where too many stand begun."""
    demand(actor, Verb.START_JOURNEY)
    mine = select(func.count()).where(JourneyDraft.officer_id == actor.officer_id, JourneyDraft.what == what)
    if (await session.scalar(mine) or 0) >= MOST:
        raise ConflictError("drafts-too-many")
    draft = JourneyDraft(id=new_id("draft"), officer_id=actor.officer_id, what=what, sealed=b"", at=office.now())
    keep_typed(office, draft, typed)
    session.add(draft)
    return draft


async def own_draft(session: AsyncSession, actor: Actor, draft_id: str, what: What) -> JourneyDraft:
    """The caller's draft, locked until the transaction ends; NotFoundError for another's, and once it is opened."""
    demand(actor, Verb.START_JOURNEY)
    found = await session.get(JourneyDraft, draft_id, with_for_update=True)
    if found is None or found.officer_id != actor.officer_id or found.what != what:
        raise NotFoundError("draft-unknown")
    return found


def typed_in(office: Office, draft: JourneyDraft) -> dict[str, Any]:
    """What was entered so far."""
    typed: dict[str, Any] = json.loads(open_with_ring(office.keyring, f"{draft.id}/typed", draft.sealed))
    return typed


def keep_typed(office: Office, draft: JourneyDraft, typed: dict[str, Any]) -> None:
    """Seal what was entered so far, in place of what was there."""
    draft.sealed = seal_with_ring(office.keyring, f"{draft.id}/typed", json.dumps(typed).encode())
    draft.at = office.now()
