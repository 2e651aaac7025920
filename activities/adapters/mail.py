"""Mail: one short, neutral text to one mailbox, over SMTP."""

import asyncio
import re
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from typing import Literal

import aiosmtplib

from activities.adapters.channels import ChannelError, Message
from activities.settings import MailSettings

MailCode = Literal["mail_unavailable", "mail_timeout", "mail_refused", "mail_sign_in", "mail_malformed"]

# What another try cannot mend: the server or the message says no for good.
_FOR_GOOD: frozenset[MailCode] = frozenset({"mail_refused", "mail_malformed"})
_PERMANENT_REPLY = 500
_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")


class MailError(ChannelError):
    """A mail did not leave."""

    def __init__(self, code: MailCode) -> None:
        super().__init__(code)

    @property
    def worth_retrying(self) -> bool:
        return self.code not in _FOR_GOOD


class SmtpMailer:
    """Sends through the server of the settings, one connection per mail."""

    name = "mail"

    def __init__(self, settings: MailSettings, *, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._tls = tls

    async def send(self, address: str, message: Message) -> None:
        mail = self._mail(address, message)
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                await self._deliver(mail)
        except (aiosmtplib.SMTPTimeoutError, TimeoutError):
            raise MailError("mail_timeout") from None
        except aiosmtplib.SMTPAuthenticationError:
            raise MailError("mail_sign_in") from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise MailError(_reply(max(one.code for one in error.recipients))) from None
        except aiosmtplib.SMTPResponseException as error:
            raise MailError(_reply(error.code)) from None
        except (aiosmtplib.SMTPException, OSError):
            raise MailError("mail_unavailable") from None

    def _mail(self, to: str, given: Message) -> EmailMessage:
        """The mail as it goes out, Vietnamese first; the host it was written on is not named in it."""
        sender = self._settings.sender
        mail = EmailMessage()
        try:
            mail["From"], mail["To"] = sender, to
            mail["Subject"] = f"{given.subject.vi} / {given.subject.en}"
        except (ValueError, IndexError):
            # A line break in a header, or an address the parser cannot read.
            raise MailError("mail_malformed") from None
        if [one.addr_spec for one in mail["To"].addresses] != [to] or not _ADDRESS.fullmatch(to):
            raise MailError("mail_malformed")
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{given.id}@{sender.rpartition('@')[2]}>"
        mail.set_content(f"{given.words.vi}\n{given.words.en}\n")
        return mail

    async def _deliver(self, mail: EmailMessage) -> None:
        settings = self._settings
        await aiosmtplib.send(
            mail,
            hostname=settings.host,
            port=settings.port,
            username=settings.username or None,
            password=settings.password.get_secret_value() if settings.password else None,
            local_hostname=settings.sender.rpartition("@")[2],
            start_tls=settings.starttls,
            tls_context=self._tls,
            timeout=settings.timeout_seconds,
        )


def mailer_from(settings: MailSettings) -> SmtpMailer | None:
    """The mailer of the settings, or None while mail is off."""
    return SmtpMailer(settings) if settings.host else None


def _reply(code: int) -> MailCode:
    return "mail_refused" if code >= _PERMANENT_REPLY else "mail_unavailable"
