"""Histories of a rehearsal, opened and stored: what later releases replay. They hold ids and codes, as Temporal does."""

import json
from collections.abc import Mapping
from pathlib import Path

from temporalio.client import Client, WorkflowHistory

from activities.security.codec import ENCODING, SealingCodec
from deploy.rehearsal.play import Play
from deploy.rehearsal.secrecy import payloads_of


async def opened_histories(client: Client, codec: SealingCodec, play: Play) -> dict[str, WorkflowHistory]:
    """Plot -> the history of its first journey, every payload opened."""
    found: dict[str, WorkflowHistory] = {}
    for journey, story in sorted(play.stories.items(), key=lambda each: each[1].number):
        name = story.name.lower().replace(" ", "-")
        if name in found:
            continue
        found[name] = history = await client.get_workflow_handle(journey).fetch_history()
        sealed = [
            payload
            for event in history.events
            for payload in payloads_of(event)
            if payload.metadata.get("encoding") == ENCODING
        ]
        for payload, opened in zip(sealed, await codec.decode(sealed), strict=True):
            payload.CopyFrom(opened)
    return found


def store_histories(histories: Mapping[str, WorkflowHistory], folder: Path) -> None:
    """Write each as `<plot>.json`; FileExistsError where one is there: a stored history never changes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, history in histories.items():
        with (folder / f"{name}.json").open("x") as file:
            file.write(json.dumps(history.to_json_dict(), separators=(",", ":"), sort_keys=True) + "\n")
