"""Officers: invited, changed, deactivated and brought back by the administrator; and the invitation they accept."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from activities.casework import appointing, inviting
from activities.casework.editions import attend
from activities.casework.errors import InvalidError
from activities.casework.permits import demand
from activities.domain.states import Role
from activities.plan.access import Verb
from activities.security.passwords import hash_password, weak
from activities.store.organisations import Officer
from api.deps import Desk, Key, Means, Means_, SignedIn
from api.errors import documented
from api.reads import organisations as reads
from api.rest.journeys import Limit, Page
from api.rest.shapes import ADMINISTERS, READS, Code, CodeOrNone, Mail, Named, Username

router = APIRouter(tags=["administration"])
EXAMPLE: dict[str, Any] = {
    "username": "lan.tran", "name": "Trần Thị Lan", "organisation": "labour-division", "roles": ["officer"],
    "mail": "lan@example.vn",
}  # fmt: skip
Roles = Annotated[tuple[Role, ...], Field(min_length=1, max_length=4)]
Language = Annotated[str, Field(pattern="^(vi|en)$")]


class OfficerBody(appointing.Appointed):
    """Somebody who will sign in once they have accepted their invitation."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    username: Username
    name: Named
    organisation: Code
    roles: Roles
    mail: Mail = ""
    language: Language = "vi"


class OfficerChange(BaseModel):
    """What changes; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"roles": ["officer", "supervisor"]}]})

    name: Named | None = None
    organisation: Code | None = None
    roles: Roles | None = None
    district: bool | None = None
    mail: Mail | None = None
    language: Language | None = None


class LeavingBody(BaseModel):
    """Who takes over what the officer holds: a username of the same agency, empty for its queue."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"heir": "lan.tran"}]})

    heir: CodeOrNone | Username = ""


class PasswordBody(BaseModel):
    """The password an officer chooses: twelve characters at least, not all alike, without the username."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"password": "…"}]})

    password: str = Field(max_length=1000)


async def _invitation(desk: Desk, row: Officer, token: tuple[str, datetime]) -> dict[str, Any]:
    return await reads.one_officer(desk, row) | {"invitation": token[0], "expires_at": token[1]}


@router.get("/officers", responses=READS)
async def list_officers(
    caller: SignedIn,
    organisation: Annotated[str, Query(max_length=60)] = "",
    search: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str, Query(max_length=60)] = "",
    limit: Limit = 50,
) -> Page:
    """Officers by name; `search`: a part of username or name, with or without its accents."""
    async with caller.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        return Page(**await reads.officers_page(desk, organisation, cursor, limit, search))


@router.post("/officers", status_code=201, responses=ADMINISTERS, response_model=dict[str, Any])
async def post_officer(body: OfficerBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Enter an officer. `invitation` is shown this once; the same request again has it empty."""
    async with caller.desk(alone=True) as desk:

        async def work() -> dict[str, Any]:
            return await _invitation(desk, *await appointing.add_officer(desk.session, desk.office, desk.actor, body))

        return await desk.once(key, "officers", body, 201, work, withheld="invitation")


@router.post("/officers/{username}/invitations", status_code=201, responses=ADMINISTERS, response_model=dict[str, Any])
async def post_invitation(username: str, caller: SignedIn, key: Key) -> JSONResponse:
    """Invite again: the first expired, or the password is forgotten. Earlier invitations are worth nothing any more."""
    async with caller.desk(alone=True) as desk:

        async def work() -> dict[str, Any]:
            made = await appointing.invite_again(desk.session, desk.office, desk.actor, username)
            return await _invitation(desk, *made)

        return await desk.once(key, f"invitations/{username}", None, 201, work, withheld="invitation")


@router.patch("/officers/{username}", responses=ADMINISTERS)
async def patch_officer(username: str, body: OfficerChange, caller: SignedIn) -> dict[str, Any]:
    """Change an officer; nobody leaves their agency with live tasks in hand."""
    async with caller.desk(alone=True) as desk:
        changes = body.model_dump(exclude_none=True)
        row = await appointing.change_officer(desk.session, desk.office, desk.actor, username, changes)
        return await reads.one_officer(desk, row)


@router.post("/officers/{username}/deactivate", responses=ADMINISTERS)
async def deactivate(username: str, body: LeavingBody, caller: SignedIn) -> dict[str, Any]:
    """An officer leaves: their live tasks go to the heir or the agency's queue, their sessions end. Says how many went."""
    async with caller.desk(alone=True) as desk:
        given = await appointing.deactivate(desk.session, desk.office, desk.actor, username, body.heir)
        row = await desk.session.get_one(Officer, given.from_id)
        return await reads.one_officer(desk, row) | {"tasks": given.tasks}


@router.post("/officers/{username}/activate", responses=ADMINISTERS)
async def activate(username: str, caller: SignedIn) -> dict[str, Any]:
    """An officer comes back."""
    async with caller.desk(alone=True) as desk:
        row = await appointing.activate(desk.session, desk.office, desk.actor, username)
        return await reads.one_officer(desk, row)


@router.post("/invitations/{token}", status_code=204, responses=documented(400, 404, 422))
async def accept(token: Annotated[str, Path(max_length=100)], body: PasswordBody, means: Means_) -> Response:
    """Choose a password and be able to sign in. No password is hashed for a token that is not good."""
    await demand_fit(token, body.password, means)
    hashed = await asyncio.to_thread(hash_password, body.password)
    async with means.sessions.begin() as session:
        await inviting.accept(session, await attend(session, means.office), token, hashed)
    return Response(status_code=204)


async def demand_fit(token: str, password: str, means: Means) -> None:
    """NotFoundError for a token that is not good; InvalidError for a password too easily guessed."""
    async with means.sessions() as session:
        _, officer = await inviting.invited(session, token)
    if weak(officer.username, password):
        raise InvalidError("password-weak")
