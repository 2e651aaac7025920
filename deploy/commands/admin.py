"""`homeward admin create`: the first real administrator; organisations and officers from a file, shown before they are entered."""

import asyncio
import getpass
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import SHIPPED, case_day
from activities.casework.staffing import enter_officer, enter_plan
from activities.domain.states import Role
from activities.plan.load import load_plan, shipped
from activities.security.sign_in_file import as_text
from activities.settings import load_settings
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.organisations import Officer, Organisation
from deploy.local.errors import StackError
from deploy.registration.comparing import CREATED, Effect, compare
from deploy.registration.entering import WeakPasswordError, demand_strong, enter
from deploy.registration.form import FormError, read_form
from deploy.registration.logging import log_administrator, log_effects, log_plans

admin = typer.Typer(no_args_is_help=True, help="Real administrators, organisations and officers.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(admin, name="admin")


HELP = """\
Enter an administrator (--username), or organisations and officers from a file (--from).

\b
homeward admin create --username thu.nguyen
homeward admin create --from district.yaml                                   (shows what would be done)
homeward admin create --from district.yaml --apply --sign-ins sign-ins.txt   (does it)

Where no organisation is known yet, those of the plans are entered first. Nothing is entered when anything in the file \
is wrong; every problem is told with its line. What is entered is in the administration log. \
deploy/docs/example-district.yaml shows the file. Exit code 1 for a refusal.
"""  # \b: a block that keeps its lines


@admin.command("create", help=HELP)
def create(
    username: Annotated[str, typer.Option(help="The administrator's username: small letters, digits, . _ -")] = "",
    organisation: Annotated[
        str, typer.Option(help="Code of their organisation; the lead agency's when left out.")
    ] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    file: Annotated[Path | None, typer.Option("--from", help="A YAML file of organisations and officers.")] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Enter what the file says; without it, it is only shown.")
    ] = False,
    sign_ins: Annotated[
        Path | None, typer.Option(help="New file for the first passwords, readable by its owner only.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Enter an administrator, or what a file says; `HELP` is what the command line shows."""
    if bool(username) == (file is not None):
        raise StackError("admin-create-what", "say either --username, or --from with a file")
    try:
        if file is None:
            result = asyncio.run(_administrator(username, organisation, _password(username, stdin=password_stdin)))
        else:
            result = asyncio.run(_from_file(file, apply=apply, sign_ins=sign_ins))
    except (FormError, WeakPasswordError) as error:
        sys.exit(str(error))
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        _show(result)


def _password(username: str, *, stdin: bool) -> str:
    if stdin:
        given = sys.stdin.readline().rstrip("\n")
    else:
        given = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != given:
            raise StackError("passwords-differ", "the two were not the same: start again")
    demand_strong(username, given)
    return given


async def _administrator(username: str, organisation: str, password: str) -> dict[str, Any]:
    async with _opened() as sessions, sessions.begin() as session:
        await _enter_plans(session)
        plan = load_plan(shipped(SHIPPED[0]))
        lead = next(entry.code for entry in plan.organisations if entry.role == plan.lead)
        if await session.scalar(select(Officer.id).where(Officer.username == username)) is not None:
            raise StackError("username-taken", f"{username} is somebody's already: choose another --username")
        code = organisation or lead
        if await session.scalar(select(Organisation.id).where(Organisation.code == code)) is None:
            raise StackError("organisation-unknown", f"nobody is called {code}: enter it with --from first")
        await enter_officer(session, username, username, code, (Role.ADMINISTRATOR,), password)
        await log_administrator(session, username, code)
    effect = Effect("officer", username, CREATED, {"organisation": ("", code), "roles": ("", Role.ADMINISTRATOR.value)})
    return {"applied": True, "effects": [asdict(effect)]}


async def _from_file(file: Path, *, apply: bool, sign_ins: Path | None) -> dict[str, Any]:
    try:
        form, lines = read_form(await asyncio.to_thread(file.read_text, encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StackError("file-unreadable", f"{file.name} cannot be read as text: {error}") from None
    plans = [load_plan(shipped(code)) for code in SHIPPED]
    roles = frozenset(role.code for plan in plans for role in plan.roles)
    async with _opened() as sessions, sessions() as session, session.begin() as work:
        await _enter_plans(session)
        effects = await compare(session, form, lines, roles)
        newcomers = [each.name for each in effects if (each.what, each.effect) == ("officer", CREATED)]
        if apply:
            keep = await asyncio.to_thread(_open_sign_ins, sign_ins, newcomers)
            await asyncio.to_thread(_keep, keep, await enter(session, form))
            await log_effects(session, form, effects)
        else:
            await work.rollback()
    return {"applied": apply, "effects": [asdict(each) for each in effects]}


def _open_sign_ins(path: Path | None, newcomers: list[str]) -> int | None:
    """A new file only its owner reads; opened before anything is entered, so that no password is lost."""
    if not newcomers:
        return None
    if path is None:
        raise StackError(
            "sign-ins-where", f"{len(newcomers)} officers are new: name a new file for their passwords with --sign-ins"
        )
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise StackError(
            "sign-ins-unwritable", f"{path.name}: {error.strerror}: name another file with --sign-ins"
        ) from None


def _keep(file: int | None, passwords: dict[str, str]) -> None:
    if file is not None:
        with os.fdopen(file, "w") as kept:
            kept.write(as_text(passwords))


async def _enter_plans(session: AsyncSession) -> None:
    """The organisations the plans name, where the database has none."""
    if await session.scalar(select(Organisation.id).limit(1)) is None:
        today = await case_day(session)
        for code in SHIPPED:
            await enter_plan(session, load_plan(shipped(code)), today)
        await log_plans(session)


@asynccontextmanager
async def _opened() -> AsyncIterator[Sessions]:
    """Sessions on the database of the settings, and the engine closed afterwards."""
    engine = open_engine(load_settings().database.url.get_secret_value())
    try:
        yield open_sessions(engine)
    finally:
        await engine.dispose()


def _show(result: dict[str, Any]) -> None:
    """The effects as a table, and what to do next."""
    table = Table("", "name", "", "changes")
    for each in result["effects"]:
        changes = "; ".join(f"{name}: {was or '–'} → {will}" for name, (was, will) in each["changes"].items())
        table.add_row(each["what"], each["name"], each["effect"], changes)
    console = Console()
    console.print(table)
    console.print("entered" if result["applied"] else "nothing was entered: the same command with --apply enters it")
