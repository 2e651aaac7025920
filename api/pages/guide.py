"""The guide of one page for each role, the way to the practice, and the drawing of the plan with the place where a journey is."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from activities.casework.errors import NotFoundError
from activities.casework.holders import held_on
from activities.domain.states import Role
from activities.store.organisations import RoleHolder
from api.deps import Desk
from api.drawings.plan_svg import draw
from api.pages.show import show
from api.pages.visitor import Visits, in_language_of
from api.pages.wording import Wording

router = APIRouter(include_in_schema=False)
STEPS = {Role.OFFICER: 7, Role.COORDINATOR: 6, Role.SUPERVISOR: 6, Role.ADMINISTRATOR: 6}  # how many each guide has


@router.get("/guide")
async def own(visitor: Visits) -> Response:
    """The guide of the visitor's own role; of the widest where they have several."""
    async with visitor.desk() as desk:
        return await show(visitor, desk, "account/guide.html", **_guide(max(desk.actor.roles, key=list(STEPS).index)))


@router.get("/guide/{role}")
async def of_role(role: str, visitor: Visits) -> Response:
    """The guide of any role: officers may read what the others do."""
    async with visitor.desk() as desk:
        if role not in STEPS:
            raise NotFoundError("not-found")
        return await show(visitor, desk, "account/guide.html", **_guide(Role(role)))


@router.get("/practice")
async def practice(visitor: Visits) -> Response:
    """What a practice is, and the way to it."""
    async with visitor.desk() as desk:
        return await show(visitor, desk, "account/practice.html")


@router.get("/plan")
async def plan(visitor: Visits, here: Annotated[str, Query(max_length=60)] = "") -> Response:
    """The plan in force today as one drawing, in words fit for the reader; `here`: the stage to mark, if the plan has it."""
    async with visitor.desk() as desk:
        wording = Wording(in_language_of(visitor, desk).language)
        given = desk.office.shelf.on(desk.office.today())
        stage = next((each for each in given.stages if each.code == here), None)
        picture = draw(given, wording.language, stage.code if stage else "", await _own(desk))
        return await show(visitor, desk, "account/plan.html", plan=given, stage=stage, picture=picture)


async def _own(desk: Desk) -> list[str] | None:
    """The roles of the visitor's agency; None for the lead, which reads every kind by its own name."""
    if desk.actor.lead:
        return None
    held = select(RoleHolder.role).where(RoleHolder.organisation_id == desk.actor.organisation_id)
    return list(await desk.session.scalars(held.where(held_on(desk.office.today()))))


def _guide(role: Role) -> dict[str, Any]:
    steps = [f"{role}-{number}" for number in range(1, STEPS[role] + 1)]
    return {"role": str(role), "steps": steps, "roles": [str(each) for each in STEPS]}
