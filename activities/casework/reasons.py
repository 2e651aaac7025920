"""Reasons as rows keep them: a choice by its code, what was typed sealed, for it may tell of the person."""

from base64 import b64decode, b64encode

from activities.casework.context import Office
from activities.domain.reasons import apart, kept
from activities.security.columns import open_with_ring, seal_with_ring

SEALED = "sealed:"


def sealed(office: Office, task: str, said: str) -> str:
    """A reason as somebody chose or typed it; `task`: the id of the task it is about, whose rows alone can open it."""
    act, code, note = apart(said)
    words = SEALED + b64encode(seal_with_ring(office.keyring, task, note.encode())).decode() if note else ""
    return kept(act, code, words) if act else words


def whole(office: Office, task: str, reason: str) -> str:
    """The reason as it was given; a code nobody typed is what it is."""
    code, mark, words = reason.partition(SEALED)
    return code + open_with_ring(office.keyring, task, b64decode(words)).decode() if mark else reason
