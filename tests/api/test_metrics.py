"""Figures for a scraper: of counts alone, and for nobody who merely comes by."""

import re

import httpx
import pytest
from pydantic import SecretStr

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from api.app import create_app
from tests.casework.times import opened_kind

TOKEN = "a-token-that-nobody-guesses-in-a-life"


async def asked(
    settings: Settings, office: Office, sessions: Sessions, *, from_: str = "127.0.0.1", **headers: str
) -> httpx.Response:
    """The figures, asked for from an address with these headers."""
    app = httpx.ASGITransport(create_app(settings, office, sessions), client=(from_, 40000))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test") as scraper:
        return await scraper.get("/metrics", headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("from_", ["127.0.0.1", "127.8.0.1", "::1"])
async def test_a_scraper_on_this_machine_is_answered(
    settings: Settings, office: Office, sessions: Sessions, from_: str
) -> None:
    """Without any setting, as the local stack is: how many tasks are open, and no word of whose."""
    await opened_kind(sessions, office, "examine_health")
    answer = await asked(settings, office, sessions, from_=from_)
    assert (200, True) == (
        answer.status_code,
        bool(re.search(r"^homeward_open_tasks [1-9]", answer.text, re.MULTILINE)),
    )
    assert not {line.partition("{")[0].split()[0] for line in answer.text.splitlines() if line[0] != "#"} - {
        "homeward_open_tasks", "homeward_overdue_tasks", "homeward_outbox_commands",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("from_", "headers"),
    [
        ("10.0.0.7", {}),
        ("2001:db8::7", {}),
        ("testclient", {}),
        ("127.0.0.1", {"X_Forwarded_For": "10.0.0.7"}),
        ("127.0.0.1", {"X_Forwarded_For": "127.0.0.1"}),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.7"}),
        ("10.0.0.7", {"Authorization": f"Bearer {TOKEN}"}),
    ],
)
async def test_whoever_comes_from_elsewhere_is_not(
    settings: Settings, office: Office, sessions: Sessions, from_: str, headers: dict[str, str]
) -> None:
    """Through a proxy neither: it stands on this machine and speaks for anybody. Nothing says that there is something."""
    answer = await asked(settings, office, sessions, from_=from_, **headers)
    assert (404, "not-found") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": f"Bearer {TOKEN}"}, 200),
        ({"Authorization": f"Bearer {TOKEN}", "X_Forwarded_For": "10.0.0.9"}, 200),
        ({"Authorization": f"Bearer {TOKEN}x"}, 404),
        ({"Authorization": "Bearer "}, 404),
        ({}, 404),
    ],
)
@pytest.mark.parametrize("from_", ["127.0.0.1", "10.0.0.7"])
async def test_where_a_token_is_set_it_alone_opens(
    settings: Settings, office: Office, sessions: Sessions, headers: dict[str, str], status: int, from_: str
) -> None:
    """From anywhere with it, from nowhere without: this machine's other users are strangers too."""
    api = settings.api.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    answer = await asked(settings.model_copy(update={"api": api}), office, sessions, from_=from_, **headers)
    assert status == answer.status_code
