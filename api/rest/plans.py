"""Plan versions: listed, read as data or as a drawing, and a rule nobody knew set with its source."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field

from activities.casework.plan_versions import set_unknown
from activities.plan.checks import unknown_rules
from activities.plan.edits import Edit
from api.deps import Key, SignedIn
from api.drawings.plan_svg import draw
from api.errors import documented
from api.reads import plans
from api.rest.journeys import Page
from api.rest.shapes import ADMINISTERS, Words
from api.words import language_of

router = APIRouter(prefix="/plans", tags=["plans"])
SVG = "image/svg+xml"
DRAWN: dict[int | str, dict[str, Any]] = {200: {"content": {SVG: {"schema": {"type": "string"}}}}}
Version = Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9-]+$")]


class UnknownBody(Edit):
    """One rule as `unknown` lists it, the article that says so, and the clock's length where it says another."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"path": "kinds.approve_support.clock", "budget": "P5WD", "cites": "Thông tư 35/2013/TT-BLĐTBXH"}
            ]
        }
    )

    path: Annotated[str, Field(max_length=200, pattern=r"^[a-z0-9_.-]+$")]
    cites: Words
    budget: Annotated[str, Field(max_length=20, pattern=r"^[A-Z0-9]*$")] = ""


@router.get("", responses=documented(401))
async def list_plans(caller: SignedIn) -> Page:
    """Every version of every plan, and what of each nobody knows yet."""
    async with caller.desk() as desk:
        return Page(**await plans.versions(desk))


@router.post("/{version}/unknowns", status_code=201, responses=ADMINISTERS, response_model=dict[str, Any])
async def post_unknown(version: Version, body: UnknownBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Set an unknown rule with its source: a new version, for journeys that start from now; running ones keep theirs."""
    async with caller.desk(alone=True) as desk:

        async def work() -> dict[str, Any]:
            plan = await set_unknown(desk.session, desk.office, desk.actor, version, body)
            return {"code": plan.code, "hash": plan.hash, "unknown": list(unknown_rules(plan))}

        return await desk.once(key, f"unknowns/{version}", body, 201, work)


@router.get("/{version}", responses=documented(401, 404, 422) | DRAWN, response_model=dict[str, Any])
async def read_plan(
    version: Version,
    caller: SignedIn,
    form: Annotated[Literal["", "json", "svg"], Query(alias="format", description="`svg` for the drawing.")] = "",
    accept: Annotated[str, Header()] = "",
    language: Annotated[str, Header(alias="Accept-Language")] = "vi",
) -> Response:
    """A plan by hash, or by code the version in use: stages, kinds, clocks, sources, branches, roles, what is unknown.

    As SVG (`?format=svg`, or by `Accept`) one sheet for A4 landscape, in the language asked for.
    """
    async with caller.desk() as desk:
        plan = await plans.plan_of(desk, version)
        if form == "svg" or (not form and SVG in accept):
            return Response(draw(plan, language_of(language)), media_type=SVG)
        return JSONResponse(jsonable_encoder(plans.whole(desk, plan)))
