"""The rows behind a number of the board, and those that come back to be looked at again."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from sqlalchemy import ColumnElement

from activities.casework.permits import demand
from activities.plan.access import Verb
from activities.store.tasks import Task
from api.pages.show import show
from api.pages.supervision.acts import BULK
from api.pages.supervision.board import OF_AGENCY
from api.pages.visitor import Visits, in_language_of
from api.reads import agencies, labels, tasks
from api.reads.tasks import AGES, OLDER, WAITS

router = APIRouter(prefix="/board")
PER_PAGE = 50
NOBODY = "nobody"  # in place of an officer's id
STATES = (*OF_AGENCY, *WAITS, *AGES, OLDER)
Word = Annotated[str, Query(max_length=60)]


@router.get("/rows")
async def rows(
    visitor: Visits,
    state: Word = "open",
    organisation: Word = "",
    kind: Word = "",
    stage: Word = "",
    holder: Word = "",
    cursor: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """One page of them, soonest due first; each part of the filter can be taken away. `holder`: an officer's id, or `nobody`."""
    chosen = {"state": state or "open", "organisation": organisation, "kind": kind, "stage": stage, "holder": holder}
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        wanted = tasks.box(desk, "board", state, organisation).where(*_narrowed(kind, stage, holder))
        page = await tasks.page(desk, wanted, cursor, PER_PAGE)
        also = {"agencies": agencies.names(desk, in_language_of(visitor, desk).language)}
        also |= {"held_by": agencies.name_of(desk, holder)} if holder else {}
        return await show(
            visitor, desk, "supervisor/rows.html", page=page, chosen=chosen, states=STATES, labels=labels.kinds(desk),
            stages=labels.stages(desk), also=also, without=_without(chosen), acts=BULK,
            further=address(chosen | {"cursor": page["next"]}) if page["next"] else "",
        )  # fmt: skip


def _narrowed(kind: str, stage: str, holder: str) -> Iterator[ColumnElement[bool]]:
    if kind:
        yield Task.kind == kind
    if stage:
        yield Task.stage == stage
    if holder:
        yield Task.officer_id.is_(None) if holder == NOBODY else Task.officer_id == holder


@router.get("/again")
async def again(visitor: Visits, cursor: Annotated[str, Query(max_length=300)] = "") -> Response:
    """Rows whose day to look again has come, for whoever named the day."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        page = await tasks.page(desk, tasks.box(desk, "look_again", "", ""), cursor, PER_PAGE)
        return await show(visitor, desk, "supervisor/again.html", page=page)


def address(chosen: Mapping[str, Any]) -> str:
    """The page of these rows."""
    return "/board/rows?" + urlencode({name: value for name, value in chosen.items() if value})


def _without(chosen: Mapping[str, str]) -> dict[str, str]:
    """For each part of the filter that is set, the page without it."""
    return {
        name: address({each: given for each, given in chosen.items() if each != name})
        for name, value in chosen.items()
        if value and (name, value) != ("state", "open")
    }
