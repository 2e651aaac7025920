"""Reconcile: rows and stories compared; what a crash or a restore left apart is repaired, the rest reported."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.casework import outbox
from activities.casework.context import case_day
from activities.casework.idempotency import forget_answers
from activities.domain.ids import activity_id
from activities.domain.states import JourneyState, TaskState
from activities.store import tally
from activities.store.corrections import Correction
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.outbox import Command
from activities.store.tasks import Task

log = logging.getLogger(__name__)
SETTLED = timedelta(seconds=20)  # real time a journey is left alone after its last command


@dataclass
class Drift:
    """What did not agree, by journey, task or correction id; `stories` and `ended` are reported, not repaired.

    `watches`: corrections somebody has yet to decide and nothing waits for. `stories`: workflows without a row. `ended`:
    workflows at their end while the journey is open, as after a restore.
    """

    started: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    watches: list[str] = field(default_factory=list)
    stories: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Rows and stories agree."""
        return not (self.repaired or self.stories or self.ended)

    @property
    def repaired(self) -> int:
        """How many of them a repair mends."""
        return len(self.started) + len(self.looked) + len(self.completed) + len(self.watches)


class Reconcile:
    """Compares every open journey with its story, and every correction that waits with its watch."""

    def __init__(self, sessions: Sessions, client: Client, every: float = 60.0) -> None:
        self._sessions, self._client, self._every = sessions, client, every

    async def run(self) -> None:
        """Compare, keep the tally short and forget old answers, again and again until cancelled; none waits for another."""
        await asyncio.gather(*map(self._again, (self._mend, self.fold, self.forget)))

    async def _again(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - database or server may be away; the next round finds them
                log.warning("reconcile_failed", extra={"code": type(error).__name__})

    async def _mend(self) -> None:
        drift = await self.compare(repair=True)
        if not drift.empty:
            log.warning("drift_repaired", extra={"count": drift.repaired})

    async def fold(self) -> None:
        """Fold the tally of live tasks; several workers may."""
        async with self._sessions.begin() as session:
            await tally.fold(session, await case_day(session))

    async def forget(self) -> None:
        """Remove the answers kept for requests that come again, once they are old; several workers may."""
        async with self._sessions.begin() as session:
            await forget_answers(session)

    async def compare(self, *, repair: bool) -> Drift:
        """Find drift; with `repair` send the commands that mend it."""
        drift = Drift()
        async with self._sessions() as session:
            live = select(Journey.id).where(Journey.state != JourneyState.CLOSED, _quiet(Journey.id))
            journeys = list(await session.scalars(live))
            waits = (Correction.state == "proposed", Correction.due_at.is_not(None), _quiet(Correction.journey_id))
            corrections = list(await session.execute(select(Correction.id, Correction.journey_id).where(*waits)))
        for journey in journeys:
            await self._one(journey, drift, repair=repair)
        for correction, journey in corrections:
            await self._watch(correction, journey, drift, repair=repair)
        await self._stories_without_rows(drift)
        return drift

    async def _one(self, journey: str, drift: Drift, *, repair: bool) -> None:
        status, pending = await self._told(journey)
        if status is WorkflowExecutionStatus.COMPLETED:
            drift.ended.append(journey)
            return
        async with self._sessions.begin() as session:
            if status is not WorkflowExecutionStatus.RUNNING:
                drift.started.append(journey)
                if repair:
                    await outbox.send(session, journey, "start")
                return
            rows = {task.id: task for task in await session.scalars(select(Task).where(Task.journey_id == journey))}
            held = {
                activity_id(task.id, task.generation): task
                for task in rows.values()
                if task.state in outbox.HOLDS_ACTIVITY
            }
            for task in (task for name, task in held.items() if name not in pending):
                drift.looked.append(task.id)
                if repair:
                    await outbox.send(session, journey, "look", task=task.id)
            for name in pending - set(held):
                await self._complete(session, journey, rows, name, drift, repair=repair)

    async def _complete(
        self, session: AsyncSession, journey: str, rows: dict[str, Task], name: str, drift: Drift, *, repair: bool
    ) -> None:
        """An activity is open that its row no longer holds: the completion was lost."""
        task_id, _, generation = name.rpartition(":")
        task = rows.get(task_id)
        if task is None or not generation.isdigit():
            return
        drift.completed.append(task_id)
        if repair:
            done = task.state is TaskState.DONE
            await outbox.send(
                session,
                journey,
                "complete",
                task=task_id,
                generation=int(generation),
                code=task.code if done else "",
                flags=task.flags if done else (),
            )

    async def _watch(self, correction: str, journey: str, drift: Drift, *, repair: bool) -> None:
        """A correction that waits for its decision has a watch that climbs, also once the journey is closed over it."""
        status, _ = await self._told(correction)
        if status is WorkflowExecutionStatus.RUNNING:
            return
        drift.watches.append(correction)
        if repair:
            async with self._sessions.begin() as session:
                await outbox.send(session, journey, "watch", code=correction)

    async def _told(self, story: str) -> tuple[WorkflowExecutionStatus | None, set[str]]:
        """How a story stands (None: there is none), and its open activities that wait for agencies."""
        try:
            told = await self._client.get_workflow_handle(story).describe(rpc_timeout=timedelta(seconds=5))
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None, set()
            raise
        open_ones = {each.activity_id for each in told.raw_description.pending_activities}
        return told.status, {name for name in open_ones if name.startswith("task-")}

    async def _stories_without_rows(self, drift: Drift) -> None:
        async with self._sessions() as session:
            async for story in self._client.list_workflows(
                "ExecutionStatus = 'Running' AND WorkflowType != 'WatchWorkflow'"
            ):
                if await session.get(Journey, story.id) is None:
                    drift.stories.append(story.id)


def _quiet(journey: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Nothing is under way to this journey's stories, and nothing was sent lately."""
    return ~exists().where(
        Command.journey_id == journey,
        (Command.state == "pending") | (Command.created_at > datetime.now(UTC) - SETTLED),
    )
