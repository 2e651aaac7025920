"""What is refused at the border, and that nothing sent there reaches a row or breaks an answer."""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.journeys import Journey
from api.app import create_app
from tests.api.conftest import SignIn
from tests.api.test_officers_day import a_report, opened

UNKEEPABLE = ["\x00", "\ud800"]


async def reported(sign_in: SignIn, office: Office) -> str:
    """A journey the commune reported."""
    commune = await sign_in("commune-tri-an.officer")
    answer = await commune.post("/reports", json=a_report(office), headers={"Idempotency-Key": "report"})
    return str(answer.json()["id"])


@pytest.mark.parametrize(
    "moment", ["2024-03-04T01:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "yesterday"]
)
async def test_a_time_without_its_zone_or_out_of_all_bounds_is_told_by_its_field(
    sign_in: SignIn, office: Office, moment: str
) -> None:
    """A deadline is never counted from a moment that can be read two ways."""
    commune = await sign_in("commune-tri-an.officer")
    body = a_report(office) | {"happened_at": moment}
    answer = await commune.post("/reports", json=body, headers={"Idempotency-Key": "report"})
    assert (422, "request-invalid") == (answer.status_code, answer.json()["code"])
    assert ["body", "happened_at"] == answer.json()["problems"][0]["loc"]


@pytest.mark.parametrize("commune", ["", " ", "elsewhere"])
async def test_nobody_is_reported_to_a_commune_that_is_none(
    sign_in: SignIn, sessions: Sessions, office: Office, commune: str
) -> None:
    """No police and no committee would answer for the journey, and a task that finds nobody waits unseen."""
    officer = await sign_in("commune-tri-an.officer")
    body = a_report(office) | {"commune": commune}
    answer = await officer.post("/reports", json=body, headers={"Idempotency-Key": "report"})
    assert (422, "commune-unknown") == (answer.status_code, answer.json()["code"])
    async with sessions() as session:
        assert 0 == await session.scalar(select(func.count()).select_from(Journey))


@pytest.mark.parametrize("bad", UNKEEPABLE)
@pytest.mark.parametrize("field", ["commune", "language", "way_of_return"])
async def test_text_no_row_can_hold_is_refused_before_anything_is_written(
    sign_in: SignIn, sessions: Sessions, office: Office, field: str, bad: str
) -> None:
    """A broken client gets a refusal, not a fault."""
    commune = await sign_in("commune-tri-an.officer")
    body = json.dumps(a_report(office) | {field: f"a{bad}"})
    headers = {"Idempotency-Key": "report", "Content-Type": "application/json"}
    answer = await commune.post("/reports", content=body, headers=headers)
    assert (422, "request-invalid") == (answer.status_code, answer.json()["code"])
    async with sessions() as session:
        assert 0 == await session.scalar(select(func.count()).select_from(Journey))


async def test_a_backslash_and_a_character_above_the_basic_plane_are_text(sign_in: SignIn, office: Office) -> None:
    """What only looks like a NUL or half a pair passes."""
    lead, journey = await sign_in("labour-division.coordinator"), await reported(sign_in, office)
    headers = {"Idempotency-Key": "a", "Content-Type": "application/json"}
    body = json.dumps({"note": "\\u0000 𠮷"})
    assert 201 == (await lead.post(f"/journeys/{journey}/dangers", content=body, headers=headers)).status_code


@pytest.mark.parametrize(
    ("path", "status"),
    [("/journeys/a%00b", 404), ("/tasks/a%00b", 404), ("/tasks?box=board&organisation=%00", 422)],
)
async def test_a_nul_in_the_address_is_answered(sign_in: SignIn, path: str, status: int) -> None:
    """No such thing, or no such query."""
    assert status == (await (await sign_in("labour-division.coordinator")).get(path)).status_code


@pytest.mark.parametrize(
    "forged",
    [
        7,
        [1, 2],
        ["2024-01-01T00:00:00", "x"],
        ["2024-01-01T00:00:00+00:00", "\x00"],
        ["0001-01-01T00:00:00+14:00", "x"],
    ],
)
async def test_a_forged_cursor_is_refused(sign_in: SignIn, forged: Any) -> None:
    """A cursor comes from the page before, or not at all."""
    cursor = urlsafe_b64encode(json.dumps(forged).encode()).decode()
    for path in ("/journeys", "/tasks", "/notices"):
        answer = await (await sign_in("labour-division.coordinator")).get(path, params={"cursor": cursor})
        assert (400, "cursor-invalid") == (answer.status_code, answer.json()["code"])


async def _pieces() -> AsyncIterator[bytes]:
    for _ in range(15):
        yield b"x" * 100_000


async def test_a_body_is_limited_however_it_is_sent(web: httpx.AsyncClient) -> None:
    """With its length told or in pieces."""
    for body in (b"x" * 1_500_000, _pieces()):
        answer = await web.post("/sessions", content=body)
        assert (413, "body-too-large") == (answer.status_code, answer.json()["code"])


async def test_guesses_made_at_once_lock_the_account_as_well(web: httpx.AsyncClient) -> None:
    """Twelve at the same moment get no more tries than one after another."""
    body = {"username": "medical-centre.officer", "password": "wrong"}
    answers = await asyncio.gather(*[web.post("/sessions", json=body) for _ in range(12)])
    assert 5 == [answer.json()["code"] for answer in answers].count("sign-in-refused")


async def test_answers_say_who_may_keep_them_and_carry_the_requests_number(web: httpx.AsyncClient) -> None:
    """Refusals too."""
    for answer in (await web.get("/me"), await web.get("/nowhere"), await web.get("/openapi.json")):
        assert "no-store" == answer.headers["Cache-Control"]
        assert "nosniff" == answer.headers["X-Content-Type-Options"]
        assert 32 == len(answer.headers["X-Request-Id"])


async def test_a_refusal_speaks_the_callers_language(web: httpx.AsyncClient) -> None:
    """Vietnamese first; English where it is asked for; the code stays."""
    for accepts, title in (("en-GB,vi;q=0.5", "Sign in first."), ("vi", "Hãy đăng nhập."), ("zh", "Hãy đăng nhập.")):
        answer = await web.get("/me", headers={"Accept-Language": accepts})
        assert ("sign-in-needed", title) == (answer.json()["code"], answer.json()["title"])


async def test_ready_only_on_the_schema_of_this_version(web: httpx.AsyncClient, sessions: Sessions) -> None:
    """Traffic waits for the migrations."""
    assert 200 == (await web.get("http://homeward.test/readyz")).status_code
    async with sessions.begin() as session:
        head = await session.scalar(text("SELECT version_num FROM alembic_version"))
        await session.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    try:
        answer = await web.get("http://homeward.test/readyz")
    finally:
        async with sessions.begin() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})
    assert (503, "migrations-pending") == (answer.status_code, answer.json()["code"])


