"""The webhook: each message as signed JSON to a gateway, such as a province's SMS or Zalo."""

import asyncio
import hashlib
import hmac
import json
import ssl
from typing import Literal

import httpx

from activities.adapters.channels import ChannelError, Message
from activities.settings import WebhookSettings

WebhookCode = Literal["webhook_unavailable", "webhook_timeout", "webhook_refused", "webhook_redirected"]

SIGNATURE = "Homeward-Signature"
_FOR_GOOD: frozenset[WebhookCode] = frozenset({"webhook_refused", "webhook_redirected"})
_LATER = frozenset({408, 425, 429})  # "not now", though they begin with a 4


class WebhookError(ChannelError):
    """The gateway did not take a message."""

    def __init__(self, code: WebhookCode) -> None:
        super().__init__(code)

    @property
    def worth_retrying(self) -> bool:
        return self.code not in _FOR_GOOD


class Webhook:
    """Posts to the gateway of the settings, one connection per message. Follows no redirect, uses no proxy."""

    name = "webhook"

    def __init__(self, settings: WebhookSettings, *, tls: ssl.SSLContext | None = None) -> None:
        if settings.secret is None:
            raise ValueError("a webhook has an address and a secret")
        self._url, self._timeout = settings.url, settings.timeout_seconds
        self._secret = settings.secret.get_secret_value().encode()
        self._tls = tls or ssl.create_default_context()

    async def send(self, address: str, message: Message) -> None:
        """`address`: the organisation's code; the gateway knows its telephones."""
        body = _body(address, message)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.id,
            SIGNATURE: signature(self._secret, int(message.at.timestamp()), body),
        }
        try:
            async with (
                asyncio.timeout(self._timeout),
                httpx.AsyncClient(verify=self._tls, trust_env=False, timeout=self._timeout) as client,
                client.stream("POST", self._url, content=body, headers=headers) as answer,  # its body is not read
            ):
                status = answer.status_code
        except (httpx.TimeoutException, TimeoutError):
            raise WebhookError("webhook_timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise WebhookError("webhook_unavailable") from None
        if not httpx.codes.is_success(status):
            raise WebhookError(_answer(status))


def signature(secret: bytes, at: int, body: bytes) -> str:
    """The header's value: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`."""
    made = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def webhook_from(settings: WebhookSettings) -> Webhook | None:
    """The webhook of the settings, or None while it is off."""
    return Webhook(settings) if settings.url else None


def _body(organisation: str, message: Message) -> bytes:
    said = {
        "id": message.id,
        "code": message.code,
        "vi": message.words.vi,
        "en": message.words.en,
        "reference": message.reference,
        "organisation": organisation,
        "audience": message.audience,
        "sent_at": message.at.isoformat(timespec="seconds"),
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _answer(status: int) -> WebhookCode:
    if httpx.codes.is_redirect(status):
        return "webhook_redirected"
    return "webhook_refused" if httpx.codes.is_client_error(status) and status not in _LATER else "webhook_unavailable"
