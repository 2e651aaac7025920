"""Is anything about a person where it must not be? Every payload of every history is opened, every row and log line read."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import Text, cast, func, select
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from activities.security.codec import ENCODING, SealingCodec
from activities.store.engine import Sessions
from activities.store.schema import METADATA

# Payloads the SDK or the server writes themselves, in the open: a marker's own number, a build's name, "not started".
_UNSEALED: dict[int, int] = {
    EventType.EVENT_TYPE_MARKER_RECORDED: 1,
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED: 1,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: 3,
}


async def in_temporal(client: Client, codec: SealingCodec, secrets: Iterable[str]) -> tuple[int, list[str]]:
    """How many payloads were opened, and the stories with a secret or with a payload of ours that is not sealed."""
    needles, opened, found = _spellings(secrets), 0, list[str]()
    async for story in client.list_workflows("WorkflowType != 'WatchWorkflow'"):
        texts = [story.raw_info.SerializeToString()]
        history = await client.get_workflow_handle(story.id, run_id=story.run_id).fetch_history()
        for event in history.events:
            texts.append(event.SerializeToString())  # ids and failures are in it byte for byte
            payloads = list(payloads_of(event))
            sealed = [each for each in payloads if each.metadata.get("encoding") == ENCODING]
            opened += len(sealed)
            texts += [each.SerializeToString() for each in await codec.decode(sealed)]
            if len(payloads) - len(sealed) > _UNSEALED.get(event.event_type, 0):
                found.append(f"{story.id}: {EventType.Name(event.event_type)} not sealed")
        found += [story.id for needle in needles if any(needle in each for each in texts)]
    return opened, sorted(set(found))


async def in_rows(sessions: Sessions, secrets: Iterable[str]) -> tuple[int, list[str]]:
    """How many rows were read, and the tables that hold a secret in the open."""
    needles, read, found = _spellings(secrets), 0, []
    async with sessions() as session:
        for table in METADATA.sorted_tables:
            whole = table.alias("whole")  # a column may be called as its table is
            rows = select(cast(func.row_to_json(whole.table_valued()), Text)).select_from(whole)
            for (row,) in await session.execute(rows):
                read += 1
                if any(needle in row.encode() for needle in needles):
                    found.append(table.name)
    return read, sorted(set(found))


def in_logs(folder: Path, secrets: Iterable[str]) -> tuple[int, list[str]]:
    """How many lines of logs were read, and the files that hold a secret."""
    needles, read, found = _spellings(secrets), 0, []
    for path in sorted(folder.glob("*.log")):
        for line in path.read_bytes().splitlines():
            read += 1
            if any(needle in line for needle in needles):
                found.append(path.name)
    return read, sorted(set(found))


def _spellings(secrets: Iterable[str]) -> list[bytes]:
    """Each secret as text and as JSON escapes it."""
    known = {spelling for secret in secrets for spelling in (secret, json.dumps(secret)[1:-1])}
    return [each.encode() for each in known]


def payloads_of(message: Message) -> Iterator[Payload]:
    """Every payload inside a message, however deep."""
    for value in _values(message):
        if isinstance(value, Payload):
            yield value
        elif isinstance(value, Message):
            yield from payloads_of(value)


def _values(message: Message) -> Iterator[Any]:
    """The values of a message: single, repeated and mapped alike."""
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            yield from value.values()
        elif isinstance(value, str | bytes | bool | int | float | Message):
            yield value
        else:
            yield from value


async def stories_ended(client: Client) -> AsyncIterator[tuple[str, str]]:
    """Every story's id and how it stands; a watch over a decision outlives it by a timer."""
    async for story in client.list_workflows("WorkflowType != 'WatchWorkflow'"):
        yield story.id, story.status.name if story.status else "UNKNOWN"
