"""Holidays and swap days come and go: every date that is counted over them follows."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import text

from activities.casework.calendar_days import DayAsk, add_day, remove_day
from activities.casework.days import calendar_of
from activities.casework.errors import CaseError
from activities.casework.marks import changed
from tests.build.officers import actor
from tests.chaos.machines import OnRows


class Days(OnRows):
    """An administrator at the calendar; the office knows of the new days at once, as every process does."""

    @rule(ahead=st.integers(0, 21), kind=st.sampled_from(["holiday", "holiday", "swap"]), stays=st.booleans())
    def a_day_is_announced(self, ahead: int, kind: str, *, stays: bool) -> None:
        """It is added, or one that was added is taken away again."""
        self.runner.run(self._announced(ahead, kind, stays=stays))

    async def _announced(self, ahead: int, kind: str, *, stays: bool) -> None:
        day = self.office.today() + timedelta(days=ahead)
        ask = DayAsk.model_validate({"day": day, "kind": kind, "name_vi": "nghỉ", "name_en": "day off"})
        try:
            async with self.sessions.begin() as session:
                keeper = await actor(session, "administrator")
                await (
                    add_day(session, self.office, keeper, ask)
                    if stays
                    else remove_day(session, self.office, keeper, day)
                )
        except CaseError:
            return
        async with self.sessions() as session:
            self.office = replace(self.office, calendar=await calendar_of(session, self.office.shipped_calendar))

    async def forget_days(self) -> None:
        """The calendar is the shipped one again."""
        async with self.sessions.begin() as session:
            await session.execute(text("DELETE FROM calendar_day"))
            await changed(session, "calendar")
