"""Holidays and swap days: read by everybody, added and taken away by the administrator."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, model_validator

from activities.casework.calendar_days import DayAsk, add_day, remove_day
from api.deps import Key, SignedIn
from api.errors import documented
from api.reads.calendar import days_of
from api.rest.shapes import ADMINISTERS, Named, Words

router = APIRouter(prefix="/calendar", tags=["calendar"])
EXAMPLE: dict[str, Any] = {
    "day": "2024-12-31", "kind": "holiday", "name": {"vi": "Nghỉ thêm", "en": "Extra day off"}, "local": True,
}  # fmt: skip


class NameBody(BaseModel):
    """What a day is called."""

    model_config = ConfigDict(extra="forbid")

    vi: Named
    en: Named


class DayBody(BaseModel):
    """A day with what announces it, or `local` for our own choice. `instead_of`: the holiday a swap day is worked for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    day: date
    kind: Literal["holiday", "swap"]
    name: NameBody
    source: Words = ""
    local: bool = False
    instead_of: date | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.source.strip()) == self.local:
            raise ValueError("give exactly one of source and local")
        if (self.kind == "swap") != (self.instead_of is not None):
            raise ValueError("instead_of goes with a swap day, and with it alone")
        return self


@router.get("", responses=documented(401, 422))
async def read_calendar(
    caller: SignedIn, year: Annotated[int | None, Query(ge=1900, le=2200)] = None
) -> dict[str, Any]:
    """The days of a year on which offices are closed, and the weekend days they work; each with its source."""
    async with caller.desk() as desk:
        return days_of(desk, year or desk.office.today().year)


@router.post("", status_code=201, responses=ADMINISTERS, response_model=dict[str, Any])
async def post_day(body: DayBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Add a day. Says how many live tasks were due that day, and how many have another date now; each agency is told."""
    async with caller.desk(alone=True) as desk:

        async def work() -> dict[str, Any]:
            given = body.model_dump(exclude={"name", "local"})
            ask = DayAsk(name_vi=body.name.vi, name_en=body.name.en, **given)
            row, moved = await add_day(desk.session, desk.office, desk.actor, ask)
            return {"day": row.day, "kind": row.kind, "tasks": asdict(moved)}

        return await desk.once(key, "calendar", body, 201, work)


@router.delete("/{day}", responses=ADMINISTERS)
async def delete_day(day: date, caller: SignedIn) -> dict[str, Any]:
    """Take an added day away again; live tasks are counted anew."""
    async with caller.desk(alone=True) as desk:
        moved = await remove_day(desk.session, desk.office, desk.actor, day)
        return {"day": day, "tasks": asdict(moved)}
