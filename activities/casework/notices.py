"""Notices: who should look at what. Written with the change; the notifier spreads them over the channels."""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.errors import NotFound
from activities.domain.ids import new_id
from activities.domain.states import Role
from activities.plan.access import Actor
from activities.store.journeys import Journey
from activities.store.notices import Notice

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


def concerns(notice: Notice, actor: Actor) -> bool:
    """Whether a notice is put before this actor."""
    if notice.audience == "district":
        return actor.district
    ours = notice.organisation_id == actor.organisation_id
    return ours and AUDIENCES[notice.audience] in actor.roles and notice.officer_id in (None, actor.officer_id)


async def mark_seen(session: AsyncSession, office: Office, actor: Actor, notice_id: str) -> None:
    """Record who saw a notice first; a second look changes nothing. NotFound for another's notice."""
    notice = await session.get(Notice, notice_id, with_for_update=True)
    if notice is None or not concerns(notice, actor):
        raise NotFound("notice-unknown")
    if notice.seen_at is None:
        notice.seen_at, notice.seen_by = office.now(), actor.officer_id
