"""A live task changes hands within its agency: to a colleague by name, or back to the agency's queue."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal
from activities.casework.context import Office
from activities.casework.locks import lock_journey
from activities.casework.notices import notify
from activities.domain.states import LIVE, Role, TaskState
from activities.store.journeys import Journey
from activities.store.organisations import Officer
from activities.store.scope import in_states
from activities.store.tasks import Task

Held = tuple[Journey, Task]


async def lock_held(session: AsyncSession, officers: Collection[str]) -> list[Held]:
    """Every live task these officers hold, locked: journey by journey in the order of their ids, then tasks by id."""
    mine = (Task.officer_id.in_(officers), in_states(*LIVE))
    found: list[Held] = []
    for journey_id in sorted(set(await session.scalars(select(Task.journey_id).where(*mine)))):
        journey = await lock_journey(session, journey_id)
        rows = select(Task).where(Task.journey_id == journey_id, *mine).order_by(Task.id).with_for_update()
        found += [(journey, task) for task in await session.scalars(rows)]
    return found


async def give(
    session: AsyncSession, office: Office, held: Held, to: Officer | None, reason: str, *, by: str | None, row: str = ""
) -> None:
    """Give a locked task to a colleague, who has yet to take it on, or to the queue; start, due and form stay.

    `reason`: the code the timeline tells in words; `row`: the hand-over it belongs to.
    """
    journey, task = held
    was = task.officer_id
    task.officer_id, task.claimed_at = (to.id if to else None), None
    if task.state is not TaskState.PAUSED:
        await clocks.climb_again(session, office, await office.shelf.ensure(session, journey.plan_hash), task)
    tell(session, office, held, "task-handed-over", to)
    journal.write(
        session, office, journey, "task-handed-over", officer=by, task=task.id, kind=task.kind,
        was=was, to=to.id if to else "", reason=reason, handover=row,
    )  # fmt: skip


def tell(session: AsyncSession, office: Office, held: Held, code: str, to: Officer | None) -> None:
    """Put a notice of the task before one officer, or before all of its agency."""
    journey, task = held
    only_coordinates = to is not None and Role.OFFICER.value not in to.roles
    audience = "coordinator" if only_coordinates else "officer"
    notify(
        session, office, journey, task.organisation_id, code, task=task.id, audience=audience,
        officer=to.id if to else None,
    )  # fmt: skip
