"""What the ways out of the application have in common: mail, and the signed webhook."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from activities.domain.text import Text


@dataclass(frozen=True)
class Message:
    """What goes to one address: neutral words, nothing personal.

    `id` is the same at every try, so that a double can be told. `code`: of the notice, or `morning-digest`;
    `reference`: the journey's random one, empty for who is not to know which it is; `audience`: whom in the
    organisation it is for; `at`: real time of this try.
    """

    id: str
    code: str
    subject: Text
    words: Text
    reference: str
    audience: str
    at: datetime


class ChannelError(Exception):
    """A message did not leave. Holds a code only: neither address nor text ever reaches a log through it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def worth_retrying(self) -> bool:
        """Whether another try, later, may succeed."""
        return True


class Channel(Protocol):
    """A way out of the application. `name` stands in each delivery's row."""

    @property
    def name(self) -> str:
        """`mail` or `webhook`."""
        ...

    async def send(self, address: str, message: Message) -> None:
        """Returns once the other side has taken the message; raises ChannelError."""
        ...
