"""The first administrator, and a district's offices from a file: shown first, entered whole or not at all."""

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import func, select

from activities.casework.administration import BY_COMMAND, length, verify_administration
from activities.casework.context import Office
from activities.plan.load import load_plan, shipped
from activities.settings import Settings
from activities.store.administration import AdministrationEntry
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.migrate import migrate
from activities.store.organisations import Officer, Organisation
from api.app import create_app

EXAMPLE = Path(__file__).parents[2] / "deploy/docs/example-district.yaml"
PASSWORD = "mot mat khau du dai"


class Command:
    """`homeward admin create` as a process of its own."""

    def __init__(self, database_url: str, key_file: Path) -> None:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
        self._env = plain | {"HOMEWARD_DATABASE__URL": database_url, "HOMEWARD_KEYS__FILE": str(key_file)}

    def __call__(self, *asked: str, said: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "deploy.cli", "admin", "create", *asked]
        return subprocess.run(command, check=False, capture_output=True, text=True, env=self._env, input=said)


@pytest.fixture
async def command(database_url: str, key_file: Path, sessions: Sessions) -> Command:
    """On this test process's database, as `sessions` leaves it."""
    return Command(database_url, key_file)


@pytest.fixture
async def empty_database_url(server: str) -> AsyncIterator[str]:
    """A migrated database in which nobody has entered anything."""
    name = f"homeward_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(f"{server.replace('+asyncpg', '')}/postgres")
    await admin.execute(f"CREATE DATABASE {name}")
    engine = open_engine(f"{server}/{name}")
    await migrate(engine)
    await engine.dispose()
    yield f"{server}/{name}"
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


async def count(sessions: Sessions) -> tuple[int, int]:
    """Organisations and officers."""
    async with sessions() as session:
        tables = (Organisation, Officer)
        found = [await session.scalar(select(func.count()).select_from(each)) or 0 for each in tables]
    return found[0], found[1]


async def test_the_first_administrator_signs_in(
    command: Command, settings: Settings, sessions: Sessions, office: Office
) -> None:
    """With the password that was typed, and sees no case."""
    done = command("--username", "thu.nguyen", "--password-stdin", "--json", said=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    app = httpx.ASGITransport(create_app(settings, office, sessions))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test/api/v1") as web:
        given = {"username": "thu.nguyen", "password": PASSWORD}
        signed = (await web.post("/sessions", json=given)).json()
        assert signed["officer"]["roles"] == ["administrator"]
        asked = await web.get("/journeys", headers={"Authorization": f"Bearer {signed['token']}"})
        assert asked.json() == {"items": [], "next": None}
        log = await web.get("/administration", headers={"Authorization": f"Bearer {signed['token']}"})
        last = log.json()["items"][0]
        assert ("officer-entered", "thu.nguyen", "homeward admin") == (last["act"], last["subject"], last["by"])
        assert {"organisation": "labour-division", "roles": ["administrator"]} == last["data"]
    again = command("--username", "thu.nguyen", "--password-stdin", said=f"{PASSWORD}\n")
    assert (again.returncode, again.stderr.partition(":")[0]) == (1, "username-taken")


@pytest.mark.parametrize("weak", ["short", "a" * 30, "thu.nguyen.2024"])
async def test_a_weak_password_is_refused(command: Command, sessions: Sessions, weak: str) -> None:
    """In one line, and nobody is entered."""
    before = await count(sessions)
    done = command("--username", "thu.nguyen", "--password-stdin", said=f"{weak}\n")
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, "password-weak")
    assert weak not in done.stderr.removeprefix("password-weak")
    assert await count(sessions) == before


async def test_a_file_is_shown_then_entered_then_changes_nothing(
    command: Command, sessions: Sessions, tmp_path: Path
) -> None:
    """A preview writes nothing; --apply writes all of it and the first passwords; a second time finds nothing to do."""
    before, sign_ins = await count(sessions), tmp_path / "sign-ins.txt"
    shown = json.loads(command("--from", str(EXAMPLE), "--json").stdout)
    assert (shown["applied"], {each["effect"] for each in shown["effects"]}) == (False, {"created"})
    assert await count(sessions) == before
    nowhere = command("--from", str(EXAMPLE), "--apply")
    assert (nowhere.returncode, nowhere.stderr.partition(":")[0]) == (1, "sign-ins-where")
    assert await count(sessions) == before
    done = command("--from", str(EXAMPLE), "--apply", "--sign-ins", str(sign_ins), "--json")
    assert done.returncode == 0, done.stderr
    assert await count(sessions) == (before[0] + 1, before[1] + 3)
    assert sign_ins.stat().st_mode & 0o777 == 0o600
    kept = [line.split("\t") for line in sign_ins.read_text().splitlines()]
    assert [name for name, _ in kept] == ["lan.tran", "minh.le", "hoa.vo"]
    assert not any(password in done.stdout for _, password in kept)
    again = json.loads(command("--from", str(EXAMPLE), "--apply", "--json").stdout)
    assert {each["effect"] for each in again["effects"]} == {"unchanged"}


