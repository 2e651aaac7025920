"""One database a test process, built by the migrations on a real PostgreSQL; emptied before each test."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.casework.context import Office, open_office
from activities.security.keyring import Keyring, load_keyring, new_keyring_file
from activities.settings import Settings, load_settings
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.migrate import migrate
from activities.store.schema import METADATA
from deploy.local.postgres import Postgres
from deploy.stationing import station
from tests.build import account
from tests.build.officers import PASSWORD
from tests.build.staff import Staff, put_back, staff_of


@pytest.fixture(autouse=True)
def accounted(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a story took, and what was read for accessibility, goes with the test's report."""
    yield
    request.node.user_properties += account.taken()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The account of the run, before its closing line."""
    ended = (each for each in terminalreporter.stats.get("", ()) if getattr(each, "when", "") == "teardown")
    if told := account.lines(ended):
        terminalreporter.section("stories, from the sign-in page on")
        for line in told:
            terminalreporter.line(line)


KEPT = {"plan_version", "clock", "organisation", "role_holder", "officer"}


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Address of a PostgreSQL server: HOMEWARD_TEST_POSTGRES where one is given, else one of our own."""
    given = os.environ.get("HOMEWARD_TEST_POSTGRES")
    if given:
        yield given
        return
    postgres = Postgres(Path(tmp_path_factory.mktemp("postgres")))
    await postgres.start()
    try:
        yield postgres.url.rsplit("/", 1)[0]
    finally:
        await postgres.stop()


@pytest.fixture(scope="session")
async def database_url(server: str) -> AsyncIterator[str]:
    """A database of this test process's own, migrated."""
    name = f"homeward_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(f"{server.replace('+asyncpg', '')}/postgres")
    await admin.execute(f"CREATE DATABASE {name}")
    url = f"{server}/{name}"
    engine = open_engine(url)
    await migrate(engine)
    await engine.dispose()
    yield url
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture(scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The engine on it."""
    engine = open_engine(database_url, pool_size=20)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key file of this test process."""
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    new_keyring_file(path)
    return path


@pytest.fixture(scope="session")
def keyring(key_file: Path) -> Keyring:
    """Its keys."""
    return load_keyring(key_file)


@pytest.fixture(scope="session")
async def stationed(engine: AsyncEngine, keyring: Keyring) -> Office:
    """The office, with the plan's organisations and synthetic officers entered once."""
    sessions = open_sessions(engine)
    office = await open_office(
        sessions, keyring, scale=1, anchor=datetime.now(UTC).replace(year=2024, month=3, day=4, hour=2)
    )
    async with sessions.begin() as session:
        for plan in office.shelf.current:
            await station(session, plan, PASSWORD, office.today())
    return office


@pytest.fixture
def office(stationed: Office) -> Office:
    """What casework needs beside a session. Case time: from Monday 4 March 2024, at life's pace."""
    return stationed


@pytest.fixture(scope="session")
async def staff(engine: AsyncEngine, stationed: Office) -> Staff:
    """Organisations, roles and officers as they were entered."""
    async with open_sessions(engine)() as session:
        return await staff_of(session)


@pytest.fixture
async def sessions(engine: AsyncEngine, staff: Staff, stationed: Office) -> Sessions:
    """Sessions on a database without cases: organisations, officers and plans are as they were entered."""
    names = ", ".join(f'"{table}"' for table in METADATA.tables if table not in KEPT)
    async with engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        edited = await connection.execute(text("DELETE FROM plan_version WHERE base <> ''"))
    opened = open_sessions(engine)
    async with opened.begin() as session:
        if edited.rowcount:
            await stationed.shelf.restock(session)  # a rule that the test before set is in force no more
        await put_back(session, staff)
    return opened


@pytest.fixture(scope="session")
def settings(database_url: str, key_file: Path) -> Settings:
    """Settings of a process on this database."""
    return load_settings({"HOMEWARD_DATABASE__URL": database_url, "HOMEWARD_KEYS__FILE": str(key_file)})
