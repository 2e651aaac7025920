"""Duty contacts: read by anybody signed in, written by an office's head or the administrator."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from activities.casework.contacts import set_contact
from api.deps import SignedIn
from api.errors import documented
from api.reads import contacts
from api.rest.journeys import Limit, Page
from api.rest.shapes import ADMINISTERS, Username

router = APIRouter(tags=["contacts"])
EXAMPLE: dict[str, Any] = {
    "phone": "0251 000 000", "hours": "7:30-17:00", "on_call": ["medical-centre.officer"],
}  # fmt: skip


class ContactBody(BaseModel):
    """The office's own telephone (never anybody's), its hours, and usernames of who is on call."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    phone: Annotated[str, Field(max_length=40, pattern=r"^[0-9+ ().-]*$")] = ""
    hours: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    on_call: Annotated[list[Username], Field(max_length=10)] = Field(default_factory=list)


@router.get("/contacts", responses=documented(401, 422))
async def list_contacts(
    caller: SignedIn,
    search: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str, Query(max_length=60)] = "",
    limit: Limit = 50,
) -> Page:
    """Whom to ring in each office of the territory, now; `search`: words of its name, with or without their accents."""
    async with caller.desk() as desk:
        return Page(**await contacts.page(desk, cursor, limit, search))


@router.put("/organisations/{code}/contact", responses=ADMINISTERS)
async def put_contact(code: str, body: ContactBody, caller: SignedIn) -> dict[str, Any]:
    """Write how an office is reached, all of it at once."""
    async with caller.desk() as desk:
        found = await set_contact(desk.session, desk.office, desk.actor, code, body.phone, body.hours, body.on_call)
        return contacts.shape(found)