async def test_a_fault_is_answered_as_a_problem_that_tells_nothing(
    settings: Settings, office: Office, sessions: Sessions
) -> None:
    """What nobody foresaw still has a shape, and no text of the fault in it."""
    app = create_app(settings, office, sessions)

    @app.get("/api/v1/breaks")
    async def breaks() -> None:
        raise RuntimeError("Nguyễn Thị Thử")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://homeward.test") as client:
        answer = await client.get("/api/v1/breaks")
    assert (500, "fault") == (answer.status_code, answer.json()["code"])
    assert "application/problem+json" == answer.headers["content-type"]
    assert "Nguyễn" not in answer.text
    assert "no-store" == answer.headers["Cache-Control"]


async def test_a_database_that_is_away_is_not_called_a_fault(settings: Settings, office: Office) -> None:
    """The caller sends it again."""
    engine = open_engine("postgresql+asyncpg://nobody:x@127.0.0.1:1/none")
    app = create_app(settings, office, open_sessions(engine))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://homeward.test") as client:
        answer = await client.get("/readyz")
    await engine.dispose()
    assert (503, "database-away") == (answer.status_code, answer.json()["code"])


async def test_the_finance_division_never_learns_whose_funds_it_confirms(
    sign_in: SignIn, sessions: Sessions, office: Office
) -> None:
    """Neither in its box nor in its notices; the lead knows."""
    journey = await reported(sign_in, office)
    task = await opened(sessions, office, journey, "confirm_funds")
    finance = await sign_in("finance-division.officer")
    listed = (await finance.get("/tasks", params={"box": "agency"})).json()["items"]
    noticed = (await finance.get("/notices")).json()["items"]
    assert [(task, None)] == [(each["id"], each["journey"]) for each in listed]
    assert [(task, None)] == [(each["task_id"], each["journey"]) for each in noticed]


async def test_every_notice_is_reached_page_by_page(sign_in: SignIn, sessions: Sessions, office: Office) -> None:
    """However many others were written meanwhile."""
    journey = await reported(sign_in, office)
    for kind in ("check_information", "assess_needs", "record_choice", "request_identification"):
        await opened(sessions, office, journey, kind)
    lead = await sign_in("labour-division.officer")
    whole = [each["id"] for each in (await lead.get("/notices")).json()["items"]]
    paged, cursor = list[str](), ""
    while cursor is not None:
        page = (await lead.get("/notices", params={"limit": 1, "cursor": cursor})).json()
        paged, cursor = paged + [each["id"] for each in page["items"]], page["next"]
    assert 4 == len(whole)
    assert whole == paged
