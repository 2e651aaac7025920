"""Identity, consents, wishes, dangers and further rounds of a journey."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from activities.casework.consents import record_consent
from activities.casework.dangers import raise_danger, read_dangers
from activities.casework.errors import MalformedError
from activities.casework.persons import read_person, write_person
from activities.casework.rounds import ask_again
from activities.casework.wishes import record_wish
from api.deps import Key, SignedIn, revision_of
from api.errors import documented
from api.moments import Moment
from api.reads.names import named

router = APIRouter(prefix="/journeys/{journey_id}", tags=["the person"])
Word = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class Identity(BaseModel):
    """Who the person is; every field is optional and kept sealed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"full_name": "Nguyễn Thị Thử", "birth_date": "2001-02-03", "sex": "female", "nationality": "VN"}
            ]
        },
    )

    full_name: Word | None = None
    other_names: Word | None = None
    birth_date: Word | None = None
    sex: Word | None = None
    id_number: Word | None = None
    nationality: Word | None = None
    ethnicity: Word | None = None
    address: Word | None = None
    phone: Word | None = None
    relatives: Word | None = None


class ConsentBody(BaseModel):
    """What the person agreed to."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "purpose": "support",
                    "recipients": ["medical-centre"],
                    "until": "2024-09-01T00:00:00Z",
                    "language": "vi",
                }
            ]
        },
    )

    purpose: Word
    recipients: list[Word] = Field(max_length=50)
    until: Moment | None = None
    language: Word = "vi"


class WishBody(BaseModel):
    """What the person wants. `value`: centre, home or stay; or the kind of service refused; `home` with a withdrawal."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"wish": "choice", "value": "home", "cannot_pay": True}]}
    )

    wish: Literal["choice", "refuse_service", "withdraw", "home"]
    value: Word = ""
    labour_escorts: bool = False
    cannot_pay: bool = False


class DangerBody(BaseModel):
    """A danger somebody saw; the note is kept sealed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "…"}]})

    note: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""


class AgainBody(BaseModel):
    """A repeatable kind, once more."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "examine_health"}]})

    kind: Word


class Recorded(BaseModel):
    """What was recorded."""

    id: str


class Round(BaseModel):
    """A kind and the round it opens in."""

    kind: str
    round: int


class Revised(BaseModel):
    """The revision after a change."""

    revision: int


@router.put("/person", responses=documented(400, 401, 403, 404, 409, 412, 422, 428))
async def put_person(
    journey_id: str,
    body: Identity,
    caller: SignedIn,
    response: Response,
    match: Annotated[str | None, Header(alias="If-Match")] = None,
    none_match: Annotated[str | None, Header(alias="If-None-Match", description="`*` the first time.")] = None,
) -> Revised:
    """Write identity fields: `If-None-Match: *` the first time, `If-Match` later."""
    if none_match is not None and none_match != "*":
        raise MalformedError("if-none-match-needed")
    revision = None if none_match == "*" else revision_of(match)
    fields = {name: value for name, value in body.model_dump().items() if value is not None}
    async with caller.desk() as desk:
        new = await write_person(desk.session, desk.office, desk.actor, journey_id, revision, fields)
    response.headers["ETag"] = f'"{new}"'
    return Revised(revision=new)


@router.get("/person", responses=documented(401, 403, 404, 422))
async def get_person(
    journey_id: str,
    caller: SignedIn,
    response: Response,
    reason: Annotated[str, Query(max_length=500, pattern=r"^[^\x00]*$")] = "",
) -> dict[str, Any]:
    """The identity fields the caller needs; every reading is logged."""
    async with caller.desk() as desk:
        fields, revision = await read_person(desk.session, desk.office, desk.actor, journey_id, reason)
    response.headers["ETag"] = f'"{revision}"'
    return {"fields": fields, "revision": revision}


@router.post("/consents", status_code=201, response_model=Recorded, responses=documented(400, 401, 403, 404, 409, 422))
async def post_consent(journey_id: str, body: ConsentBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Record a consent."""
    async with caller.desk() as desk:

        async def work() -> Recorded:
            given = body.model_dump()
            return Recorded(id=(await record_consent(desk.session, desk.office, desk.actor, journey_id, **given)).id)

        return await desk.once(key, f"consents/{journey_id}", body, 201, work)


@router.post("/wishes", status_code=201, response_model=Recorded, responses=documented(400, 401, 403, 404, 409, 422))
async def post_wish(journey_id: str, body: WishBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Record a wish: it works at once."""
    flags = [name for name in ("labour_escorts", "cannot_pay") if getattr(body, name)]
    async with caller.desk() as desk:

        async def work() -> Recorded:
            wish = await record_wish(desk.session, desk.office, desk.actor, journey_id, body.wish, body.value, flags)
            return Recorded(id=wish.id)

        return await desk.once(key, f"wishes/{journey_id}", body, 201, work)


@router.get("/dangers", responses=documented(401, 403, 404, 422))
async def get_dangers(journey_id: str, caller: SignedIn) -> dict[str, Any]:
    """What was seen, for the lead and for whose task of protection it is; every reading is logged."""
    async with caller.desk() as desk:
        found = await read_dangers(desk.session, desk.office, desk.actor, journey_id)
        return {"items": [each | {"by": named(each["by"])} for each in found]}


@router.post("/dangers", status_code=201, response_model=Recorded, responses=documented(400, 401, 403, 404, 409, 422))
async def post_danger(journey_id: str, body: DangerBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Raise a danger: its protection opens at once."""
    async with caller.desk() as desk:

        async def work() -> Recorded:
            return Recorded(id=(await raise_danger(desk.session, desk.office, desk.actor, journey_id, body.note)).id)

        return await desk.once(key, f"dangers/{journey_id}", body, 201, work)


@router.post("/tasks", status_code=201, response_model=Round, responses=documented(400, 401, 403, 404, 409, 422))
async def post_task(journey_id: str, body: AgainBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Ask a repeatable kind once more."""
    async with caller.desk() as desk:

        async def work() -> Round:
            return Round(
                kind=body.kind, round=await ask_again(desk.session, desk.office, desk.actor, journey_id, body.kind)
            )

        return await desk.once(key, f"tasks/{journey_id}", body, 201, work)
