"""The keyring: the keys that lock columns, drafts, payloads and the search index, by id."""

import base64
import binascii
import fcntl
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from activities.security.errors import KeyringError, UnknownKeyError
from activities.security.sealing import KEY_BYTES
from activities.settings import KeysSettings

Purpose = Literal["data-key", "record", "temporal"]

_KEY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
# Group may read (a mounted secret is often owned so); nobody else may, and only the owner may write.
_CARELESS = stat.S_IWGRP | stat.S_IXGRP | stat.S_IRWXO


class Keyring:
    """Keys of 32 bytes by id, one of them active, and the index key. Never shown: its repr names ids only."""

    def __init__(self, keys: Mapping[str, bytes], active: str, index_key: bytes, *, source: Path | None = None) -> None:
        _check(keys, active, index_key)
        self._keys = dict(keys)
        self._active = active
        self._index_key = bytes(index_key)
        self._source = source
        self._derived: dict[tuple[str, str], bytes] = {}

    def __repr__(self) -> str:
        return f"Keyring(ids={list(self.ids)}, active={self.active!r})"

    @property
    def active(self) -> str:
        """Id of the key that locks what is new."""
        return self._active

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._keys)

    def key(self, purpose: Purpose, key_id: str) -> bytes:
        """The key `key_id` for one purpose (derived, so no two purposes share a key's nonces).

        An id it does not know makes it read its file once more: a key rotated in while this process runs
        is found without a restart. Raises `UnknownKeyError`.
        """
        if (found := self._derived.get((purpose, key_id))) is not None:
            return found
        if key_id not in self._keys:
            self._read_again()
        if key_id not in self._keys:
            raise UnknownKeyError(key_id)
        derived = _derive(self._keys[key_id], f"homeward/{purpose}")
        self._derived[purpose, key_id] = derived
        return derived

    def index_key(self, field: str) -> bytes:
        """The key of one field's blind index; it stays when the other keys rotate."""
        cached = self._derived.get(("index", field))
        if cached is None:
            cached = self._derived["index", field] = _derive(self._index_key, f"homeward/index/{field}")
        return cached

    def rotated(self) -> "Keyring":
        """The same ring with one more key, active."""
        numbers = [int(name[1:]) for name in self._keys if re.fullmatch(r"k\d+", name)]
        added = f"k{max(numbers, default=0) + 1}"
        return Keyring({**self._keys, added: os.urandom(KEY_BYTES)}, added, self._index_key, source=self._source)

    def document(self) -> dict[str, object]:
        """What a key file holds. Secret."""
        return {
            "active": self._active,
            "index_key": base64.b64encode(self._index_key).decode(),
            "keys": {name: base64.b64encode(key).decode() for name, key in self._keys.items()},
        }

    def _read_again(self) -> None:
        if self._source is not None:
            keys, active, index_key = _read(self._source)
            _check(keys, active, index_key)
            self._keys, self._active = keys | self._keys, active


def new_keyring() -> Keyring:
    """A ring of one random key, in memory only."""
    return Keyring({"k1": os.urandom(KEY_BYTES)}, "k1", os.urandom(KEY_BYTES))


def load_keyring(path: Path) -> Keyring:
    """The ring in a key file; raises `KeyringError` when it is missing, readable by others or malformed."""
    return Keyring(*_read(path), source=path)


def _read(path: Path) -> tuple[dict[str, bytes], str, bytes]:
    """What a key file holds: keys by id, the active one's id, the index key."""
    try:
        if path.stat().st_mode & _CARELESS:
            raise KeyringError(
                "keyring_exposed", f"others may read or write {path.name}: chmod 600 it, then rotate the keys"
            )
        document = json.loads(path.read_text("utf-8"))
        keys = {str(name): _from_base64(key) for name, key in document["keys"].items()}
        return keys, str(document["active"]), _from_base64(document["index_key"])
    except FileNotFoundError:
        raise KeyringError("keyring_missing", f"no key file {path.name}: restore it from its backup") from None
    except OSError:
        raise KeyringError("keyring_unreadable", f"{path.name} cannot be read by this process") from None
    except (AttributeError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError):
        raise KeyringError(
            "keyring_malformed", f"{path.name} is not a key file: an object with active, index_key and keys"
        ) from None


def keyring_from(settings: KeysSettings) -> Keyring:
    """The ring the settings name: their file, or the keys they hold."""
    if settings.file is not None:
        return load_keyring(settings.file)
    if settings.active is None or settings.index_key is None:
        raise KeyringError("keyring_missing", "set HOMEWARD_KEYS__FILE")
    keys = {name: _from_base64(key.get_secret_value()) for name, key in settings.keys.items()}
    return Keyring(keys, settings.active, _from_base64(settings.index_key.get_secret_value()))


def new_keyring_file(path: Path) -> Keyring:
    """Writes a new key file (JSON, mode 0600) and never over an existing one: that would erase what it locks."""
    with _alone_in(path.parent):
        if path.exists():
            raise KeyringError("keyring_exists", f"{path.name} exists and was left as it is; rotate it instead")
        _write(path, new_keyring())
    return load_keyring(path)


def rotate(path: Path) -> Keyring:
    """Adds a key to the file and makes it active; the older keys stay, for what they locked."""
    with _alone_in(path.parent):
        _write(path, load_keyring(path).rotated())
    return load_keyring(path)


def _check(keys: Mapping[str, bytes], active: str, index_key: bytes) -> None:
    for name, key in keys.items():
        if not _KEY_ID.fullmatch(name):
            raise KeyringError(
                "keyring_id", "a key id has 1 to 32 of a-z, 0-9, _ and -, and begins with a letter or digit"
            )
        if len(key) != KEY_BYTES:
            raise KeyringError("keyring_length", f"key {name} has {len(key)} bytes instead of {KEY_BYTES}")
    if len(index_key) != KEY_BYTES:
        raise KeyringError("keyring_length", f"the index key has {len(index_key)} bytes instead of {KEY_BYTES}")
    if len({*keys.values(), index_key}) != len(keys) + 1:
        raise KeyringError("keyring_twice", "two ids hold the same key: each must be its own")
    if active not in keys:
        raise KeyringError("keyring_active", "the active id is not one of the keys")


def _from_base64(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        raise KeyringError("keyring_malformed", "a key is not base64") from None


def _derive(key: bytes, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info.encode()).derive(key)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One writer of key files at a time: of two rotations at once, one key would be lost with all it locked."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, ring: Keyring) -> None:
    """Whole or not at all: to a new file beside it, to the disk, then in its place."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(ring.document(), file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
