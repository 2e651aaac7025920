"""Stories of mail, told against a real SMTP server: it arrives, or the ledger gets a code and no more."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr

from activities.adapters.channels import Message
from activities.adapters.mail import MailError, SmtpMailer, mailer_from
from activities.domain.text import Text
from activities.settings import MailSettings
from deploy.local.ports import free_port
from tests.build.post_office import PostOffice, post_office

OFFICER = "officer@agency.example"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """The post office, open."""
    with post_office() as office:
        yield office


def settings(port: int, **changes: Any) -> MailSettings:
    """Mail settings for the server on `port`, which has no certificate."""
    given = {"host": "127.0.0.1", "port": port, "sender": "homeward@district.example", "starttls": False}
    return MailSettings(**(given | changes))


def message(subject: str = "Việc cần trả lời") -> Message:
    """A message in both languages."""
    words = Text(vi="Có một việc đang chờ.", en="Something waits.")
    return Message("message-1", "task-opened", Text(vi=subject, en="look"), words, "", "officer", datetime.now(UTC))


async def failure(mailer: SmtpMailer, to: str = OFFICER, subject: str = "Việc cần trả lời") -> MailError:
    """The error sending earns."""
    with pytest.raises(MailError) as failed:
        await mailer.send(to, message(subject))
    return failed.value


async def test_a_mail_arrives_as_written(office: PostOffice) -> None:
    """Vietnamese marks survive, and nothing names the machine it was written on."""
    await SmtpMailer(settings(office.port)).send(OFFICER, message())
    [envelope] = office.taken
    content = envelope.original_content
    assert content is not None
    mail = message_from_bytes(content, EmailMessage, policy=policy.default)
    assert envelope.rcpt_tos == [OFFICER]
    assert mail["Subject"] == "Việc cần trả lời / look"
    assert mail["From"] == "homeward@district.example"
    assert mail.get_content().splitlines() == ["Có một việc đang chờ.", "Something waits."]
    assert mail["Message-ID"] == "<message-1@district.example>"
    assert socket.gethostname().encode() not in content


@pytest.mark.parametrize(("reply", "code", "again"), [
    ("550 no such officer", "mail_refused", False),
    ("450 try later", "mail_unavailable", True),
])  # fmt: skip
async def test_a_refused_recipient_is_a_code(office: PostOffice, reply: str, code: str, again: bool) -> None:
    """For good or for now: the ledger knows whether to try again, and the address is in no error."""
    office.refused[OFFICER] = reply
    failed = await failure(SmtpMailer(settings(office.port)))
    assert (failed.code, failed.worth_retrying) == (code, again)
    assert OFFICER not in repr(failed)
    assert office.taken == []


@pytest.mark.parametrize(("reply", "code"), [
    ("554 not this", "mail_refused"),
    ("451 disk full", "mail_unavailable"),
])  # fmt: skip
async def test_a_refused_text_is_a_code(office: PostOffice, reply: str, code: str) -> None:
    """The server's words stay with the server."""
    office.to_text = reply
    assert (await failure(SmtpMailer(settings(office.port)))).code == code


async def test_a_server_that_is_down_is_tried_again_later() -> None:
    """Nothing listens: unavailable, not refused."""
    failed = await failure(SmtpMailer(settings(free_port())))
    assert (failed.code, failed.worth_retrying) == ("mail_unavailable", True)


async def test_a_silent_server_does_not_hold_the_notifier(office: PostOffice) -> None:
    """A server that takes for ever is left after the time of the settings."""
    office.wait = 2
    failed = await failure(SmtpMailer(settings(office.port, timeout_seconds=0.3)))
    assert (failed.code, failed.worth_retrying) == ("mail_timeout", True)


async def test_a_server_without_encryption_gets_nothing_when_it_is_demanded(office: PostOffice) -> None:
    """STARTTLS is demanded by default: no mail goes out in the clear by accident."""
    assert (await failure(SmtpMailer(settings(office.port, starttls=True)))).code == "mail_unavailable"
    assert office.taken == []


@pytest.mark.parametrize(("to", "subject"), [
    (OFFICER, "Việc\nBcc: everyone@else.example"),
    ("officer@agency.example\r\nBcc: everyone@else.example", "Việc"),
    ("", "Việc"),
    ("not an address", "Việc"),
    ("one@agency.example, two@agency.example", "Việc"),
])  # fmt: skip
async def test_a_text_cannot_become_a_header_or_a_second_recipient(office: PostOffice, to: str, subject: str) -> None:
    """Whatever an address or subject holds, one mail goes to one officer or none goes."""
    failed = await failure(SmtpMailer(settings(office.port)), to, subject)
    assert (failed.code, failed.worth_retrying) == ("mail_malformed", False)
    assert office.taken == []


async def test_a_wrong_mail_account_is_told_apart(office: PostOffice) -> None:
    """The administrator sees that it is the account, and the password is in no error."""

    def nobody(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    controller = Controller(
        office, hostname="127.0.0.1", port=free_port(), authenticator=nobody, auth_require_tls=False
    )
    controller.start()
    try:
        # The settings refuse an account without encryption; this server has no certificate, so they are bypassed.
        account = {"username": "homeward", "password": SecretStr("s3cret")}
        failed = await failure(SmtpMailer(settings(controller.port).model_copy(update=account)))
    finally:
        controller.stop()
    assert failed.code == "mail_sign_in"
    assert "s3cret" not in repr(failed)


def test_without_a_server_mail_is_off() -> None:
    """The in-app notice still reaches the officer."""
    assert mailer_from(MailSettings()) is None
    assert isinstance(mailer_from(settings(25)), SmtpMailer)
