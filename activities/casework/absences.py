"""An officer is away: from when to when, and who stands in meanwhile."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import administration
from activities.casework.away import let_go_of_all
from activities.casework.colleagues import heir_of, officer_named, unfit
from activities.casework.context import Office
from activities.casework.errors import ConflictError, InvalidError, NotFoundError
from activities.casework.hands import lock_held, tell
from activities.casework.permits import demand
from activities.casework.strength import demand_strength
from activities.domain.ids import new_id
from activities.plan.access import Actor, Subject, Verb
from activities.store.absences import Absence
from activities.store.organisations import Officer, Organisation

LONGEST = timedelta(days=400)  # local: a longer one is a leaving


async def record_absence(
    session: AsyncSession, office: Office, actor: Actor, officer: str, since: date, until: date, substitute: str = ""
) -> Absence:
    """Record that an officer (a username, empty for oneself) is away; both days are included.

    What they hold stays theirs and comes into the substitute's box; without a substitute it goes to the agency's queue
    as the absence begins. ConflictError where nobody would be left to answer, or for a second absence on one day.
    """
    leaver, subject = await _leaver(session, actor, officer)
    demand(actor, Verb.RECORD_ABSENCE, subject)
    today = office.today()
    if not today <= since <= until <= today + LONGEST:
        raise InvalidError("absence-dates")
    stand_in = await heir_of(session, office, leaver, substitute, "substitute", there=False) if substitute else None
    if stand_in is not None and await _overlapping(session, stand_in.id, since, until):
        raise unfit("substitute", "officer-away", "away on one of these days")
    if other := await _overlapping(session, leaver.id, since, until):
        raise ConflictError(
            "absence-overlaps", winner={"absence": other.id, "from": str(other.since), "to": str(other.until)}
        )
    await demand_strength(session, office, leaver.organisation_id, leaves=[(leaver.id, since, until)])
    row = Absence(
        id=new_id("absence"), officer_id=leaver.id, substitute_id=stand_in.id if stand_in else None, since=since,
        until=until, by_id=actor.officer_id, at=office.now(),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    if since <= today:
        await _begin(session, office, leaver, stand_in)
    if leaver.id != actor.officer_id:
        await administration.record(
            session, office, actor.officer_id, "absence-recorded", leaver.username, since=since, until=until,
            substitute=substitute,
        )  # fmt: skip
    return row


async def end_absence(session: AsyncSession, office: Office, actor: Actor, absence_id: str) -> Absence:
    """The officer is back, or never leaves; what went to the queue meanwhile stays there. Ending it twice changes nothing."""
    row = await session.get(Absence, absence_id, with_for_update=True)
    if row is None:
        raise NotFoundError("absence-unknown")
    leaver = await session.get_one(Officer, row.officer_id)
    own = await session.get_one(Organisation, leaver.organisation_id)
    subject = Subject(organisation_id=own.id, officer_id=leaver.id, territory=own.territory)
    demand(actor, Verb.RECORD_ABSENCE, subject, unknown="absence-unknown")
    if row.ended_at is None:
        row.ended_at, row.ended_by = office.now(), actor.officer_id
        if leaver.id != actor.officer_id:
            await administration.record(
                session, office, actor.officer_id, "absence-ended", leaver.username, since=row.since, until=row.until
            )
    return row


async def _leaver(session: AsyncSession, actor: Actor, username: str) -> tuple[Officer, Subject]:
    if username:
        return await officer_named(session, actor, username)
    own = await session.get_one(Officer, actor.officer_id, with_for_update=True)
    return own, Subject(organisation_id=own.organisation_id, officer_id=own.id, territory=actor.territory)


async def _overlapping(session: AsyncSession, officer_id: str, since: date, until: date) -> Absence | None:
    rows = select(Absence).where(
        Absence.officer_id == officer_id, Absence.ended_at.is_(None), Absence.since <= until, Absence.until >= since
    )
    return (await session.scalars(rows.limit(1))).first()


async def _begin(session: AsyncSession, office: Office, leaver: Officer, stand_in: Officer | None) -> None:
    """It begins today: the substitute is told of each task, or the queue gets them; so with those the leaver stood in for."""
    if stand_in is not None:
        for held in await lock_held(session, [leaver.id]):
            tell(session, office, held, "task-stand-in", stand_in)
    await let_go_of_all(session, office, leaver.organisation_id)
