"""The OpenAPI description holds: whatever is sent, no fault and no answer it does not announce."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from activities.casework.context import Office
from activities.casework.settling import settle
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.settings import Settings
from activities.store.engine import Sessions, open_engine, open_sessions
from api.app import create_app
from tests.build.officers import PASSWORD

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CALLERS = ("labour-division.coordinator", "medical-centre.officer", "district.supervisor", "administrator")
EXAMPLES = 12  # of each operation and caller: a sample within a minute


@pytest.fixture
def address(settings: Settings, office: Office, sessions: Sessions) -> Iterator[str]:
    """A real server on a port of its own, in a thread with its own connections."""
    engine = open_engine(settings.database.url.get_secret_value())
    app = create_app(settings, office, open_sessions(engine))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))

    async def serve() -> None:
        await server.serve()
        await engine.dispose()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
async def case(sessions: Sessions, office: Office, address: str) -> dict[str, str]:
    """A journey with an open task, so that some of what is sent concerns something real."""
    async with httpx.AsyncClient(base_url=f"{address}/api/v1") as client:
        client.headers.update(await _token(client, "commune-tri-an.officer"))
        at = (office.now() - timedelta(hours=1)).isoformat()
        body = {"commune": "tri-an", "happened_at": at, "way_of_return": "self_returned"}
        answer = await client.post("/reports", json=body, headers={"Idempotency-Key": "report"})
    journey = str(answer.json()["id"])
    ask = Ask(journey=journey, task=task_id(journey, "examine_health"), kind="examine_health")
    async with sessions.begin() as session:
        await settle(session, office, Wake(ask=ask))
    return {"journey_id": journey, "task_id": ask.task}


async def _token(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    answer = await client.post("/sessions", json={"username": username, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@pytest.fixture
async def tokens(address: str) -> list[dict[str, str]]:
    """The headers of four officers, each with another scope."""
    async with httpx.AsyncClient(base_url=f"{address}/api/v1") as client:
        return [await _token(client, username) for username in CALLERS]


def _operations(address: str) -> list[APIOperation[Any, Any, Any, Any]]:
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    found = list(schema.get_all_operations())
    assert all(isinstance(each, Ok) for each in found)
    return [each.ok() for each in found if isinstance(each, Ok)]


def test_nothing_that_is_sent_breaks_the_interface(
    address: str, case: dict[str, str], tokens: list[dict[str, str]]
) -> None:
    """Tired hands, broken clients and the curious get an answer the description announces."""
    failed = []
    for operation in _operations(address):
        if operation.path.endswith("/sessions/current"):
            continue  # it would sign the callers out; told in the officer's day
        try:
            _fuzz(operation, case, tokens)
        except BaseExceptionGroup as group:
            failed.append(f"{operation.label}: {group.exceptions[0]}"[:900])
        except AssertionError as fault:  # every operation is tried before the story fails
            failed.append(f"{operation.label}: {fault}"[:900])
    assert not failed, "\n\n".join(failed)


def _fuzz(operation: APIOperation[Any, Any, Any, Any], real: dict[str, str], tokens: list[dict[str, str]]) -> None:
    @bounds(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(drawn=operation.as_strategy(), caller=st.sampled_from(tokens), concerned=st.booleans())
    def one(drawn: Any, caller: dict[str, str], concerned: bool) -> None:
        if concerned:
            drawn.path_parameters = {**(drawn.path_parameters or {}), **_known(operation.path, real)}
        headers = caller | ({"If-Match": '"1"', "Idempotency-Key": uuid4().hex} if concerned else {})
        drawn.call_and_validate(headers=headers, checks=CHECKS)

    one()


def _known(path: str, real: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in real.items() if f"{{{name}}}" in path}
