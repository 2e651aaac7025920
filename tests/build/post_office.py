"""A real SMTP server for tests: it takes mail, or answers as told."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from activities.adapters.mail import SmtpMailer
from activities.settings import MailSettings
from deploy.local.ports import free_port

TAKEN = "250 OK"


class PostOffice:
    """Takes mail, but for whom it refuses (address -> answer), and what it refuses; `wait`: seconds before it takes a text."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refused: dict[str, str] = {}
        self.to_text = TAKEN
        self.wait = 0.0
        self.port = free_port()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls what a handler has by the verbs of the protocol
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address not in self.refused:
            envelope.rcpt_tos.append(address)
        return self.refused.get(address, TAKEN)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls what a handler has by the verbs of the protocol
        await asyncio.sleep(self.wait)
        if self.to_text == TAKEN:
            self.taken.append(envelope)
        return self.to_text

    @property
    def to(self) -> list[str]:
        """Whom mail was taken for, in order."""
        return [address for envelope in self.taken for address in envelope.rcpt_tos]

    @property
    def channel(self) -> SmtpMailer:
        """Mail that goes through it."""
        settings = MailSettings(host="127.0.0.1", port=self.port, sender="homeward@district.example", starttls=False)
        return SmtpMailer(settings)


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """One that is open."""
    office = PostOffice()
    server = Controller(office, hostname="127.0.0.1", port=office.port)
    server.start()
    yield office
    server.stop()
