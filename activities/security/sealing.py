"""AES-256-GCM in one place: every sealed byte of the system is made and opened here."""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from activities.security.errors import TamperedError

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


def seal_bytes(key: bytes, bound_to: Sequence[str], plaintext: bytes) -> bytes:
    """Random 96-bit nonce, then ciphertext and tag; opens only with the same key and the same `bound_to`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, bound(bound_to))


def open_bytes(key: bytes, bound_to: Sequence[str], sealed: bytes) -> bytes:
    """The plaintext; raises `TamperedError` when key, binding or bytes are not those it was sealed with."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise TamperedError
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound(bound_to))
    except InvalidTag:
        raise TamperedError from None


def bound(parts: Sequence[str]) -> bytes:
    """The parts as bytes, each after its length, so that ("ab", "c") never equals ("a", "bc")."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
