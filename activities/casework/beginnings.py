"""A journey opened with all that was entered for it: consents and who the person is, in the same transaction."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.consents import record_consent
from activities.casework.context import Office
from activities.casework.journeys import Start, start_journey
from activities.casework.persons import write_person
from activities.plan.access import Actor
from activities.store.journeys import Journey


@dataclass(frozen=True)
class Agreed:
    """A consent as it was given. `recipients`: codes of organisations."""

    purpose: str
    recipients: tuple[str, ...] = ()
    until: datetime | None = None
    language: str = "vi"


@dataclass(frozen=True)
class Beginning:
    """All that is known when a journey begins. `person`: identity fields that are not empty."""

    start: Start
    consents: tuple[Agreed, ...] = ()
    person: dict[str, str] = field(default_factory=dict)


async def begin(session: AsyncSession, office: Office, actor: Actor, whole: Beginning) -> Journey:
    """Open the journey; what does not fit leaves nothing behind."""
    journey = await start_journey(session, office, actor, whole.start)
    for each in whole.consents:
        await record_consent(
            session, office, actor, journey.id, each.purpose, list(each.recipients), each.until, each.language
        )
    if whole.person:
        await write_person(session, office, actor, journey.id, None, whole.person)
    return journey
