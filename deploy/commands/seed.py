"""`homeward seed`: synthetic organisations and officers, and a few journeys to try by hand."""

import asyncio
import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import func, select

from activities.casework.actors import actor_of
from activities.casework.context import Office, open_office
from activities.casework.holders import holder
from activities.casework.journeys import Report, Start, report_person, start_journey
from activities.casework.staffing import in_force
from activities.security.keyring import keyring_from
from activities.security.sign_in_file import as_text
from activities.settings import Settings, load_settings
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.organisations import Officer
from deploy.stationing import station


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("seed")(seed)


def seed(
    sign_ins: Annotated[Path, typer.Option(help="File the sign-ins are written to: username, tab, password.")],
    only_officers: Annotated[bool, typer.Option("--only-officers", help="No journeys, officers alone.")] = False,
    anchor: Annotated[
        datetime | None, typer.Option(help="Case time of the first start (UTC), for a rehearsal.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Enter synthetic organisations and officers with one fresh password, and a few synthetic journeys.

    Does nothing in a database that has been seeded. For the local stack and rehearsals, never for real cases.
    """
    known = asyncio.run(_seed(load_settings(), sign_ins, anchor, journeys=not only_officers))
    if as_json:
        typer.echo(json.dumps({"seeded": not known, "sign_ins": None if known else str(sign_ins)}))
    else:
        typer.echo("officers were there already" if known else f"officers entered, sign-ins in {sign_ins.name}")


async def _seed(settings: Settings, sign_ins: Path, anchor: datetime | None, *, journeys: bool) -> int:
    """How many officers were there before."""
    engine = open_engine(settings.database.url.get_secret_value())
    sessions = open_sessions(engine)
    office = await open_office(sessions, keyring_from(settings.keys), scale=settings.clock_scale, anchor=anchor)
    async with sessions() as session:
        known = await session.scalar(select(func.count()).select_from(Officer))
    if not known:
        password = secrets.token_urlsafe(9)
        async with sessions.begin() as session:
            names = [
                name for plan in office.shelf.current for name in await station(session, plan, password, office.today())
            ]
        today = {each.code for each in in_force(office.shelf.on(office.today()), office.today())}
        names.sort(key=lambda name: name.partition(".")[0] not in today)  # whoever works today stands first
        await asyncio.to_thread(_write, sign_ins, names, password)
        if journeys:
            await _journeys(sessions, office)
    await engine.dispose()
    return int(known or 0)


def _write(sign_ins: Path, names: list[str], password: str) -> None:
    """One line an officer, readable by the owner of the data folder only."""
    sign_ins.parent.mkdir(parents=True, exist_ok=True)
    sign_ins.touch(mode=0o600)
    sign_ins.write_text(as_text(dict.fromkeys(names, password)))


async def _journeys(sessions: Sessions, office: Office) -> None:
    """Three journeys in different states: just reported; a child in danger; known on paper and wishing to stay."""
    now = office.now()
    async with sessions.begin() as session:
        officers = {each.username: each for each in await session.scalars(select(Officer))}
        plan = office.shelf.on(office.today())
        lead = await holder(session, plan.lead, plan.territory, office.today())
        coordinator = officers[f"{lead.code}.coordinator"]
        actor = await actor_of(session, coordinator)
        communes = sorted(
            name.removeprefix("commune-").removesuffix(".officer")
            for name in officers
            if name.startswith("commune-") and name.endswith(".officer")
        )
        base = {"happened_at": now - timedelta(hours=1), "way_of_return": "self_returned"}
        await report_person(session, office, actor, Report(commune=communes[0], **base))
        await report_person(session, office, actor, Report(commune=communes[1], child=True, danger=True, **base))
        await start_journey(
            session,
            office,
            actor,
            Start(commune=communes[2], residence_commune=communes[2], declaration=True, wish="stay", **base),
        )
