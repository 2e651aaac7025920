"""Passwords (argon2id) and session tokens. Hashing takes tens of milliseconds: call it off the event loop."""

import hashlib
import secrets
from functools import lru_cache
from typing import NamedTuple

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

LEAST_PASSWORD = 12  # local: characters of a password somebody chooses


class NewToken(NamedTuple):
    """A session token: the text for the officer's browser, the SHA-256 digest for the row."""

    token: str
    digest: bytes


def hash_password(password: str) -> str:
    """argon2id with its parameters and salt in the text."""
    return _hasher().hash(password)


def weak(username: str, password: str) -> bool:
    """Whether a password is too easily guessed: short, nearly all alike, or with the username (empty: not known) in it."""
    alike = len(set(password)) < LEAST_PASSWORD / 3
    return len(password) < LEAST_PASSWORD or alike or bool(username and username in password)


def verify(password: str, password_hash: str | None) -> bool:
    """Whether the password is right. None (no such officer) costs the same work and is always False.

    A hash nobody can read is False as well, after the same work: the account stays shut.
    """
    absent = _nobody()  # made on the first call of either kind, so that the first tells nothing either
    try:
        right = _hasher().verify(password, password_hash or absent)
    except PwdlibError:
        _hasher().verify(password, absent)
        return False
    return right and password_hash is not None


def new_token() -> NewToken:
    """A random token of 256 bits."""
    token = secrets.token_urlsafe(32)
    return NewToken(token, token_digest(token))


def token_digest(token: str) -> bytes:
    """What a row keeps of a token; a plain hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


@lru_cache(maxsize=1)
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash no password opens, with the parameters of a real one."""
    return hash_password(secrets.token_urlsafe(32))
