"""Offices at a moment of the story's choosing."""

from dataclasses import replace
from datetime import UTC, datetime

from activities.casework.context import Office
from activities.casework.settling import settle
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.plan.calendar import TIME_ZONE
from activities.plan.clock import Clock
from activities.store.engine import Sessions
from tests.casework.test_races import opened


def at(office: Office, moment: datetime, scale: int = 1) -> Office:
    """The same office, when it is `moment` there."""
    return replace(office, clock=Clock(anchor=moment.astimezone(UTC), real0=datetime.now(UTC), scale=scale))


def local(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment on the wall clock of the district."""
    return datetime(year, month, day, hour, minute, tzinfo=TIME_ZONE)


async def opened_kind(sessions: Sessions, office: Office, kind: str, journey: str = "", round_: int = 1) -> Ask:
    """A task of this kind, in a journey of its own where none is named."""
    within = journey or (await opened(sessions, office)).journey
    ask = Ask(journey=within, task=task_id(within, kind, round_), kind=kind, round=round_)
    async with sessions.begin() as session:
        await settle(session, office, Wake(ask=ask))
    return ask
