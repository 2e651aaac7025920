"""A journey's story beside its rows: what its history holds open, and what of the two is apart."""

import asyncio
import time
from dataclasses import dataclass

from sqlalchemy import select
from temporalio.client import Client

from activities.casework.outbox import HOLDS_ACTIVITY
from activities.domain.ids import activity_id
from activities.domain.states import JourneyState
from activities.store.journeys import Journey
from activities.store.outbox import Command
from activities.store.tasks import Task
from deploy.bench.place import Place

OPENED = "activity_task_scheduled_event_attributes"
CLOSED = tuple(f"activity_task_{how}_event_attributes" for how in ("completed", "failed", "timed_out", "canceled"))
ENDED = {
    f"workflow_execution_{how}_event_attributes": how
    for how in ("completed", "failed", "timed_out", "terminated", "canceled")
}
PATIENCE = 120.0  # real seconds until rows and story must agree; a busy machine is slow, one left behind stays behind
LOOK = 0.2


@dataclass(frozen=True)
class Story:
    """A story by its history. `end`: how it ended, empty while it runs; `held`: the activities open, none once it has; `twice`: opened twice."""

    end: str
    held: frozenset[str]
    twice: tuple[str, ...]


async def story_of(client: Client, journey: str) -> Story:
    """Read the history of the story's present run."""
    history = await client.get_workflow_handle(journey).fetch_history()
    opened, held, end = list[str](), dict[int, str](), ""
    for event in history.events:
        what = event.WhichOneof("attributes") or ""
        if what == OPENED:
            held[event.event_id] = event.activity_task_scheduled_event_attributes.activity_id
            opened.append(held[event.event_id])
        elif what in CLOSED:
            held.pop(getattr(event, what).scheduled_event_id, None)
        end = ENDED.get(what, end)
    twice = tuple(sorted({name for name in opened if opened.count(name) > 1}))
    return Story(end, frozenset() if end else frozenset(held.values()), twice)


async def apart(place: Place, journey: str, opens: str = "") -> str:
    """What of rows and story does not agree now; empty where all does. `opens`: a task that must be there by then."""
    async with place.sessions() as session:
        waits = select(Command.id).where(Command.journey_id == journey, Command.state == "pending").limit(1)
        if await session.scalar(waits) is not None:
            return "a command is under way"
        state = (await session.scalars(select(Journey.state).where(Journey.id == journey))).one()
        tasks = list(await session.scalars(select(Task).where(Task.journey_id == journey)))
    if opens and state is JourneyState.OPEN and opens not in {task.id for task in tasks}:
        return "the way that was right all along has not opened"
    now = place.office.now()
    holding = [task for task in tasks if task.state in HOLDS_ACTIVITY]
    if unheard := [task.kind for task in holding if task.deadline_at <= now]:
        return f"the deadline of {unheard[0]} passed and nobody heard"
    if state is JourneyState.ENDING and all(task.state.final for task in tasks):
        return "the person withdrew and the journey is not closed"
    return _differ(state, holding, await story_of(place.client, journey))


def _differ(state: JourneyState, holding: list[Task], story: Story) -> str:
    if (story.end == "completed") is not (state is JourneyState.CLOSED):
        return f"the journey is {state.value}, its story {story.end or 'runs'}"
    rows = {activity_id(task.id, task.generation) for task in holding}
    if rows != story.held:
        return f"open by row alone {sorted(rows - story.held)}, by story alone {sorted(story.held - rows)}"
    return f"opened twice: {story.twice}" if story.twice else ""


async def agreed(place: Place, journey: str, opens: str = "") -> str:
    """Wait until rows and story agree; what is still apart once patience has ended."""
    until = time.monotonic() + PATIENCE
    while True:
        differs = await apart(place, journey, opens)
        if not differs or time.monotonic() > until:
            return differs
        await asyncio.sleep(LOOK)
