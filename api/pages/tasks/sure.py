"""Two acts that set others to work are read back before they are done: a danger reported, a task handed down."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from activities.casework import delegating
from activities.casework.dangers import raise_danger
from activities.casework.foreseeing import foreseen
from activities.plan.branches import opened_at
from api.deps import Desk
from api.pages.forms.short import needed, together
from api.pages.show import show
from api.pages.tasks.carrying import REFUSALS, Work, carried_out
from api.pages.tasks.drawing import Sent, content_of, key_of, page, revision_of
from api.pages.visitor import Posted, Visitor, Visits
from api.reads import choices, tasks
from api.reads import task as reads
from api.reads.belongings import belongings

router = APIRouter(prefix="/tasks/{task_id}", include_in_schema=False)
LONGEST, WORDS = 4000, 2000


@router.post("/danger")
async def danger(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Report a danger: protection opens at once."""

    async def work(desk: Desk) -> object:
        _, journey, _ = await tasks.one(desk, task_id)
        note = str(form.get("note", ""))[:LONGEST]
        return await raise_danger(desk.session, desk.office, desk.actor, journey.id, note)

    return await _read_back(visitor, task_id, "danger", form, work)


@router.post("/delegate")
async def delegate(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Hand it down to a subordinate (`organisation:code`), there to one officer (`named`), or to a colleague (`officer:username`)."""
    kind, _, whom = str(form.get("whom", "")).partition(":")

    async def work(desk: Desk) -> object:
        await tasks.one(desk, task_id)
        given = (task_id, revision_of(form), str(form.get("reason", ""))[:WORDS])
        together(whom=needed(whom, "delegate-missing"), reason=needed(given[2], "reason-missing"))
        organisation = whom if kind == "organisation" else ""
        officer = str(form.get("named", ""))[:60] if organisation else whom if kind == "officer" else ""
        return await delegating.delegate(
            desk.session, desk.office, desk.actor, *given, organisation=organisation, officer=officer
        )

    return await _read_back(visitor, task_id, "delegate", form, work)


async def _read_back(visitor: Visitor, task_id: str, act: str, form: FormData, work: Work) -> Response:
    """Say what would be recorded and who is told; do it at the second step; back to the form with what was typed."""
    step, typed = form.get("step"), content_of(form)
    if step == "send":
        return await carried_out(visitor, task_id, act, form, work)
    try:
        async with visitor.desk() as desk:
            if step == "edit":
                return await page(visitor, desk, task_id, sent=Sent(act, typed))
            effect = await foreseen(desk.session, desk.office, task_id, lambda: work(desk))
            row, journey, organisation = await tasks.one(desk, task_id)
            plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
            whole = await reads.whole_of(desk, row, journey, organisation, await belongings(desk, row, journey))
            return await show(
                visitor, desk, "officer/sure.html", task=whole, act=act, typed=typed,
                effect=effect, key=key_of(form), named={each["username"]: each["name"] for each in await choices.colleagues(desk)},
                opens=[kind.neutral for kind in opened_at("danger", plan)], below=await _below(desk, typed),
            )  # fmt: skip
    except REFUSALS as refusal:
        async with visitor.desk() as desk:
            return await page(visitor, desk, task_id, sent=Sent(act, typed, refusal))


async def _below(desk: Desk, typed: Mapping[str, Any]) -> list[dict[str, str]]:
    """Whom one may name where the task goes; nobody where it stays in one's own agency."""
    kind, _, code = str(typed.get("whom", "")).partition(":")
    return await choices.officers_below(desk, code) if kind == "organisation" else []
