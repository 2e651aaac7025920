"""`homeward worker`: stories, steps, relay, notifier, reconcile, expiry."""

import asyncio
import os
import signal
import time
from datetime import timedelta
from typing import Annotated

import typer

from activities.adapters.mail import mailer_from
from activities.adapters.webhook import webhook_from
from activities.casework.context import open_office
from activities.logs import configure_logs, flush
from activities.security.keyring import keyring_from
from activities.settings import Settings, load_settings
from activities.store.engine import open_engine, open_sessions
from activities.temporal import connect, ensure_namespace, process_runtime
from deploy.staying import run_to_end, settled_in, swept
from workers.expiry import Expiry
from workers.notifier import Notifier
from workers.reconcile import Reconcile
from workers.relay import Relay, RelayTuning
from workers.worker import stories_at_work

PARTS = ("stories", "relay", "notifier", "reconcile", "expiry")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worker")(worker)


def worker(
    only: Annotated[
        list[str] | None, typer.Option(help="Run only these parts: stories, relay, notifier, reconcile, expiry.")
    ] = None,
) -> None:
    """Carry out journeys: the stories and their steps, and beside them the relay, the notifier, the reconcile job and the expiry of drafts.

    Stops cleanly on Ctrl-C or SIGTERM. Several may run at once; each part may run in a process of its own with --only.
    """
    settings = load_settings()
    configure_logs(settings.logs)
    run_to_end(_run(settings, tuple(only or PARTS)))
    flush()
    time.sleep(0.5)  # the SDK aborts one exit in ten when the process leaves at once
    os._exit(0)


async def _run(settings: Settings, parts: tuple[str, ...]) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    keyring = keyring_from(settings.keys)
    url = settings.database.url.get_secret_value()
    engine = open_engine(url, pool_size=settings.database.pool_size)
    sessions = open_sessions(engine)
    office = await open_office(sessions, keyring, scale=settings.clock_scale)
    client = await connect(settings, keyring, role="worker", runtime=process_runtime())
    await ensure_namespace(client)
    tuning = RelayTuning(settings.relay.concurrency, settings.relay.poll_seconds, settings.relay.max_attempts)
    listen = url.replace("+asyncpg", "")
    channels = [each for each in (mailer_from(settings.mail), webhook_from(settings.webhook)) if each is not None]
    beside = {
        "relay": lambda: Relay(sessions, client, settings.temporal.task_queue, tuning).run(listen),
        "notifier": lambda: Notifier(sessions, office, channels).run(),
        "reconcile": lambda: Reconcile(sessions, client).run(),
        "expiry": lambda: Expiry(sessions, office, timedelta(days=settings.worker.draft_days)).run(),
    }
    settled_in()
    running = [asyncio.create_task(each) for each in (swept(), *(beside[part]() for part in parts if part in beside))]
    stopped = asyncio.create_task(stop.wait())
    if "stories" in parts:
        async with stories_at_work(client, sessions, office, settings):
            await asyncio.wait([stopped, *running], return_when=asyncio.FIRST_COMPLETED)
    else:
        await asyncio.wait([stopped, *running], return_when=asyncio.FIRST_COMPLETED)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await engine.dispose()
