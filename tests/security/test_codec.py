"""Stories of the Temporal codec: what leaves is sealed, and only what we sealed comes in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from activities.security.codec import ENCODING, SealingCodec, data_converter
from activities.security.errors import TamperedError, UnknownKeyError
from activities.security.keyring import Keyring, new_keyring

RING = new_keyring()
CODEC = SealingCodec(RING, "homeward")


class Message(BaseModel):
    """A message as workflows and steps pass them."""

    code: str
    flags: tuple[str, ...] = ()


@given(st.dictionaries(st.text(max_size=8), st.binary(max_size=20), max_size=3), st.binary(max_size=300))
async def test_a_payload_comes_back_whole(metadata: dict[str, bytes], data: bytes) -> None:
    """The workflow gets what the step sent, metadata included."""
    payload = Payload(metadata=metadata, data=data)
    sealed = await CODEC.encode([payload])
    assert sealed[0].metadata["encoding"] == ENCODING
    assert await CODEC.decode(sealed) == [payload]


@given(st.data())
async def test_a_changed_payload_is_refused(data: st.DataObject) -> None:
    """Who can write to Temporal's database cannot change an answer."""
    [sealed] = await CODEC.encode([Payload(data=b"done")])
    body = bytearray(sealed.data)
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= 1 << data.draw(st.integers(0, 7))
    for forged in (bytes(body), bytes(body[:at])):
        with pytest.raises(TamperedError):
            await CODEC.decode([Payload(metadata=dict(sealed.metadata), data=forged)])


@pytest.mark.parametrize("encoding", [b"json/plain", b"binary/null", b"binary/encrypted", b"", None])
async def test_a_plain_payload_is_refused(encoding: bytes | None) -> None:
    """A completion sent from outside, however well formed, is not believed."""
    plain = Payload(metadata={} if encoding is None else {"encoding": encoding}, data=b'{"code": "done"}')
    with pytest.raises(TamperedError):
        await CODEC.decode([plain])


@pytest.mark.parametrize("key_id", [b"", b"\xff", None])
async def test_a_payload_without_a_readable_key_id_is_refused(key_id: bytes | None) -> None:
    """The key is never guessed."""
    [sealed] = await CODEC.encode([Payload(data=b"done")])
    marks = {"encoding": ENCODING} | ({} if key_id is None else {"key-id": key_id})
    with pytest.raises(TamperedError):
        await CODEC.decode([Payload(metadata=marks, data=sealed.data)])


async def test_a_payload_of_another_namespace_is_refused() -> None:
    """A rehearsal's history cannot be passed off as a real one, even under the same keys."""
    sealed = await SealingCodec(RING, "rehearsal").encode([Payload(data=b"done")])
    with pytest.raises(TamperedError):
        await CODEC.decode(sealed)


async def test_old_histories_open_after_rotation_and_new_payloads_use_the_new_key(ring: Keyring) -> None:
    """A journey that began under the old key goes on under the new one."""
    old = await SealingCodec(ring, "homeward").encode([Payload(data=b"before")])
    rotated = ring.rotated()
    codec = SealingCodec(rotated, "homeward")
    assert await codec.decode(old) == [Payload(data=b"before")]
    [new] = await codec.encode([Payload(data=b"after")])
    assert new.metadata["key-id"] == rotated.active.encode()
    with pytest.raises(UnknownKeyError):
        await SealingCodec(ring, "homeward").decode([new])


async def test_messages_pass_as_pydantic_models() -> None:
    """Workflows and steps see models; Temporal sees sealed bytes."""
    converter = data_converter(RING, "homeward")
    sent = Message(code="confirmed", flags=("child",))
    payloads = await converter.encode([sent, None])
    assert all(payload.metadata["encoding"] == ENCODING for payload in payloads)
    assert not any(b"confirmed" in payload.data for payload in payloads)
    received: list[Any] = await converter.decode(payloads, [Message, type(None)])
    assert received == [sent, None]


async def test_an_errors_text_and_trace_are_sealed() -> None:
    """A database error that quotes a row tells Temporal nothing, nor does its cause."""
    converter = data_converter(RING, "homeward")
    failure = Failure()
    error = ApplicationError("row of Nguyễn Thị Lan", type="Conflict")
    error.__cause__ = ValueError("name=Nguyễn Thị Lan")
    try:
        raise error
    except ApplicationError:
        await converter.encode_failure(error, failure)
    kept = failure.SerializeToString()
    assert "Nguyễn".encode() not in kept
    assert b"test_codec.py" not in kept
    opened = await converter.decode_failure(failure)
    assert "row of Nguyễn Thị Lan" in str(opened)
    assert "name=Nguyễn Thị Lan" in str(opened.__cause__)
