"""The one clock of a case: it turns real time into case time and back. Nothing else converts or reads the time of day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

LEAST_REAL_SECONDS = 2.0  # the shortest a person or a timer is given above scale 1
GREATEST_SCALE = 43_200  # a day of the case in two seconds


class ClockError(ValueError):
    """A clock that cannot run, or an instant without a time zone."""

    code = "clock-invalid"


@dataclass(frozen=True)
class Clock:
    """Case time = anchor + (real - real0) x scale. Scale 1 in life; `anchor` and `real0` never change once written."""

    anchor: datetime
    real0: datetime
    scale: int = 1

    def __post_init__(self) -> None:
        for moment in (self.anchor, self.real0):
            _utc(moment)
        if not 1 <= self.scale <= GREATEST_SCALE:
            raise ClockError(f"the scale runs from 1 to {GREATEST_SCALE}, not {self.scale}")

    @classmethod
    def live(cls) -> Self:
        """The clock of real life: case time is real time."""
        now = datetime.now(UTC)
        return cls(anchor=now, real0=now, scale=1)

    def now(self, real: datetime | None = None) -> datetime:
        """Case time now, or at the real instant given, in UTC."""
        return self.case_of(datetime.now(UTC) if real is None else real)

    def case_of(self, real: datetime) -> datetime:
        """The case time of a real instant; ClockError once a fast clock has run out of calendar (at 43,200 in 67 days)."""
        try:
            return _utc(self.anchor) + (_utc(real) - _utc(self.real0)) * self.scale
        except OverflowError as error:
            raise ClockError(
                f"at scale {self.scale} the case time of {real} lies outside the calendar: begin a new data folder"
            ) from error

    def real_of(self, case: datetime) -> datetime:
        """The real instant of a case time, to the microsecond."""
        return _utc(self.real0) + (_utc(case) - _utc(self.anchor)) / self.scale

    def real_seconds_until(self, case: datetime, real: datetime | None = None) -> float:
        """Real seconds from now (or `real`) until a case time; negative once it has passed."""
        return (_utc(case) - self.now(real)).total_seconds() / self.scale

    @property
    def least(self) -> timedelta:
        """The shortest stretch of case time a timer can tell: LEAST_REAL_SECONDS of real time."""
        return timedelta(seconds=LEAST_REAL_SECONDS) * self.scale

    def stretched(self, start: datetime, due: datetime) -> datetime:
        """`due`, or above scale 1 the later instant that leaves LEAST_REAL_SECONDS after `start`.

        A due date at or before the start is already past and stays as it is: its task opens overdue.
        """
        if self.scale == 1 or due <= start:
            return _utc(due)
        return max(_utc(due), _utc(start) + self.least)


def _utc(moment: datetime) -> datetime:
    """The instant in UTC; ClockError without a time zone."""
    if moment.utcoffset() is None:
        raise ClockError(f"{moment} has no time zone")
    return moment.astimezone(UTC)
