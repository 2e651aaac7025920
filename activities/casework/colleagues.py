"""Officers by username, as acts on staff name them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.away import away_today, can_answer
from activities.casework.context import Office
from activities.casework.errors import FieldProblem, InvalidError, NotFoundError
from activities.plan.access import Actor, Subject
from activities.store.organisations import Officer, Organisation


async def officer_named(session: AsyncSession, actor: Actor, username: str) -> tuple[Officer, Subject]:
    """The officer of this username in the actor's territory, locked, as the policy sees them; NotFoundError otherwise."""
    row = await session.scalar(
        select(Officer)
        .join(Organisation, Organisation.id == Officer.organisation_id)
        .where(Officer.username == username, Organisation.territory == actor.territory)
        .with_for_update(of=Officer)
    )
    if row is None:
        raise NotFoundError("officer-unknown")
    return row, Subject(organisation_id=row.organisation_id, officer_id=row.id, territory=actor.territory)


async def heir_of(
    session: AsyncSession, office: Office, leaver: Officer, username: str, field: str, *, there: bool = True
) -> Officer:
    """The colleague of the same agency who takes over; InvalidError for anybody who could not answer (`there`: today)."""
    found = await session.scalar(
        select(Officer).where(
            Officer.username == username, Officer.organisation_id == leaver.organisation_id, can_answer()
        )
    )
    if found is None or found.id == leaver.id:
        raise unfit(field, "officer-cannot-answer", "no other officer of that organisation who can answer")
    if there and await away_today(session, office, [found.id]):
        raise unfit(field, "officer-away", "away today")
    return found


def unfit(field: str, code: str, message: str) -> InvalidError:
    """An officer who cannot be what they are named for."""
    return InvalidError("officer-unfit", (FieldProblem((field,), code, message),))