async def acts(sessions: Sessions, after: int) -> list[tuple[str, str, dict[str, Any]]]:
    """What the command has written into the administration log since, its chain whole."""
    async with sessions() as session:
        assert [] == await verify_administration(session)
        log = select(AdministrationEntry).where(AdministrationEntry.seq > after).order_by(AdministrationEntry.seq)
        rows = list(await session.scalars(log))
        assert {BY_COMMAND} >= {each.officer_id for each in rows}
        return [(each.act, each.subject, each.data) for each in rows]


async def test_what_a_file_enters_is_in_the_administration_log(
    command: Command, sessions: Sessions, tmp_path: Path
) -> None:
    """Who asks later how an officer came to have access finds it there; a preview leaves no trace, nor what changes nothing."""
    async with sessions() as session:
        before, file, sign_ins = await length(session), tmp_path / "district.yaml", str(tmp_path / "sign-ins.txt")
    file.write_text(EXAMPLE.read_text())
    command("--from", str(file))
    assert [] == await acts(sessions, before)
    entering = command("--from", str(file), "--apply", "--sign-ins", sign_ins)
    assert entering.returncode == 0, entering.stderr
    entered = await acts(sessions, before)
    assert [
        ("organisation-entered", "school-two", {"parent": "education-division", "commune": ""}),
        ("role-given", "school-two", {"role": "school", "since": "2024-01-01", "until": ""}),
        ("officer-entered", "lan.tran", {"organisation": "labour-division", "roles": ["coordinator", "officer"]}),
    ] == entered[:3]
    assert ["minh.le", "hoa.vo"] == [subject for _, subject, _ in entered[3:]]
    assert not any(name in json.dumps(entered, ensure_ascii=False) for name in ("Trần Thị Lan", "@example.vn"))
    file.write_text(file.read_text().replace('hoa.vo, name: "Võ Thị Hoa"', 'hoa.vo, name: "Võ Thị Hoà"'))
    assert command("--from", str(file), "--apply").returncode == 0
    assert [("officer-changed", "hoa.vo", {"fields": ["name"], "roles": ["officer"]})] == await acts(
        sessions, before + len(entered)
    )


async def test_before_anything_else_the_organisations_of_the_plans_are_entered_and_logged(
    key_file: Path, empty_database_url: str
) -> None:
    """The first command on an empty database: the log begins with them, and with whoever keeps the house."""
    done = Command(empty_database_url, key_file)("--username", "thu.nguyen", "--password-stdin", said=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    engine = open_engine(empty_database_url)
    log, sessions = await acts(open_sessions(engine), 0), open_sessions(engine)
    codes = [subject for act, subject, _ in log if act == "organisation-entered"]
    given = [subject for act, subject, _ in log if act == "role-given"]
    assert (len(codes), 0) == ((await count(sessions))[0], len(set(codes) - set(given)))
    assert ("officer-entered", "thu.nguyen") == log[-1][:2]
    above = {subject: data["parent"] for act, subject, data in log if act == "organisation-entered"}
    later = load_plan(shipped("plan-2025"))
    assert datetime.now(UTC).date() > later.since
    assert {"health-direction"} == {above["medical-centre"]}
    assert [] == [each.code for each in later.organisations if above[each.code] != each.parent]
    await engine.dispose()


WRONG = {
    "unknown-key": ("    mail: truong2@example.vn", "    post: truong2@example.vn", 9),
    "role-unknown": ("role: school", "role: castle", 5),
    "organisation-unknown": ("organisation: school-two", "organisation: school-ten", 13),
    "named-twice": ("username: hoa.vo", "username: lan.tran", 13),
    "roles-apart": ("roles: [officer], language", "roles: [officer, administrator], language", 13),
    "district-needs-supervisor": ("roles: [supervisor]", "roles: [officer]", 12),
    "territory-differs": ("territory: vinh-cuu", "territory: long-thanh", 6),
    "bad-value": ("minh.le", "Minh Lê", 12),
}


@pytest.mark.parametrize("code", sorted(WRONG))
async def test_what_is_wrong_is_told_with_its_line_and_nothing_is_entered(
    command: Command, sessions: Sessions, tmp_path: Path, code: str
) -> None:
    """The officer who wrote the file finds the place at once."""
    old, new, line = WRONG[code]
    file, before = tmp_path / "district.yaml", await count(sessions)
    file.write_text(EXAMPLE.read_text().replace(old, new, 1))
    done = command("--from", str(file), "--apply", "--sign-ins", str(tmp_path / "sign-ins.txt"))
    assert done.returncode == 1
    assert done.stderr.startswith("registration-unusable: ")
    assert re.search(rf"^  line {line}: [^:]*: {code}: ", done.stderr, re.MULTILINE), done.stderr
    assert await count(sessions) == before
    assert not (tmp_path / "sign-ins.txt").exists()


async def test_a_file_that_is_none_is_refused_in_a_line(command: Command, tmp_path: Path) -> None:
    """No traceback for a wrong name, and none for something that is no YAML."""
    missing = command("--from", str(tmp_path / "nothing.yaml"))
    assert (missing.returncode, missing.stderr.partition(":")[0]) == (1, "file-unreadable")
    (tmp_path / "broken.yaml").write_text("officers: [")
    broken = command("--from", str(tmp_path / "broken.yaml"))
    assert (broken.returncode, broken.stderr.partition(":")[0]) == (1, "registration-unusable")
