"""How long an attached file is kept: a closed list of classes, each with its months and its source."""

import calendar
from datetime import date
from functools import lru_cache
from typing import Annotated

import yaml
from pydantic import Field

from activities.domain.text import Text
from activities.plan.load import shipped
from activities.plan.model import Entry, Source


class Retention(Entry):
    """One class of files. `months` count from the day a file was attached."""

    code: str
    label: Text
    months: Annotated[int, Field(ge=1, le=1200)]
    source: Source

    def until(self, day: date) -> date:
        """The last day a file attached on `day` is kept: the same day of a later month, or that month's last."""
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class _Classes(Entry):
    classes: tuple[Retention, ...]


@lru_cache(maxsize=1)
def retention_classes() -> dict[str, Retention]:
    """The classes by code, read once."""
    found = _Classes.model_validate(yaml.safe_load(shipped("retention"))).classes
    return {each.code: each for each in found}
