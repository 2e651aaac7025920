"""What an officer typed into a form that could not be taken: it stays on the page that says so, to be sent again or copied."""

import json
from base64 import b64decode, b64encode
from binascii import Error as NotEncoded
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from activities.security.columns import open_with_ring, seal_with_ring
from activities.security.errors import SecurityError
from activities.security.passwords import token_digest
from api.deps import Means
from api.pages import csrf

Fields = tuple[tuple[str, str], ...]
NEVER = (
    "/sign-in",
    "/sign-out",
    "/language",
    "/account",
    "/lock",
    "/invitation",
)  # passwords, and forms in which nothing is written
AGAIN = {"sign-in-needed", "screen-locked", "form-not-yours", "fault", "database-away"}  # what another try may get over
SEALED = "sealed"  # the field in which all others lie while the screen is locked


@dataclass(frozen=True)
class Kept:
    """`fields`: all that was sent, in its order; `words`: what somebody wrote; `seal`: of a form to send it again, else empty."""

    path: str
    fields: Fields
    words: tuple[str, ...]
    seal: str


def taken(request: Request, form: FormData, means: Means, digest: str) -> FormData:
    """The form as it was typed, opened where it was sealed; remembered while its request lives. Files are with the officer still."""
    if text := form.get(SEALED):
        form = FormData(_opened(means, digest, str(text)))
    typed = ((name, text) for name, text in form.multi_items() if isinstance(text, str) and name != "csrf")
    request.state.typed = tuple(typed)
    return form


def kept(request: Request, code: str, cookie: str) -> Kept | None:
    """What the page of a refusal gives back, sealed while the screen is locked; nothing of a form with a password."""
    fields: Fields = getattr(request.state, "typed", ())
    path = request.url.path
    if not fields or path.startswith(NEVER):
        return None
    words = tuple(text for _, text in fields if " " in text.strip())
    digest = token_digest(request.cookies.get(cookie, "")).hex()
    if code == "screen-locked":
        fields, words = ((SEALED, sealed(request.app.state.means, digest, fields)),), ()
    return Kept(path, fields, words, csrf.token_for(digest) if code in AGAIN else "")


def sealed(means: Means, digest: str, fields: Fields) -> str:
    """What only a form of this sign-in opens again, as text for a page."""
    whole = seal_with_ring(means.office.keyring, f"{digest}/typed", json.dumps(fields).encode())
    return b64encode(whole).decode()


def _opened(means: Means, digest: str, text: str) -> list[tuple[str, str | UploadFile]]:
    """What was sealed for this sign-in; nothing for what was not."""
    try:
        whole = json.loads(open_with_ring(means.office.keyring, f"{digest}/typed", b64decode(text, validate=True)))
    except (NotEncoded, SecurityError):
        return []
    return [(name, value) for name, value in whole]
