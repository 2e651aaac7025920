"""Notices: who should look at what. Written with the change; the notifier spreads them over the channels."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import outbox
from activities.casework.context import Office
from activities.casework.errors import NotFoundError
from activities.domain.ids import new_id
from activities.domain.states import Role
from activities.plan.access import Actor
from activities.store.journeys import Journey
from activities.store.notices import Notice
from activities.store.scope import notices_within

AUDIENCES = {
    "officer": Role.OFFICER,
    "coordinator": Role.COORDINATOR,
    "supervisor": Role.SUPERVISOR,
    "district": Role.SUPERVISOR,
}


def notify(
    session: AsyncSession,
    office: Office,
    journey: Journey,
    organisation: str,
    code: str,
    *,
    task: str | None = None,
    audience: str = "officer",
    officer: str | None = None,
    rung: str | None = None,
) -> None:
    """Put a notice before an organisation's officers (or heads, coordinators, the district): one row, spread later."""
    session.add(
        Notice(
            id=new_id("notice"),
            organisation_id=organisation,
            officer_id=officer,
            audience=audience,
            journey_id=journey.id,
            task_id=task,
            rung_id=rung,
            code=code,
            at=office.now(),
        )
    )


def audiences_of(actor: Actor) -> tuple[str, ...]:
    """The audiences of notices an actor belongs to in their own organisation."""
    return tuple(name for name, role in AUDIENCES.items() if role in actor.roles and name != "district")


async def mark_seen(session: AsyncSession, office: Office, actor: Actor, notice_id: str) -> None:
    """Record who saw a notice first; a second look changes nothing. NotFoundError for another's notice."""
    theirs = select(Notice).where(Notice.id == notice_id, notices_within(actor, audiences_of(actor)))
    notice = await session.scalar(theirs.with_for_update(of=Notice))
    if notice is None:
        raise NotFoundError("notice-unknown")
    if notice.seen_at is None:
        notice.seen_at, notice.seen_by = office.now(), actor.officer_id
        await outbox.stir(session, notice.organisation_id)


async def mark_all_seen(session: AsyncSession, office: Office, actor: Actor, until: datetime) -> None:
    """The same for all put before the actor up to a moment, so that what came after the list was drawn stays unseen."""
    unseen = update(Notice).where(
        notices_within(actor, audiences_of(actor)), Notice.seen_at.is_(None), Notice.at <= until
    )
    seen = await session.scalars(
        unseen.values(seen_at=office.now(), seen_by=actor.officer_id).returning(Notice.organisation_id)
    )
    if whose := set(seen):
        await outbox.stir(session, *whose)
