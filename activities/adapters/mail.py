"""Mail: one short, neutral text to one officer, over SMTP."""

import asyncio
import re
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Literal, Protocol

import aiosmtplib

from activities.settings import MailSettings

MailCode = Literal["mail_unavailable", "mail_timeout", "mail_refused", "mail_sign_in", "mail_malformed"]

# What another try cannot mend: the server or the message says no for good.
_FOR_GOOD: frozenset[MailCode] = frozenset({"mail_refused", "mail_malformed"})
_PERMANENT_REPLY = 500
_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")


class MailFailed(Exception):  # noqa: N818  (the ledger's word for it)
    """A mail did not leave. Holds a code only: neither address nor text ever reaches a log through it."""

    def __init__(self, code: MailCode) -> None:
        super().__init__(code)
        self.code = code

    @property
    def worth_retrying(self) -> bool:
        """Whether another try, later, may succeed."""
        return self.code not in _FOR_GOOD


class Mailer(Protocol):
    """Sends mail."""

    async def send(self, to: str, subject: str, text: str) -> None:
        """Returns once the server has taken the mail; raises `MailFailed`."""


class SmtpMailer:
    """Sends through the server of the settings, one connection per mail."""

    def __init__(self, settings: MailSettings, *, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._tls = tls

    async def send(self, to: str, subject: str, text: str) -> None:
        message = self._message(to, subject, text)
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                await self._deliver(message)
        except (aiosmtplib.SMTPTimeoutError, TimeoutError):
            raise MailFailed("mail_timeout") from None
        except aiosmtplib.SMTPAuthenticationError:
            raise MailFailed("mail_sign_in") from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise MailFailed(_reply(max(one.code for one in error.recipients))) from None
        except aiosmtplib.SMTPResponseException as error:
            raise MailFailed(_reply(error.code)) from None
        except (aiosmtplib.SMTPException, OSError):
            raise MailFailed("mail_unavailable") from None

    def _message(self, to: str, subject: str, text: str) -> EmailMessage:
        """The mail as it goes out; the host it was written on is not named in it."""
        sender = self._settings.sender
        message = EmailMessage()
        try:
            message["From"], message["To"], message["Subject"] = sender, to, subject
        except (ValueError, IndexError):
            # A line break in a header, or an address the parser cannot read.
            raise MailFailed("mail_malformed") from None
        if [one.addr_spec for one in message["To"].addresses] != [to] or not _ADDRESS.fullmatch(to):
            raise MailFailed("mail_malformed")
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        message.set_content(text)
        return message

    async def _deliver(self, message: EmailMessage) -> None:
        settings = self._settings
        await aiosmtplib.send(
            message,
            hostname=settings.host,
            port=settings.port,
            username=settings.username or None,
            password=settings.password.get_secret_value() if settings.password else None,
            local_hostname=settings.sender.rpartition("@")[2],
            start_tls=settings.starttls,
            tls_context=self._tls,
            timeout=settings.timeout_seconds,
        )


def mailer_from(settings: MailSettings) -> Mailer | None:
    """The mailer of the settings, or None while mail is off."""
    return SmtpMailer(settings) if settings.host else None


def _reply(code: int) -> MailCode:
    return "mail_refused" if code >= _PERMANENT_REPLY else "mail_unavailable"
