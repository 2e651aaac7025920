"""The relay: carries the outbox's commands to Temporal, at least once, in bounded patience, several at a time."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
from sqlalchemy import ARRAY, BigInteger, Select, any_, bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from temporalio.client import AsyncActivityHandle, Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.casework.news import start_of
from activities.casework.outbox import AGAIN, CHANNEL
from activities.domain.ids import activity_id
from activities.domain.messages import TOLD, Ended, JourneyStart, Watch
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.outbox import Command

log = logging.getLogger(__name__)
RPC_TIMEOUT = timedelta(seconds=5)
LANES = 2  # a slow call to the server holds up its own lane's batch, not the other's
BATCH = 4  # commands a lane takes at once, for each that may be under way
SOON = 0.5  # seconds until the next look while a command waits for another try
MOMENT = 0.15  # seconds between a row's appearance and its activity's, on a busy machine
RETRY_AFTER = timedelta(seconds=1)
LONGEST_BACKOFF = timedelta(seconds=30)


class StillToldError(Exception):
    """The story that is to be told anew has not ended yet."""


@dataclass(frozen=True)
class RelayTuning:
    """How hard the relay tries. `concurrency`: calls to the server at once; `poll`: seconds between looks when nobody notified; `attempts` before a command is poison."""

    concurrency: int = 4
    poll: float = 5.0
    attempts: int = 20


class Relay:
    """Delivers commands: `start`, `complete`, `look` and `watch`. A delivery is marked in the transaction that locked it."""

    def __init__(self, sessions: Sessions, client: Client, task_queue: str, tuning: RelayTuning) -> None:
        self._sessions, self._client, self._queue, self._tuning = sessions, client, task_queue, tuning
        self._woken, self._turn = asyncio.Event(), asyncio.Lock()
        self._most = tuning.concurrency * BATCH
        self._retry_at = datetime.now(UTC) + LONGEST_BACKOFF  # until then some command may wait for another try

    async def run(self, listen_url: str) -> None:
        """Deliver until cancelled; the slow poll is the net under lost notifications."""
        listener = asyncio.create_task(self._listen(listen_url))
        lanes = [asyncio.create_task(self._lane()) for _ in range(LANES)]
        try:
            await asyncio.gather(listener, *lanes)
        finally:
            for task in (listener, *lanes):
                task.cancel()

    async def _listen(self, url: str) -> None:
        while True:
            try:
                await self._hear(await asyncpg.connect(url))
            except (OSError, asyncpg.PostgresError) as error:
                log.warning("relay_listener_lost", extra={"code": type(error).__name__})
            await asyncio.sleep(1)

    async def _hear(self, connection: asyncpg.Connection) -> None:
        """Wake the lanes at every notification, until the connection ends."""
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
            await lost.wait()
        finally:
            await connection.close()

    async def _lane(self) -> None:
        while True:
            try:
                if await self.deliver_some() == self._most:
                    continue  # fewer were all there were; what has come since is notified
            except Exception as error:  # noqa: BLE001 - the database may be away; the lane outlives it
                log.warning("relay_lane_failed", extra={"code": type(error).__name__})
                await asyncio.sleep(1)
            async with self._turn:  # one lane listens for news, so that one notification wakes one
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._patience())
                self._woken.clear()

    async def deliver_some(self, most: int = 0) -> int:
        """Deliver the next commands nobody else has, side by side; how many they were, 0 when none is due."""
        async with self._sessions.begin() as session:
            commands = await _next(session, most or self._most)
            await asyncio.gather(*(self._carry_out(command) for command in commands))
            self._retry_at = max([self._retry_at, *(each.next_at for each in commands if each.state == "pending")])
            done = [command for command in commands if command.state == "done" and not command.error]
            for command in done:
                session.expunge(command)
            if done:
                ids = [command.id for command in done]
                await session.execute(CARRIED, {"ids": ids}, execution_options={"synchronize_session": False})
        return len(commands)

    def _patience(self) -> float:
        """Seconds until the next look when nobody notified: short while a command waits for another try."""
        return SOON if datetime.now(UTC) <= self._retry_at + timedelta(seconds=SOON) else self._tuning.poll

    async def _carry_out(self, command: Command) -> None:
        command.attempts += 1
        try:
            await self._deliver(command)
        except (RPCError, TimeoutError, OSError, StillToldError) as error:
            code = error.status.name if isinstance(error, RPCError) else type(error).__name__
            await self._not_delivered(command, code)
        else:
            command.state, command.error = "done", ""

    async def _deliver(self, command: Command) -> None:
        if command.command == "start":
            await self._start(command)
        elif command.command == "watch":
            await self._watch(command)
        elif command.command == "complete":
            handle = self._client.get_async_activity_handle(
                workflow_id=command.journey_id,
                run_id=None,
                activity_id=activity_id(command.task_id, command.generation),
            )
            await self._complete(handle, Ended(code=command.code, flags=tuple(command.flags)))
        else:
            await self._look(command)

    async def _complete(self, handle: AsyncActivityHandle, ended: Ended) -> None:
        """An answer given as its row appeared may be ahead of the activity by a moment: asked twice before it counts as missing."""
        try:
            await handle.complete(ended, rpc_timeout=RPC_TIMEOUT)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            await asyncio.sleep(MOMENT)
            await handle.complete(ended, rpc_timeout=RPC_TIMEOUT)

    async def _start(self, command: Command) -> None:
        """Start a journey's story; `again`: under the id of one that has ended, or whose end is waited for."""
        async with self._sessions() as session:
            row = await session.get(Journey, command.journey_id)
        again, start = command.code == AGAIN, start_of(row) if row else JourneyStart(journey=command.journey_id)
        try:
            await self._client.start_workflow(
                "JourneyWorkflow",
                start,
                id=start.journey,
                task_queue=self._queue,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL if again else WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE
                if again
                else WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,  # reconcile starts a terminated story again
                memo={TOLD: start.told},
                task_timeout=RPC_TIMEOUT,
                rpc_timeout=RPC_TIMEOUT,
            )
        except WorkflowAlreadyStartedError:
            if again and await self._tells(start.journey) != start.told:
                raise StillToldError from None
            log.info("journey_story_known", extra={"journey_id": start.journey})

    async def _tells(self, journey: str) -> object:
        """Which telling of the journey runs under its id."""
        found = await self._client.get_workflow_handle(journey).describe(rpc_timeout=RPC_TIMEOUT)
        return await found.memo_value(TOLD, default=None)

    async def _watch(self, command: Command) -> None:
        await self._client.start_workflow(
            "WatchWorkflow",
            Watch(journey=command.journey_id, correction=command.code),
            id=command.code,
            task_queue=self._queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            task_timeout=RPC_TIMEOUT,
            rpc_timeout=RPC_TIMEOUT,
        )

    async def _look(self, command: Command) -> None:
        handle = self._client.get_workflow_handle(command.journey_id)
        await handle.signal("look", [command.task_id] if command.task_id else [], rpc_timeout=RPC_TIMEOUT)

    async def _not_delivered(self, command: Command, code: str) -> None:
        """NOT_FOUND: a completion turns into a look and one more try after a second; a look at a closed story is dropped."""
        real = datetime.now(UTC)
        command.error = code
        if code == RPCStatusCode.NOT_FOUND.name:
            if command.command == "complete" and command.attempts == 1:
                command.next_at = real + RETRY_AFTER
            else:
                command.state = "done"
            if command.command == "complete":
                await self._look_quietly(command)
            return
        command.next_at = real + min(RETRY_AFTER * 2 ** min(command.attempts - 1, 5), LONGEST_BACKOFF)
        away = code in (
            RPCStatusCode.UNAVAILABLE.name,
            RPCStatusCode.DEADLINE_EXCEEDED.name,
            RPCStatusCode.CANCELLED.name,
            StillToldError.__name__,
        )
        if not away and command.attempts >= self._tuning.attempts:
            command.state = "poison"
            log.error("relay_command_poison", extra={"code": code, "journey_id": command.journey_id})

    async def _look_quietly(self, command: Command) -> None:
        try:
            await self._look(command)
        except RPCError as error:
            log.info("relay_look_unheard", extra={"code": error.status.name, "journey_id": command.journey_id})


def _due() -> Select[Command]:
    """The oldest due commands nobody else has; a journey's start goes before everything else of that journey."""
    earlier = aliased(Command)
    start_waits = exists().where(
        earlier.journey_id == Command.journey_id,
        earlier.state == "pending",
        earlier.command == "start",
        earlier.id < Command.id,
    )
    due = select(Command).where(Command.state == "pending", Command.next_at <= bindparam("now"), ~start_waits)
    ordered = due.order_by(Command.next_at, Command.id).limit(bindparam("most"))
    return ordered.with_for_update(skip_locked=True)


DUE = _due()
CARRIED = (
    update(Command)
    .where(Command.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    .values(state="done", error="", attempts=Command.attempts + 1)
)


async def _next(session: AsyncSession, most: int) -> list[Command]:
    """Those, locked."""
    return list(await session.scalars(DUE, {"now": datetime.now(UTC), "most": most}))
