"""`homeward doctor`: what is wrong, and what somebody should know."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated

import typer
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.agencies.registry import REGISTRY
from activities.casework import attachments
from activities.casework.context import SHIPPED, PlanShelf, case_day
from activities.plan.checks import check_registry, unconfirmed_wording, unknown_rules
from activities.plan.load import load_plan, shipped
from activities.plan.retention import retention_classes
from activities.security.errors import SecurityError
from activities.security.keyring import keyring_from
from activities.settings import Settings, load_settings
from activities.store import tally
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.migrate import pending
from activities.store.notices import Delivery
from activities.store.outbox import Command
from activities.temporal import TemporalUnavailableError, connect
from workers.reconcile import Reconcile

PATIENCE = timedelta(seconds=5)  # a server that does not answer by then is a finding


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `level`: ok, warning (known, exit 0) or fault (exit 1)."""

    name: str
    level: str
    detail: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Count the board's tally anew where it differs from the rows.")
    ] = False,
) -> None:
    """Look at keys, database, migrations, tally, Temporal, drift, commands set aside, notices not sent, files, and the plan's open rules.

    Warnings exit 0, faults exit 1.
    """
    findings = asyncio.run(_examine(load_settings(), repair=repair))
    if as_json:
        typer.echo(
            json.dumps({"findings": [asdict(each) for each in findings], "ok": _sound(findings)}, ensure_ascii=False)
        )
    else:
        for each in findings:
            typer.echo(f"{each.level:8}{each.name}: {each.detail}")
    sys.exit(0 if _sound(findings) else 1)


def _sound(findings: list[Finding]) -> bool:
    return all(each.level != "fault" for each in findings)


async def _examine(settings: Settings, *, repair: bool) -> list[Finding]:
    engine = open_engine(settings.database.url.get_secret_value())
    sessions = open_sessions(engine)
    checks: dict[str, Awaitable[list[Finding]]] = {
        "keys": _keys(settings),
        "database": _database(sessions),
        "migrations": _migrations(engine),
        "tally": _tally(sessions, repair=repair),
        "temporal": _temporal(settings, sessions),
        "files": _files(sessions),
        "plan": _plans(sessions),
    }
    findings: list[Finding] = []
    for name, look in checks.items():
        try:
            findings += await look
        except (SecurityError, DBAPIError, OSError, TemporalUnavailableError) as error:
            findings.append(Finding(name, "fault", str(getattr(error, "code", type(error).__name__))))
    await engine.dispose()
    return findings


async def _keys(settings: Settings) -> list[Finding]:
    ring = keyring_from(settings.keys)
    return [Finding("keys", "ok", f"{len(ring.ids)} keys, new data under {ring.active}")]


async def _database(sessions: Sessions) -> list[Finding]:
    async with sessions() as session:
        poison = await session.scalar(select(func.count()).where(Command.state == "poison")) or 0
        unsent = await session.scalar(select(func.count()).where(Delivery.state == "undelivered")) or 0
    return [
        Finding("database", "ok", "answers"),
        Finding("commands set aside", "fault" if poison else "ok", str(poison)),
        Finding("notices not sent", "warning" if unsent else "ok", str(unsent)),
    ]


async def _migrations(engine: AsyncEngine) -> list[Finding]:
    now, head = await pending(engine)
    return [Finding("migrations", "ok" if now == head else "fault", f"at {now or 'nothing'}, code at {head}")]


async def _tally(sessions: Sessions, *, repair: bool) -> list[Finding]:
    """What the board sums up, beside the rows it stands for."""
    async with sessions.begin() as session:
        differing = await tally.apart(session, await case_day(session))
        if differing and repair:
            await tally.count_anew(session)
            return [Finding("tally of live tasks", "warning", f"{differing} sums differed: counted anew")]
    told = f"{differing} sums differ from the rows: homeward doctor --repair" if differing else "agrees with the rows"
    return [Finding("tally of live tasks", "fault" if differing else "ok", told)]


async def _temporal(settings: Settings, sessions: Sessions) -> list[Finding]:
    client = await connect(settings, keyring_from(settings.keys), role="doctor", patience=PATIENCE)
    drift = await Reconcile(sessions, client).compare(repair=False)
    apart = {name: len(ids) for name, ids in asdict(drift).items() if ids}
    told = ", ".join(f"{name} {count}" for name, count in apart.items())
    return [
        Finding("temporal", "ok", "answers"),
        Finding("drift", "warning" if apart else "ok", told or "rows and stories agree"),
    ]


def told(rules: tuple[str, ...], most: int = 3) -> str:
    """How many, and the first few by name."""
    return f"{len(rules)}" + (f": {', '.join(rules[:most])}" if rules else "") + (" …" if len(rules) > most else "")


async def _files(sessions: Sessions) -> list[Finding]:
    """Attached files that cannot be read whole, and those kept longer than their class says; both by id."""
    async with sessions() as session:
        day = await case_day(session)
        broken, past = await attachments.incomplete(session), await attachments.past_their_date(session, day)
    unsourced = [each.code for each in retention_classes().values() if each.source.local or each.source.unknown]
    return [
        Finding("files with chunks missing", "fault" if broken else "ok", told(tuple(broken))),
        Finding("files past the date they are kept until", "warning" if past else "ok", told(tuple(past))),
        Finding("retention classes without a source", "warning" if unsourced else "ok", told(tuple(unsourced), 9)),
    ]


async def _plans(sessions: Sessions) -> list[Finding]:
    """The plans as administrators set them; as they are shipped where the database cannot be asked."""
    findings, plans = list[Finding](), tuple(load_plan(shipped(code)) for code in SHIPPED)
    shelf = PlanShelf(plans, {plan.hash: plan for plan in plans}, tuple(plan.hash for plan in plans))
    with contextlib.suppress(DBAPIError, OSError, ValueError):
        async with sessions() as session:
            await shelf.restock(session)
    for plan in shelf.current:
        code = plan.code
        unfit, unknown, wording = check_registry(plan, REGISTRY), unknown_rules(plan), unconfirmed_wording(plan)
        findings += [
            Finding(f"{code}: kinds and activities", "fault" if unfit else "ok", str(len(unfit))),
            Finding(f"{code}: rules nobody knows yet", "warning" if unknown else "ok", told(unknown)),
            Finding(f"{code}: wording not yet confirmed", "warning" if wording else "ok", str(len(wording))),
        ]
    return findings
