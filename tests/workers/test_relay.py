"""A command that was committed reaches Temporal: soon, at least once, in bounded patience, and never in silence lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text, update
from temporalio.client import Client, WorkflowExecutionStatus

from activities.casework import outbox
from activities.casework.context import Office
from activities.security.keyring import Keyring
from activities.settings import Settings
from activities.store.engine import Sessions
from activities.store.outbox import Command
from activities.temporal import connect
from tests.journeys.test_whole_journeys import begin
from workers.relay import Relay, RelayTuning

QUEUE = "homeward"
PATIENT = RelayTuning(concurrency=2, poll=60, attempts=3)  # so slow a poll that only a notification wakes it


async def command(sessions: Sessions, **given: object) -> int:
    """One command committed; its number."""
    async with sessions.begin() as session:
        await outbox.send(session, str(given.pop("journey", "journey-x")), str(given.pop("command", "look")), **given)  # type: ignore[arg-type]  # as the test says
        await session.flush()
        return int(await session.scalar(select(Command.id).order_by(Command.id.desc()).limit(1)) or 0)


async def until(met: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(seconds):
        while not await met():  # noqa: ASYNC110 - rows set no event
            await asyncio.sleep(0.05)


async def row(sessions: Sessions, number: int) -> Command:
    """The command as it stands."""
    async with sessions() as session:
        return await session.get_one(Command, number)


async def runs(client: Client, journey: str) -> bool:
    """A story of this id runs."""
    try:
        told = await client.get_workflow_handle(journey).describe()
    except Exception:  # noqa: BLE001 - not there yet
        return False
    return told.status is WorkflowExecutionStatus.RUNNING


class Listening:
    """A relay at work, until the block ends."""

    def __init__(self, relay: Relay, url: str) -> None:
        self._relay, self._url = relay, url

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._relay.run(self._url))
        await asyncio.sleep(0.5)

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def test_a_report_starts_its_story_at_once_and_once(
    client: Client, database_url: str, sessions: Sessions, office: Office
) -> None:
    """The commit wakes the relay; two of them start one story; starting it again changes nothing."""
    url = database_url.replace("+asyncpg", "")
    relays = [Relay(sessions, client, QUEUE, PATIENT) for _ in range(2)]
    async with Listening(relays[0], url), Listening(relays[1], url):
        journey = await begin(sessions, office)
        await until(lambda: runs(client, journey), 5)
        again = await command(sessions, journey=journey, command="start")
        await until(lambda: done(sessions, again))
    assert 1 == len([story async for story in client.list_workflows("") if story.id == journey])


async def done(sessions: Sessions, number: int) -> bool:
    """The command was delivered."""
    return (await row(sessions, number)).state == "done"


async def test_the_slow_poll_is_the_net_under_a_lost_notification(
    client: Client, database_url: str, sessions: Sessions, office: Office
) -> None:
    """The listening connection is cut; what is committed then is delivered all the same."""
    relay = Relay(sessions, client, QUEUE, RelayTuning(concurrency=1, poll=0.5))
    async with Listening(relay, database_url.replace("+asyncpg", "")):
        async with sessions.begin() as session:
            await session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
                )
            )
        journey = await begin(sessions, office)
        await until(lambda: runs(client, journey))


async def test_many_at_once_deliver_each_command_once(client: Client, sessions: Sessions, office: Office) -> None:
    """A command one of them has is skipped by the others; each is tried once."""
    journeys = [await begin(sessions, office) for _ in range(6)]
    relays = [Relay(sessions, client, QUEUE, PATIENT) for _ in range(4)]

    async def all_of(relay: Relay) -> int:
        count = 0
        while some := await relay.deliver_some(2):
            count += some
        return count

    delivered = await asyncio.gather(*(all_of(relay) for relay in relays))
    async with sessions() as session:
        found = list(await session.scalars(select(Command).where(Command.command == "start")))
    assert [(1, "done")] * len(journeys) == [(each.attempts, each.state) for each in found]
    assert sum(delivered) >= len(journeys)


async def test_a_start_goes_before_everything_else_of_its_journey(
    client: Client, sessions: Sessions, office: Office
) -> None:
    """And holds up no other journey, should it fail."""
    held, free = await begin(sessions, office), await begin(sessions, office)
    look = await command(sessions, journey=held)
    async with sessions.begin() as session:
        later = {"next_at": datetime.now(UTC) + timedelta(hours=1)}
        await session.execute(
            update(Command).where(Command.journey_id == held, Command.command == "start").values(later)
        )
    relay = Relay(sessions, client, QUEUE, PATIENT)
    while await relay.deliver_some(1):
        pass
    assert await runs(client, free)
    assert (await row(sessions, look)).state == "pending"


async def test_temporal_away_costs_patience_and_no_command(
    alone: Settings, keyring: Keyring, client: Client, sessions: Sessions, office: Office
) -> None:
    """However often: a server that is away makes no command poison, and each try waits longer."""
    nowhere = await connect(alone, keyring, role="test")
    journey = await begin(sessions, office)
    async with sessions() as session:
        number = int(await session.scalar(select(Command.id).where(Command.journey_id == journey)) or 0)
    relay = Relay(sessions, nowhere, QUEUE, PATIENT)
    waits = []
    for code in ("UNAVAILABLE", "DEADLINE_EXCEEDED", "UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"):
        async with sessions.begin() as session:
            given = await session.get_one(Command, number)
            given.attempts += 1
            await relay._not_delivered(given, code)
            waits.append((given.next_at - datetime.now(UTC)).total_seconds())
            assert given.state == "pending"
    assert waits == sorted(waits)
    assert waits[-1] > 10
    async with sessions.begin() as session:
        (await session.get_one(Command, number)).next_at = datetime.now(UTC)
    assert await relay.deliver_some(1)
    assert await runs(client, journey)


async def test_a_completion_nobody_waits_for_is_looked_after_once_more_then_dropped(
    client: Client, sessions: Sessions, office: Office
) -> None:
    """Not found is no proof: the row may be ahead of its activity. The story looks, one more try follows, and that is all."""
    journey = await begin(sessions, office)
    relay = Relay(sessions, client, QUEUE, PATIENT)
    while await relay.deliver_some(1):
        pass
    number = await command(sessions, journey=journey, command="complete", task="task-nobody", generation=1)
    assert await relay.deliver_some(1)
    first = await row(sessions, number)
    assert (first.state, first.attempts, first.error) == ("pending", 1, "NOT_FOUND")
    assert not await relay.deliver_some(1)
    await asyncio.sleep(1.1)
    while await relay.deliver_some(1):
        pass
    assert (await row(sessions, number)).state == "done"
    history = await client.get_workflow_handle(journey).fetch_history()
    signals = [event for event in history.events if event.HasField("workflow_execution_signaled_event_attributes")]
    assert len(signals) >= 1


async def test_a_command_the_server_refuses_is_set_aside_and_holds_up_nobody(
    client: Client, sessions: Sessions, office: Office
) -> None:
    """After its tries it is poison, kept with the reason, for `homeward doctor`; what comes after it is delivered."""
    bad = await command(sessions, journey="x" * 2000, command="start")  # longer than an id may be
    good = await begin(sessions, office)
    relay = Relay(sessions, client, QUEUE, PATIENT)
    for _ in range(PATIENT.attempts):
        while await relay.deliver_some(1):
            pass
        async with sessions.begin() as session:
            await session.execute(update(Command).where(Command.id == bad).values(next_at=datetime.now(UTC)))
    refused = await row(sessions, bad)
    assert (refused.state, refused.attempts, refused.error) == ("poison", PATIENT.attempts, "INVALID_ARGUMENT")
    assert await runs(client, good)
