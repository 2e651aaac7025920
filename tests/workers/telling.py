"""What notices are told through in tests: a real gateway, and a notice alone in the database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from pydantic import SecretStr
from sqlalchemy import select, update

from activities.adapters.webhook import Webhook
from activities.casework.context import Office
from activities.casework.journeys import Report, report_person
from activities.casework.notices import notify
from activities.casework.opening import add_task
from activities.settings import WebhookSettings
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.organisations import Officer, Organisation
from deploy.local.ports import free_port
from tests.build.officers import actor
from workers.notifier import Notifier

SECRET = "a-secret-that-only-the-gateway-knows"
Told = MutableMapping[str, Any]


class Gateway:
    """Takes messages and answers as told, last answer for ever; `taken`: headers and body of each request."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers = [204]
        self.headers: list[tuple[bytes, bytes]] = []
        self.port = free_port()
        self.came: Callable[[], Awaitable[None]] | None = None  # what happens while a request is answered

    async def __call__(
        self, scope: Told, receive: Callable[[], Awaitable[Told]], send: Callable[[Told], Awaitable[None]]
    ) -> None:
        """One request, as a web server hands it over."""
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), bool(part.get("more_body"))
        self.taken.append(({name.decode(): value.decode() for name, value in scope["headers"]}, body))
        if self.came is not None:
            await self.came()
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await send({"type": "http.response.start", "status": status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b""})

    @property
    def channel(self) -> Webhook:
        """The webhook that leads to it."""
        return self.webhook()

    def webhook(self, timeout: float = 5) -> Webhook:
        """The webhook that leads to it, as patient as this many seconds."""
        url = f"http://127.0.0.1:{self.port}/homeward"
        return Webhook(WebhookSettings(url=url, secret=SecretStr(SECRET), timeout_seconds=timeout))


@asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    """A real HTTP server."""
    told = Gateway()
    config = uvicorn.Config(
        told, host="127.0.0.1", port=told.port, log_config=None, lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server tells by this flag alone
        await asyncio.sleep(0.01)
    yield told
    server.should_exit = True
    await serving


async def notice(
    sessions: Sessions,
    office: Office,
    organisation: str = "justice-division",
    kind: str = "",
    code: str = "task-opened",
) -> str:
    """One notice alone that nobody has spread; its id."""
    async with sessions.begin() as session:
        who = await actor(session, "commune-tri-an.officer")
        report = Report(commune="tri-an", happened_at=office.now() - timedelta(hours=1), way_of_return="rescued")
        journey = await report_person(session, office, who, report)
        task = None
        if kind:
            plan = await office.shelf.ensure(session, journey.plan_hash)
            task = (await add_task(session, office, journey, plan.kind(kind), 1)).id
        await session.flush()
        await session.execute(update(Notice).values(spread_at=datetime.now(UTC)))
        to = (await session.scalars(select(Organisation).where(Organisation.code == organisation))).one()
        notify(session, office, journey, to.id, code, task=task)
        await session.flush()
        return (await session.scalars(select(Notice.id).where(Notice.spread_at.is_(None)))).one()


async def boxes(sessions: Sessions, **mails: str) -> None:
    """Give officers mailboxes, by username with _ for . and -; nobody else has one."""
    async with sessions.begin() as session:
        await session.execute(update(Officer).values(mail=""))
        await session.execute(update(Organisation).values(mail=""))
        for each in await session.scalars(select(Officer)):
            each.mail = mails.get(each.username.replace(".", "_").replace("-", "_"), "")


async def deliveries(sessions: Sessions, number: str) -> dict[str, Delivery]:
    """Of a notice, by channel, as they stand."""
    async with sessions() as session:
        rows = await session.scalars(select(Delivery).where(Delivery.notice_id == number))
        return {each.channel: each for each in rows}


async def now_due(sessions: Sessions) -> None:
    """Do not wait for the next try."""
    async with sessions.begin() as session:
        pending = update(Delivery).where(Delivery.state == "pending")
        await session.execute(pending.values(next_at=datetime.now(UTC) - timedelta(seconds=1)))


async def reference(sessions: Sessions) -> str:
    """Of the one journey there is."""
    async with sessions() as session:
        return str(await session.scalar(select(Journey.reference)))


async def told(notifier: Notifier, channel: str) -> int:
    """Let a notifier spread what is fresh and deliver all that is due on a channel; how many deliveries it took up."""
    await notifier.spread_some()
    taken = 0
    while await notifier.deliver_one(channel):
        taken += 1
    return taken
