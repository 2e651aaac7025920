"""The Temporal codec: every payload sealed on its way out, and nothing but sealed payloads let in."""

from collections.abc import Sequence
from dataclasses import replace

from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec

from activities.security.errors import TamperedError
from activities.security.keyring import Keyring
from activities.security.sealing import open_bytes, seal_bytes

ENCODING = b"binary/homeward-aesgcm"
KEY_ID = "key-id"


class SealingCodec(PayloadCodec):
    """AES-256-GCM under the ring's keys, bound to the namespace and the key id.

    Not bound to a workflow: an activity completed by id has no workflow context, nor have signals and schedules.
    """

    def __init__(self, keyring: Keyring, namespace: str) -> None:
        self._keyring = keyring
        self._namespace = namespace

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload whole, metadata included, sealed with the active key."""
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Raises `TamperedError` for any payload not sealed by us, plain ones first of all, or `UnknownKeyError`."""
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        key_id = self._keyring.active
        data = seal_bytes(self._keyring.key("temporal", key_id), self._bound(key_id), payload.SerializeToString())
        return Payload(metadata={"encoding": ENCODING, KEY_ID: key_id.encode()}, data=data)

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            raise TamperedError("a payload that is not sealed was refused: only this system writes to its namespace")
        name = payload.metadata.get(KEY_ID, b"")
        if not name or not name.isascii():
            raise TamperedError
        key_id = name.decode("ascii")
        opened = open_bytes(self._keyring.key("temporal", key_id), self._bound(key_id), payload.data)
        try:
            return Payload.FromString(opened)
        except DecodeError:
            raise TamperedError from None

    def _bound(self, key_id: str) -> tuple[str, str, str]:
        return ("temporal", self._namespace, key_id)


def data_converter(keyring: Keyring, namespace: str) -> DataConverter:
    """Pydantic's JSON inside, the codec around it, failure texts sealed as well: errors can carry values."""
    return replace(
        pydantic_data_converter,
        payload_codec=SealingCodec(keyring, namespace),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
