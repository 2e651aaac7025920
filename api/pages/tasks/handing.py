"""Taking a task on, putting it back, returning it; taking back what was handed down."""

from fastapi import APIRouter, Response

from activities.casework import delegating
from activities.casework import tasks as verbs
from activities.domain.states import TaskState
from api.deps import Desk
from api.pages.forms.short import needed, together
from api.pages.show import to
from api.pages.tasks.carrying import carried_out
from api.pages.tasks.drawing import revision_of
from api.pages.visitor import Posted, Visits

router = APIRouter(prefix="/tasks/{task_id}", include_in_schema=False)


@router.post("/claim")
async def claim(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Take it on."""

    async def work(desk: Desk) -> object:
        return await verbs.claim(desk.session, desk.office, desk.actor, task_id, revision_of(form))

    return await carried_out(visitor, task_id, "claim", form, work, said="task-claimed")


@router.post("/release")
async def release(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Put it back for the agency."""

    async def work(desk: Desk) -> object:
        return await verbs.release(desk.session, desk.office, desk.actor, task_id, revision_of(form))

    return await carried_out(visitor, task_id, "release", form, work, said="task-released")


@router.post("/return")
async def give_back(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Return it to the coordinator, or to the agency that handed it down, with a reason."""
    reason, note = str(form.get("reason", ""))[:60], str(form.get("note", ""))[:2000]

    async def work(desk: Desk) -> object:
        given = (task_id, revision_of(form), reason, note)
        together(reason=needed(reason, "return-reason-unknown"))
        row = await verbs.give_back(desk.session, desk.office, desk.actor, *given)
        return "task-given-back" if row.state is TaskState.OPEN else row  # with the agency above, not the coordinator

    return await carried_out(visitor, task_id, "return", form, work, said="task-returned", onward="/work")


@router.post("/recall")
async def recall(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Take it back from whoever it was handed down to."""

    async def work(desk: Desk) -> object:
        given = (task_id, revision_of(form), str(form.get("reason", ""))[:2000])
        together(reason=needed(given[2], "reason-missing"))
        return await delegating.recall(desk.session, desk.office, desk.actor, *given)

    return await carried_out(visitor, task_id, "recall", form, work)


@router.get("/{verb}")
async def back(task_id: str, verb: str) -> Response:
    """Who loads the address of a short form anew comes to the task."""
    del verb
    return to(f"/tasks/{task_id}")
