"""Plan versions: listed, read as data or as a drawing, and a rule nobody knew set with its source."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field

from activities.casework.plan_versions import set_unknown
from activities.plan.checks import unknown_rules
from activities.plan.edits import Edit
from api.deps import Key, SignedIn
from api.errors import documented
from api.reads import plans
from api.rest.journeys import Page
from api.rest.shapes import ADMINISTERS, Words

router = APIRouter(prefix="/plans", tags=["plans"])
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


@router.get("/{version}", responses=documented(401, 404, 422))
async def read_plan(version: Version, caller: SignedIn) -> dict[str, Any]:
    """A plan by hash, or by code the version in use: stages, kinds, clocks, sources, roles, and what is unknown."""
    async with caller.desk() as desk:
        return plans.whole(desk, await plans.plan_of(desk, version))
