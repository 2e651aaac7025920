"""One round played: the scene set, both sent at one instant, rows and story waited for, all of it judged."""

import asyncio
from http import HTTPStatus
from random import Random

from sqlalchemy import select

from activities.casework.outbox import HOLDS_ACTIVITY
from activities.domain.ids import task_id
from activities.domain.states import JourneyState
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey
from activities.store.organisations import Officer
from activities.store.tasks import Task
from deploy.bench.place import Place
from deploy.chance import chance
from deploy.racing.acts import BY, COORDINATOR, FINAL_EVENTS, TIMEOUT, Pair
from deploy.racing.judging import Left, Round, Told, judged
from deploy.racing.scene import Scene, set_scene
from deploy.racing.sending import send, sent, step_again
from deploy.racing.stories import agreed
from deploy.rehearsal.desk import RefusalError

RIGHT = "issue_certificate"  # opens once the correction took the explanation back
AROUND = (
    -0.5,
    0.5,
)  # real seconds about a deadline: a busy machine needs as long to send an act as to hear of the deadline
SETTLES = 0.5  # real seconds after a deadline before anybody looks whether it was heard
EVENTS = {
    "outcome": ("task-done", ""),
    "return": ("task-returned", ""),
    "delegate": ("task-delegated", "named"),
    "hand down": ("task-delegated", ""),
    "request decided": ("request-granted", ""),
    "withdrawal": ("wish-recorded", ""),
    "correction": ("task-corrected", ""),
    TIMEOUT: ("task-overdue", ""),
} | {name: ("task-decided", name) for name in ("extend", "reassign", "pause", "waive")}
"""What the journal says of each act, and of which decision, or whether somebody was named."""


async def played(place: Place, pair: Pair, number: int) -> Round:
    """One round of a pair; a scene that cannot be set is a broken promise too."""
    try:
        scene = await set_scene(place, pair)
    except (RefusalError, TimeoutError) as error:
        return Round(pair, (), (), (f"no scene: {error}",))
    random = chance(pair, number)
    acts = random.sample(sent(pair), len(sent(pair)))  # none is always the first to be written to the wire
    await _until(place, scene, random)
    told = await asyncio.gather(*(_told(place, scene, name) for name in acts), *_again(place, scene, pair))
    if scene.instant is not None:
        await asyncio.sleep(max(place.office.clock.real_seconds_until(scene.instant), 0) + SETTLES)
    heard = [each for each in told if each is not None]
    corrected = any(each.act == "correction" and each.status == HTTPStatus.OK for each in heard)
    differs = await agreed(place, scene.journey, task_id(scene.journey, RIGHT) if corrected else "")
    round_ = judged(pair, heard, await _left(place, scene, pair, differs))
    await _end(place, scene)
    return round_


async def _until(place: Place, scene: Scene, random: Random) -> None:
    """Wait until the deadline, or a moment before or after it; where there is none, the instant is now."""
    if scene.instant is not None:
        left = place.office.clock.real_seconds_until(scene.instant)
        await asyncio.sleep(max(left + random.uniform(*AROUND), 0))


def _again(place: Place, scene: Scene, pair: Pair) -> list[asyncio.Task[None]]:
    """The deadline against itself: its step once more beside the story's."""
    return [asyncio.create_task(step_again(place, scene))] if pair == (TIMEOUT, TIMEOUT) else []


async def _told(place: Place, scene: Scene, name: str) -> Told:
    try:
        await send(place, scene, name)
    except RefusalError as refusal:
        return Told(name, refusal.status, refusal.code, refusal.winner)
    return Told(name)


async def _left(place: Place, scene: Scene, pair: Pair, differs: str) -> Left:
    """The task and the journal as they are now."""
    journal = select(JournalEntry, Officer.username).outerjoin(Officer, Officer.id == JournalEntry.officer_id)
    async with place.sessions() as session:
        task = await session.get_one(Task, scene.task)
        rows = (
            await session.execute(journal.where(JournalEntry.chain == scene.journey).order_by(JournalEntry.seq))
        ).all()
    entries = [(entry, by) for entry, by in rows if entry.task_id == scene.task or entry.event in _OF_JOURNEY]
    events = [entry.event for entry, _ in entries]
    return Left(
        state=task.state.value, final=task.state.final, answers=task.answers,
        entries=tuple(name for entry, by in entries if (name := _act_of(entry, by, pair))),
        ends=sum(event in FINAL_EVENTS for event in events),
        overdue_marks=task.overdue_marks, overdue_entries=events.count("task-overdue"),
        owes_mark=task.state in HOLDS_ACTIVITY and task.due_at <= place.office.now(), apart=differs,
    )  # fmt: skip


_OF_JOURNEY = ("wish-recorded", "task-corrected")  # said of the person, or of the task that was wrong


def _act_of(entry: JournalEntry, by: str | None, pair: Pair) -> str:
    """Which act of the pair an entry tells of; an extension settles a request too, which is not the head's decision."""
    said = (entry.event, str(entry.data.get("decision") or ("named" if entry.data.get("named") else "")))
    return next((name for name in pair if EVENTS[name] == said and (name == TIMEOUT or by == BY[name])), "")


async def _end(place: Place, scene: Scene) -> None:
    """The person withdraws: the story must come to its end from wherever the race left it."""
    async with place.sessions() as session:
        state = (await session.scalars(select(Journey.state).where(Journey.id == scene.journey))).one()
    if state is JourneyState.OPEN:
        coordinator = await place.desk(COORDINATOR)
        await coordinator.act(f"/journeys/{scene.journey}/wishes", {"wish": "withdraw"})
