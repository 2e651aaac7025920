"""Quiet hours: when a message that can wait until morning waits."""

from datetime import UTC, datetime, time, timedelta

from activities.plan.calendar import TIME_ZONE
from activities.plan.model import Quiet


def quiet_at(quiet: Quiet, at: time) -> bool:
    """Whether a time of day lies in the quiet hours; their end does not. Start and end at one time: never."""
    if quiet.start <= quiet.end:
        return quiet.start <= at < quiet.end
    return at >= quiet.start or at < quiet.end


def held_until(quiet: Quiet, moment: datetime) -> datetime | None:
    """The case time (UTC) until which a message is held; None outside quiet hours. A day off is not quiet by itself."""
    local = moment.astimezone(TIME_ZONE)
    if not quiet_at(quiet, local.time()):
        return None
    day = local.date() if local.time() < quiet.end else local.date() + timedelta(days=1)
    return datetime.combine(day, quiet.end, TIME_ZONE).astimezone(UTC)
