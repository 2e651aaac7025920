"""The application in this process, and officers who sign in."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from api.app import create_app
from tests.build.officers import PASSWORD

SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def web(settings: Settings, office: Office, sessions: Sessions) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a token."""
    app = httpx.ASGITransport(create_app(settings, office, sessions))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test/api/v1") as client:
        yield client


@pytest.fixture
async def sign_in(settings: Settings, office: Office, sessions: Sessions) -> AsyncIterator[SignIn]:
    """Sign an officer in; each gets a client of their own."""
    app, clients = httpx.ASGITransport(create_app(settings, office, sessions)), list[httpx.AsyncClient]()

    async def signed(username: str) -> httpx.AsyncClient:
        client = httpx.AsyncClient(transport=app, base_url="http://homeward.test/api/v1")
        clients.append(client)
        answer = await client.post("/sessions", json={"username": username, "password": PASSWORD})
        assert answer.status_code == httpx.codes.OK, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    yield signed
    for client in clients:
        await client.aclose()
