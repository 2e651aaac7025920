"""Stories of the keyring: keys are kept with care, and none is ever lost."""

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from activities.security.columns import open_with_ring, seal_with_ring
from activities.security.errors import KeyringError, UnknownKeyError
from activities.security.keyring import Keyring, keyring_from, load_keyring, new_keyring, new_keyring_file, rotate
from activities.settings import KeysSettings


def b64(key: bytes) -> str:
    """A key as a file holds it."""
    return base64.b64encode(key).decode()


def test_a_new_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """Nobody else on the machine can read the keys."""
    new_keyring_file(tmp_path / "keys.json")
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    """Installing twice cannot destroy the keys that open every person's data."""
    path = tmp_path / "keys.json"
    new_keyring_file(path)
    before = path.read_bytes()
    with pytest.raises(KeyringError) as refused:
        new_keyring_file(path)
    assert refused.value.code == "keyring_exists"
    assert path.read_bytes() == before


def test_a_key_file_others_can_read_is_refused(tmp_path: Path) -> None:
    """A careless copy is noticed at start, not after a leak."""
    path = tmp_path / "keys.json"
    new_keyring_file(path)
    path.chmod(0o644)
    with pytest.raises(KeyringError) as refused:
        load_keyring(path)
    assert refused.value.code == "keyring_exposed"
    path.chmod(0o640)
    assert load_keyring(path).active == "k1"


def test_after_rotation_old_things_open_and_new_things_use_the_new_key(tmp_path: Path) -> None:
    """Changing keys loses nothing."""
    path = tmp_path / "keys.json"
    old = new_keyring_file(path)
    draft = seal_with_ring(old, "task-1", b"first words")
    new = rotate(path)
    assert new.active != old.active
    assert open_with_ring(new, "task-1", draft) == b"first words"
    later = seal_with_ring(new, "task-1", b"later words")
    assert new.active.encode() in later
    assert old.index_key("name") == new.index_key("name"), "search still finds people after a rotation"


def test_a_running_process_finds_a_key_rotated_in_by_another(tmp_path: Path) -> None:
    """No restart is needed in the middle of a working day."""
    path = tmp_path / "keys.json"
    running = new_keyring_file(path)
    sealed_elsewhere = seal_with_ring(rotate(path), "task-1", b"words")
    assert open_with_ring(running, "task-1", sealed_elsewhere) == b"words"


def test_rotations_at_one_moment_keep_every_key(tmp_path: Path) -> None:
    """Two administrators who rotate at once lose neither key."""
    path = tmp_path / "keys.json"
    new_keyring_file(path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rotate, [path] * 8))
    assert sorted(load_keyring(path).ids) == sorted(f"k{number}" for number in range(1, 10))
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_that_is_gone_is_named(ring: Keyring) -> None:
    """The operator learns which key to bring back."""
    with pytest.raises(UnknownKeyError, match="k7") as unknown:
        ring.key("temporal", "k7")
    assert unknown.value.code == "key_unknown"
    with pytest.raises(UnknownKeyError) as unknown:
        ring.key("temporal", "Nguyễn")
    assert "Nguyễn" not in unknown.value.message


def test_each_purpose_has_a_key_of_its_own(ring: Keyring) -> None:
    """What opens a payload opens no column, no draft and no index."""
    derived = {
        ring.key("data-key", "k1"),
        ring.key("record", "k1"),
        ring.key("temporal", "k1"),
        ring.index_key("name"),
        ring.index_key("phone"),
    }
    assert len(derived) == 5


def test_the_ring_never_shows_its_keys(ring: Keyring) -> None:
    """A ring in a log line or a traceback gives nothing away."""
    assert repr(ring) == "Keyring(ids=['k1'], active='k1')"


@pytest.mark.parametrize(
    ("keys", "active", "index_key", "code"),
    [
        ({"k1": b"short"}, "k1", b"i" * 32, "keyring_length"),
        ({"k1": b"a" * 32}, "k1", b"i" * 16, "keyring_length"),
        ({"k1": b"a" * 32}, "k2", b"i" * 32, "keyring_active"),
        ({}, "k1", b"i" * 32, "keyring_active"),
        ({"K 1": b"a" * 32}, "K 1", b"i" * 32, "keyring_id"),
        ({"k1": b"a" * 32, "k2": b"a" * 32}, "k1", b"i" * 32, "keyring_twice"),
        ({"k1": b"a" * 32}, "k1", b"a" * 32, "keyring_twice"),
    ],
)
def test_weak_or_mixed_up_keys_are_refused(keys: dict[str, bytes], active: str, index_key: bytes, code: str) -> None:
    """A ring is whole or it is not used."""
    with pytest.raises(KeyringError) as refused:
        Keyring(keys, active, index_key)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not json", "keyring_malformed"),
        ("[]", "keyring_malformed"),
        ('{"active": "k1"}', "keyring_malformed"),
        ('{"active": "k1", "index_key": "?", "keys": {"k1": "?"}}', "keyring_malformed"),
        ('{"active": "k1", "index_key": null, "keys": ["k1"]}', "keyring_malformed"),
    ],
)
def test_a_file_that_is_no_key_file_says_so(tmp_path: Path, text: str, code: str) -> None:
    """The administrator sees what is wrong, and no part of the file."""
    path = tmp_path / "keys.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyringError) as refused:
        load_keyring(path)
    assert refused.value.code == code


def test_a_missing_key_file_says_so(tmp_path: Path) -> None:
    """A lost file is told apart from a broken one."""
    with pytest.raises(KeyringError) as refused:
        load_keyring(tmp_path / "keys.json")
    assert refused.value.code == "keyring_missing"


def test_the_settings_may_name_a_file_or_hold_the_keys(tmp_path: Path) -> None:
    """A machine with a secret store needs no file."""
    path = tmp_path / "keys.json"
    filed = new_keyring_file(path)
    assert keyring_from(KeysSettings(file=path)).index_key("name") == filed.index_key("name")
    key, index_key = os.urandom(32), os.urandom(32)
    held = keyring_from(
        KeysSettings(keys={"k1": SecretStr(b64(key))}, active="k1", index_key=SecretStr(b64(index_key)))
    )
    assert held.key("record", "k1") == Keyring({"k1": key}, "k1", index_key).key("record", "k1")


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    """A backup of the document restores the ring."""
    ring = new_keyring().rotated()
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(ring.document()))
    path.chmod(0o600)
    assert load_keyring(path).document() == ring.document()
