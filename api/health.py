"""Whether the process lives, is ready, and how it fares."""

from hmac import compare_digest
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from pydantic import SecretStr
from sqlalchemy import func, select

from activities.casework.errors import NotFoundError
from activities.domain.states import LIVE
from activities.store.migrate import pending
from activities.store.outbox import Command
from activities.store.tasks import Task
from api.deps import Means_
from api.errors import documented, problem

router = APIRouter(tags=["health"])
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", response_model=dict[str, str], responses=documented(503))
async def ready(request: Request, means: Means_) -> Response:
    """The database answers, and its schema is the one this version works with."""
    have, want = await pending(means.sessions.kw["bind"])
    if have != want:
        return problem(request, 503, "migrations-pending")
    return JSONResponse({"status": "ready"})


@router.get("/metrics", response_class=PlainTextResponse, responses=documented(404, 503))
async def metrics(request: Request, means: Means_) -> Response:
    """Figures for Prometheus, counted from the rows; for a scraper on this machine, or one that has the token."""
    if not _scrapes(request, means.settings.api.metrics_token):
        raise NotFoundError("not-found")
    registry = CollectorRegistry()
    async with means.sessions() as session:
        live = select(func.count(), func.count(Task.overdue_at)).where(Task.state.in_(list(LIVE)))
        tasks, overdue = (await session.execute(live)).one()
        states = select(Command.state, func.count()).where(Command.state != "done").group_by(Command.state)
        commands = {row[0]: row[1] for row in await session.execute(states)}
    Gauge("homeward_open_tasks", "Tasks waiting for an agency.", registry=registry).set(tasks)
    Gauge("homeward_overdue_tasks", "Of these, past their date.", registry=registry).set(overdue)
    outbox = Gauge("homeward_outbox_commands", "Commands not yet delivered.", ["state"], registry=registry)
    for state in ("pending", "poison"):
        outbox.labels(state).set(commands.get(state, 0))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _scrapes(request: Request, token: SecretStr | None) -> bool:
    """Whether the figures are for this caller: by the token where one is set, else by coming from this machine itself.

    A proxy on this machine comes from here as well, on behalf of anybody: it names whom it speaks for, and is not answered.
    """
    if token is not None:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(sent.encode(), token.get_secret_value().encode())
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
