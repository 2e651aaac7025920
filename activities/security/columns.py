"""Sealed columns: identity under a data key per person, drafts and sensitive outcome fields under the ring."""

import os
from dataclasses import dataclass, field

from activities.security.errors import ErasedError, TamperedError
from activities.security.keyring import Keyring
from activities.security.sealing import KEY_BYTES, open_bytes, seal_bytes


@dataclass(frozen=True)
class WrappedKey:
    """A person's data key as a row keeps it: locked with the ring's key `key_id`."""

    key_id: str
    blob: bytes


@dataclass(frozen=True)
class DataKey:
    """A person's data key, open: keep it no longer than the request."""

    key: bytes = field(repr=False)


def new_data_key(keyring: Keyring) -> WrappedKey:
    """A random data key for one person, locked with the active key."""
    return _wrap(keyring, os.urandom(KEY_BYTES))


def unwrap(keyring: Keyring, wrapped: WrappedKey | None) -> DataKey:
    """The open data key; raises `ErasedError` when the row holds none any more."""
    if wrapped is None:
        raise ErasedError
    key = open_bytes(keyring.key("data-key", wrapped.key_id), ("data-key", wrapped.key_id), wrapped.blob)
    return DataKey(key)


def rewrap(keyring: Keyring, wrapped: WrappedKey) -> WrappedKey:
    """The same data key locked with the active key; the fields it seals stay as they are."""
    if wrapped.key_id == keyring.active:
        return wrapped
    return _wrap(keyring, unwrap(keyring, wrapped).key)


def seal(data_key: DataKey, field_name: str, context: str, plaintext: str) -> bytes:
    """One identity field, bound to its name and its person (`context`): it opens nowhere else."""
    return seal_bytes(data_key.key, ("field", field_name, context), plaintext.encode())


def open_sealed(data_key: DataKey, field_name: str, context: str, sealed: bytes) -> str:
    """The field's text; raises `TamperedError` when the bytes were changed or belong to another field or person."""
    return open_bytes(data_key.key, ("field", field_name, context), sealed).decode()


def seal_with_ring(keyring: Keyring, context: str, plaintext: bytes) -> bytes:
    """A draft or a sensitive outcome field, bound to `context` (its task and field); carries its key's id."""
    key_id = keyring.active
    name = key_id.encode()
    sealed = seal_bytes(keyring.key("record", key_id), ("record", key_id, context), plaintext)
    return bytes([len(name)]) + name + sealed


def open_with_ring(keyring: Keyring, context: str, sealed: bytes) -> bytes:
    """The plaintext; raises `TamperedError`, or `UnknownKeyError` when its key is gone."""
    length = sealed[0] if sealed else 0
    name, rest = sealed[1 : 1 + length], sealed[1 + length :]
    if not name.isascii() or not rest:
        raise TamperedError
    key_id = name.decode("ascii")
    return open_bytes(keyring.key("record", key_id), ("record", key_id, context), rest)


def _wrap(keyring: Keyring, key: bytes) -> WrappedKey:
    key_id = keyring.active
    return WrappedKey(key_id, seal_bytes(keyring.key("data-key", key_id), ("data-key", key_id), key))
