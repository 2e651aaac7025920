"""Organisations and their roles, for the administrator alone; and the log of what administrators did."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from activities.casework import organising, roles
from activities.casework.permits import demand
from activities.plan.access import Verb
from api.deps import Key, SignedIn
from api.reads import organisations as reads
from api.rest.journeys import Limit, Page
from api.rest.shapes import ADMINISTERS, READS, Code, CodeOrNone, Mail, Named, RoleCode

router = APIRouter(tags=["administration"])


class OrganisationBody(organising.Entered):
    """An organisation of the administrator's territory."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "school-two", "name_vi": "Trường học mẫu số 2", "parent": "education-division"}]
        }
    )

    code: Code
    name_vi: Named
    name_en: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    parent: CodeOrNone = ""
    commune: CodeOrNone = ""
    mail: Mail = ""


class OrganisationChange(BaseModel):
    """What changes; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"mail": "truong2@example.vn"}]})

    name_vi: Named | None = None
    name_en: Named | None = None
    parent: CodeOrNone | None = None
    mail: Mail | None = None


class RoleBody(BaseModel):
    """A role of the plan, from a day on; `to` is the last day, left out while it is open."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "school", "from": "2024-03-01"}]}
    )

    role: RoleCode
    since: date = Field(alias="from")
    until: date | None = Field(None, alias="to")


class RoleEnd(BaseModel):
    """The last day of a role."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"to": "2024-06-30"}]})

    until: date = Field(alias="to")


@router.get("/organisations", responses=READS)
async def list_organisations(
    caller: SignedIn, cursor: Annotated[str, Query(max_length=60)] = "", limit: Limit = 50
) -> Page:
    """Organisations by code, with the roles they hold by date."""
    async with caller.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        return Page(**await reads.page(desk, cursor, limit))


@router.post("/organisations", status_code=201, responses=ADMINISTERS, response_model=dict[str, Any])
async def post_organisation(body: OrganisationBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Enter an organisation; its roles come after."""
    async with caller.desk(alone=True) as desk:

        async def work() -> dict[str, Any]:
            row = await organising.add_organisation(desk.session, desk.office, desk.actor, body)
            return await reads.organisation(desk, row.code)

        return await desk.once(key, "organisations", body, 201, work)


@router.patch("/organisations/{code}", responses=ADMINISTERS)
async def patch_organisation(code: str, body: OrganisationChange, caller: SignedIn) -> dict[str, Any]:
    """Change names, mailbox, or who directs it."""
    async with caller.desk(alone=True) as desk:
        changes = body.model_dump(exclude_none=True)
        row = await organising.change_organisation(desk.session, desk.office, desk.actor, code, changes)
        return await reads.organisation(desk, row.code)


@router.post("/organisations/{code}/roles", status_code=201, responses=ADMINISTERS, response_model=dict[str, Any])
async def post_role(code: str, body: RoleBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Give a role from a day on."""
    async with caller.desk(alone=True) as desk:

        async def work() -> dict[str, Any]:
            given = body.model_dump()
            return reads.role(await roles.give_role(desk.session, desk.office, desk.actor, code, **given))

        return await desk.once(key, f"roles/{code}", body, 201, work)


@router.patch("/organisations/{code}/roles/{role_id}", responses=ADMINISTERS)
async def patch_role(code: str, role_id: str, body: RoleEnd, caller: SignedIn) -> dict[str, Any]:
    """End a role by date; never so that a running journey finds nobody who holds it."""
    async with caller.desk(alone=True) as desk:
        return reads.role(await roles.end_role(desk.session, desk.office, desk.actor, code, role_id, body.until))


@router.get("/administration", responses=READS)
async def read_log(caller: SignedIn, cursor: Annotated[int, Query(ge=0, lt=2**31)] = 0, limit: Limit = 50) -> Page:
    """What administrators did, newest first."""
    async with caller.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        return Page(**await reads.log(desk, cursor, limit))
