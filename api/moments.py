"""Instants as they may come in: with their zone, and of a time a row and a calendar can work with."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

YEARS = range(1900, 2200)  # local: a bound of the machine, not of the law


def _workable(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise ValueError(f"must lie between {YEARS.start} and {YEARS.stop - 1}")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_workable)]
