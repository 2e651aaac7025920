"""What the person agreed to, as it was explained to them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.news import led_by
from activities.domain.ids import new_id
from activities.plan.access import Actor, Verb
from activities.store.journeys import Consent

PAST = "consent-until-past"


def still_ahead(office: Office, until: datetime | None) -> None:
    """InvalidError for an end that has passed."""
    if until is not None and until <= office.now():
        raise InvalidError(PAST, (FieldProblem(("until",), PAST, "is past"),))


async def record_consent(
    session: AsyncSession,
    office: Office,
    actor: Actor,
    journey_id: str,
    purpose: str,
    recipients: list[str],
    until: datetime | None,
    language: str,
) -> Consent:
    """Record a consent: purpose, recipients (organisation codes), until when, in which language.

    InvalidError for an end that has passed: what holds no more is no consent.
    """
    journey = await led_by(session, actor, journey_id, Verb.RECORD_CONSENT)
    still_ahead(office, until)
    row = Consent(
        id=new_id("consent"),
        journey_id=journey.id,
        purpose=purpose,
        recipients=recipients,
        until=until,
        language=language,
        at=office.now(),
        officer_id=actor.officer_id,
    )
    session.add(row)
    journal.write(
        session, office, journey, "consent-recorded", officer=actor.officer_id, consent=row.id, recipients=recipients
    )
    return row
