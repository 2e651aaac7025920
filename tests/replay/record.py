"""Record the stories of a release: `python -m tests.replay.record 0.1.0`. Recorded once; a stored history never changes."""

import asyncio
import json
import os
import sys
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from deploy.local.temporal_server import bring_cli
from tests.replay.commands import commands_of
from tests.replay.stories import STORIES
from tests.workflows.conftest import START_UP
from tests.workflows.desk import Desk, at_desk
from tests.workflows.rows import Rows

HISTORIES = Path(__file__).parent / "histories"


async def record(client: Client, release: str, name: str) -> None:
    """Run one story and store its history and the commands the present code gives for it."""
    desk = Desk(client, "recorded", Rows(), journey=f"journey-{name}")
    async with at_desk(client, desk.rows, desk.queue):
        await STORIES[name](desk)
        history = await desk.story.fetch_history()
    folder = HISTORIES / release
    folder.mkdir(parents=True, exist_ok=True)
    stored = json.dumps(history.to_json_dict(), separators=(",", ":"), sort_keys=True)
    with (folder / f"{name}.json").open("x") as file:  # refuses to overwrite
        file.write(stored + "\n")
    with (folder / f"{name}.commands").open("x") as file:
        file.write("\n".join(await commands_of(history)) + "\n")


async def main(release: str) -> None:
    """All stories, one after another, on a server in memory."""
    cli = str(bring_cli(os.environ, lambda text: print(text, file=sys.stderr)))  # noqa: T201 - progress of a command
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=cli,
        dev_server_log_level="error",
        dev_server_startup_timeout=START_UP,
        data_converter=pydantic_data_converter,
        identity="recorder",  # else the machine's name would be stored
    ) as environment:
        for name in STORIES:
            await record(environment.client, release, name)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
