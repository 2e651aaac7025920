"""The signed webhook: a gateway can tell that a message is ours and that it comes twice, and learns nobody's name."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from activities.adapters.channels import ChannelError
from activities.adapters.webhook import SIGNATURE, Webhook, webhook_from
from activities.casework.context import Office
from activities.settings import WebhookSettings
from activities.store.engine import Sessions
from deploy.local.ports import free_port
from tests.api.conftest import SignIn, sign_in
from tests.workers.telling import SECRET, Gateway, deliveries, gateway, notice, now_due, reference, told
from workers.notifier import TRIES, Notifier

__all__ = ["sign_in"]


@pytest.fixture
async def province() -> AsyncIterator[Gateway]:
    """The province's gateway."""
    async with gateway() as server:
        yield server


@pytest.fixture
def notifier(province: Gateway, sessions: Sessions, office: Office) -> Notifier:
    """A notifier that sends there."""
    return Notifier(sessions, office, [province.channel])


def said(request: tuple[dict[str, str], bytes]) -> dict[str, Any]:
    """A request's body."""
    body: dict[str, Any] = json.loads(request[1])
    return body


async def test_the_gateway_checks_the_signature_and_reads_neutral_words(
    province: Gateway, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """Signed over time and body; a reference, an organisation's code, and no word of kind, stage or person."""
    number = await notice(sessions, office, kind="inform_of_rights")
    assert 1 == await told(notifier, "webhook")
    headers, body = province.taken[0]
    at, signed = (part.partition("=")[2] for part in headers[SIGNATURE.lower()].split(","))
    assert signed == hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert abs(int(at) - datetime.now(UTC).timestamp()) < 60
    message = said(province.taken[0])
    assert set(message) == {"id", "code", "vi", "en", "reference", "organisation", "audience", "sent_at"}
    assert headers["idempotency-key"] == message["id"]
    assert ("task-opened", "justice-division", "officer") == tuple(
        message[x] for x in ("code", "organisation", "audience")
    )
    assert message["reference"] == await reference(sessions)
    assert message["reference"] in message["vi"]
    assert not any(word in body.decode().lower() for word in ("nạn nhân", "victim", "rights", "pháp", "mua bán"))
    ways = await deliveries(sessions, number)
    assert {"in_app": "delivered", "webhook": "delivered"} == {name: each.state for name, each in ways.items()}


async def test_who_confirms_funds_is_told_by_the_gateway_without_a_reference(
    province: Gateway, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """Neither as a field nor in the words."""
    await notice(sessions, office, "finance-division", kind="confirm_funds")
    await told(notifier, "webhook")
    assert "" == said(province.taken[0])["reference"]
    assert (await reference(sessions)).encode() not in province.taken[0][1]


@pytest.mark.parametrize("status", [500, 503, 408, 425, 429])
async def test_a_gateway_that_cannot_now_is_asked_again_under_the_same_id(
    province: Gateway, notifier: Notifier, sessions: Sessions, office: Office, status: int
) -> None:
    """It may have kept the first: by the id it drops the second. Each try is signed anew."""
    province.answers = [status, 204]
    number = await notice(sessions, office)
    assert 1 == await told(notifier, "webhook")
    waiting = (await deliveries(sessions, number))["webhook"]
    assert ("pending", 1, "webhook_unavailable") == (waiting.state, waiting.tries, waiting.error)
    assert 0 == await told(notifier, "webhook")
    await now_due(sessions)
    assert 1 == await told(notifier, "webhook")
    assert 1 == len({said(request)["id"] for request in province.taken})
    assert "delivered" == (await deliveries(sessions, number))["webhook"].state


async def test_what_the_gateway_refuses_for_good_is_on_the_board_and_still_in_the_application(
    province: Gateway, notifier: Notifier, sessions: Sessions, office: Office, sign_in: SignIn
) -> None:
    """410: no second try; the task counts as undelivered, and the notice is there to be read all the same."""
    province.answers = [410]
    number = await notice(sessions, office, kind="inform_of_rights")
    assert 1 == await told(notifier, "webhook")
    await now_due(sessions)
    assert 0 == await told(notifier, "webhook")
    ways = await deliveries(sessions, number)
    assert ("undelivered", "webhook_refused", 1) == (
        ways["webhook"].state,
        ways["webhook"].error,
        ways["webhook"].tries,
    )
    assert "delivered" == ways["in_app"].state
    board = (await (await sign_in("district.supervisor")).get("/board")).json()
    assert 1 == next(each["count"] for each in board["numbers"] if each["name"] == "undelivered")
    notices = (await (await sign_in("justice-division.officer")).get("/notices")).json()["items"]
    assert number in [each["id"] for each in notices]


async def test_a_gateway_that_stays_away_is_given_up_after_so_many_tries(
    province: Gateway, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """Undelivered is said; nothing waits for ever."""
    province.answers = [502]
    number = await notice(sessions, office)
    for _ in range(TRIES):
        await now_due(sessions)
        assert 1 == await told(notifier, "webhook")
    assert "undelivered" == (await deliveries(sessions, number))["webhook"].state
    assert TRIES == len(province.taken)


async def test_no_redirect_is_followed(
    province: Gateway, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """A message goes to the address the administrator wrote, and nowhere else."""
    async with gateway() as elsewhere:
        province.answers, province.headers = [307], [(b"location", f"http://127.0.0.1:{elsewhere.port}/".encode())]
        number = await notice(sessions, office)
        await told(notifier, "webhook")
        assert [] == elsewhere.taken
    row = (await deliveries(sessions, number))["webhook"]
    assert ("undelivered", "webhook_redirected") == (row.state, row.error)


async def test_a_gateway_that_is_down_or_silent_is_tried_again_later(
    province: Gateway, sessions: Sessions, office: Office
) -> None:
    """Nothing listens, or nothing answers in time: a code, no address, and worth another try."""
    nobody = Webhook(WebhookSettings(url=f"http://127.0.0.1:{free_port()}/", secret=SecretStr(SECRET)))
    province.came = _long
    for channel, code in ((nobody, "webhook_unavailable"), (province.webhook(timeout=0.2), "webhook_timeout")):
        number = await notice(sessions, office)
        await told(Notifier(sessions, office, [channel]), "webhook")
        row = (await deliveries(sessions, number))["webhook"]
        assert ("pending", code) == (row.state, row.error)


async def _long() -> None:
    await asyncio.sleep(1)


async def test_a_notifier_that_dies_while_it_sends_loses_nothing(
    province: Gateway, sessions: Sessions, office: Office
) -> None:
    """Spread, then killed with the gateway already holding the message: the next one sends it again under the same id."""
    held, came = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        came.set()
        await held.wait()

    province.came = hold
    number = await notice(sessions, office)
    dying = asyncio.create_task(Notifier(sessions, office, [province.channel], poll=0.05).run())
    await asyncio.wait_for(came.wait(), 20)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    held.set()
    assert "pending" == (await deliveries(sessions, number))["webhook"].state
    assert 1 == await told(Notifier(sessions, office, [province.channel]), "webhook")
    assert "delivered" == (await deliveries(sessions, number))["webhook"].state
    assert 2 == len(province.taken)
    assert 1 == len({said(request)["id"] for request in province.taken})


async def test_a_notifier_that_dies_while_it_spreads_leaves_the_notice_to_the_next(
    province: Gateway, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """All deliveries of a notice are written together or none; two notifiers at once write them once."""
    number = await notice(sessions, office)
    dying = asyncio.create_task(notifier.spread_some())
    for _ in range(3):
        await asyncio.sleep(0)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    others = [Notifier(sessions, office, [province.channel]) for _ in range(4)]
    await asyncio.gather(*(each.spread_some() for each in others))
    assert {"in_app", "webhook"} == set(await deliveries(sessions, number))
    assert 1 == sum(await asyncio.gather(*(told(each, "webhook") for each in others)))
    assert 1 == len(province.taken)


@pytest.mark.parametrize(("url", "secret", "problem"), [
    ("https://gateway.example/", None, "both"),
    ("", SECRET, "both"),
    ("http://gateway.example/", SECRET, "https"),
    ("ftp://127.0.0.1/", SECRET, "https"),
    ("https://", SECRET, "https"),
    ("https://gateway.example/", "short", "characters"),
])  # fmt: skip
def test_a_webhook_that_others_could_read_or_forge_is_refused_at_start(
    url: str, secret: str | None, problem: str
) -> None:
    """Half a setting, an open line, a guessable secret; none of them is repeated."""
    with pytest.raises(ValidationError, match=problem) as refused:
        WebhookSettings(url=url, secret=SecretStr(secret) if secret else None)
    assert SECRET not in str(refused.value)


def test_without_an_address_the_webhook_is_off() -> None:
    """Nothing is sent anywhere unless an administrator says where."""
    assert webhook_from(WebhookSettings()) is None
    there = WebhookSettings(url="https://gateway.example/", secret=SecretStr(SECRET))
    assert isinstance(webhook_from(there), Webhook)
    assert ChannelError("channel_broken").worth_retrying
