"""Dates, money and codes as the page says them, in one language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from activities.casework.opening import ASKED_ABOVE, REDONE_ABOVE
from activities.domain.reasons import OTHER, REMIND, apart
from activities.domain.text import Text
from activities.plan.calendar import TIME_ZONE, WorkCalendar, local_day
from activities.store.organisations import Organisation
from api.citations import cited
from api.reads.names import named
from api.words import in_language, marked

DAY = timedelta(days=1)
ASKED = re.compile(r"request request-[\w-]+")  # the reason of what was granted as it was asked
HOUR = timedelta(hours=1)
WEEKDAYS = (
    marked("Monday"), marked("Tuesday"), marked("Wednesday"), marked("Thursday"), marked("Friday"), marked("Saturday"), marked("Sunday"),
)  # fmt: skip


LENGTHS = (
    (marked("%(n)s hour"), marked("%(n)s hours")),
    (marked("%(n)s working day"), marked("%(n)s working days")),
    (marked("%(n)s day"), marked("%(n)s days")),
    (marked("%(n)s month"), marked("%(n)s months")),
)


@dataclass(frozen=True)
class Wording:
    """How one language, `vi` or `en`, is written."""

    language: str

    def gettext(self, message: str) -> str:
        """A message written in English, in this language."""
        return in_language(self.language, message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """A counted message; Vietnamese has one form."""
        return self.gettext(one if number == 1 else many)

    def said(self, code: object, room: str) -> str:
        """The words for a code of a closed list: catalogue entry `room:code`; the code itself where there is none."""
        text = self.gettext(f"{room}:{code}")
        return str(code) if text == f"{room}:{code}" else text

    def text(self, given: Text | Mapping[str, str]) -> str:
        """A text of the plan or of an outcome."""
        found = given.model_dump() if isinstance(given, Text) else given
        return found["en" if self.language == "en" else "vi"]

    def cited(self, cites: str) -> str:
        """Where a rule comes from, as the data cites it."""
        return cited(cites, self.language)

    def reason(self, kept: str) -> str:
        """A reason that was chosen from a list (`extend/papers: a note`) in words; any other as it was typed."""
        act, code, note = apart(kept)
        if not act:
            return self.gettext("as was asked") if ASKED.fullmatch(note) else note
        said = self.said(code, f"reason-{act}")
        words = note if code == OTHER else f"{said}: {note}" if note else said
        return self.gettext("Reminded in the application: %(why)s") % {"why": words} if act == REMIND else words

    def named(self, organisation: Mapping[str, Any] | Organisation) -> str:
        """What an organisation is called, as a read or the store gives it."""
        if isinstance(organisation, Organisation):
            organisation = named(organisation)
        return str(organisation["name_en" if self.language == "en" else "name"])

    def day(self, moment: date | datetime | None) -> str:
        """dd/MM/yyyy, of the district's day."""
        return f"{_local_day(moment):%d/%m/%Y}" if moment else "–"

    def moment(self, moment: datetime | None) -> str:
        """Hour and day on the district's clock."""
        return f"{moment.astimezone(TIME_ZONE):%H:%M %d/%m/%Y}" if moment else "–"

    def happened(self, moment: datetime | None) -> str:
        """When a fact was: its day alone where no hour was given, which is kept as the day's first."""
        hour = self.hour(moment)
        return self.moment(moment) if moment is None or hour != "00:00" else self.day(moment)

    def hour(self, moment: datetime | None) -> str:
        """The hour on the district's clock."""
        return f"{moment.astimezone(TIME_ZONE):%H:%M}" if moment else ""

    def weekday(self, moment: date | datetime) -> str:
        """The day of the week with day and month: "thứ Sáu 18/12"."""
        day = _local_day(moment)
        return f"{self.gettext(WEEKDAYS[day.weekday()])} {day:%d/%m}"

    def money(self, amount: object) -> str:
        """Whole dong, in groups of three; what is no number yet stays as it was typed."""
        if not isinstance(amount, int):
            return str(amount or "–")
        grouped = f"{amount:,}"
        return f"{grouped.replace(',', '.')} đồng" if self.language == "vi" else f"{grouped} VND"

    def span(self, seconds: float | timedelta | None) -> str:
        """A length of time in its largest unit."""
        if seconds is None:
            return "–"
        apart = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
        if apart >= DAY:
            return self.ngettext("%(n)s day", "%(n)s days", apart.days) % {"n": apart.days}
        if apart >= HOUR:
            return self.ngettext("%(n)s hour", "%(n)s hours", apart // HOUR) % {"n": apart // HOUR}
        minutes = max(int(apart.total_seconds() // 60), 0)
        return self.ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}

    def round(self, number: int) -> str:
        """Which time a task is done: the story's own rounds, what a coordinator asked for once more, what was opened anew."""
        if number > REDONE_ABOVE:
            return self.gettext("opened anew, %(number)s") % {"number": number - REDONE_ABOVE}
        if number > ASKED_ABOVE:
            return self.gettext("once more, %(number)s") % {"number": number - ASKED_ABOVE}
        return self.gettext("round %(number)s") % {"number": number}

    def iso_day(self, value: object) -> str:
        """A day kept in ISO as people write it; anything else, half typed, stays as it is."""
        try:
            return self.day(date.fromisoformat(str(value)))
        except ValueError:
            return str(value)

    def budget(self, text: str) -> str:
        """A length of the plan (PT4H, P3D, P5WD, P12M) in words; "none" where the plan knows none."""
        found = re.fullmatch(r"P(?:T(\d+)H|(\d+)WD|(\d+)D|(\d+)M)", text)
        if not found:
            return self.gettext("no length is set")
        number, words = next((int(each), unit) for each, unit in zip(found.groups(), LENGTHS, strict=True) if each)
        return self.ngettext(*words, number) % {"n": number}

    def due(self, task: Mapping[str, Any], now: datetime, calendar: WorkCalendar) -> str:
        """A task's date in words: "còn 2 ngày làm việc, hạn thứ Sáu 18/12"."""
        due: datetime = task["due_at"]
        if task["state"] == "paused":
            return self.gettext("the clock stands still")
        at = {"date": self._date(due, now)}
        if now > due:
            late = self._apart(due, now, calendar)
            return self.gettext("%(late)s overdue, was due %(date)s") % (at | {"late": late})
        left = self._apart(now, due, calendar)
        return self.gettext("%(left)s left, due %(date)s") % (at | {"left": left})

    def _apart(self, first: datetime, last: datetime, calendar: WorkCalendar) -> str:
        """How far apart two instants are: hours within a day, else working days."""
        if last - first < DAY:
            return self.span(last - first)
        day, end, count = calendar.day_of(first), calendar.day_of(last), 0
        while day < end:
            day += DAY
            count += calendar.is_working(day)
        if not count:  # days nobody works
            return self.span(last - first)
        return self.ngettext("%(n)s working day", "%(n)s working days", count) % {"n": count}

    def _date(self, due: datetime, now: datetime) -> str:
        local, today = due.astimezone(TIME_ZONE), local_day(now)
        if local.date() == today:
            return self.gettext("%(hour)s today") % {"hour": f"{local:%H:%M}"}
        hour = f"{local:%H:%M} " if abs(due - now) < DAY else ""
        year = "" if local.year == today.year else f"/{local.year}"
        return hour + self.weekday(due) + year


def _local_day(moment: date | datetime) -> date:
    return local_day(moment) if isinstance(moment, datetime) else moment
