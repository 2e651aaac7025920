"""A file sealed in chunks: each opens only in its place, of its file, and only while the file has all its chunks."""

from collections.abc import Iterator

from activities.security.columns import DataKey
from activities.security.sealing import open_bytes, seal_bytes

CHUNK_BYTES = 64 * 1024


def chunks_of(size: int) -> int:
    """How many chunks a file of `size` bytes has; an empty one has one."""
    return max(1, -(-size // CHUNK_BYTES))


def seal_chunks(key: DataKey, file_id: str, plaintext: bytes) -> Iterator[bytes]:
    """The chunks in order, each under a nonce of its own, bound to file, place and number of chunks."""
    total = chunks_of(len(plaintext))
    for seq in range(total):
        piece = plaintext[seq * CHUNK_BYTES : (seq + 1) * CHUNK_BYTES]
        yield seal_bytes(key.key, _bound(file_id, seq, total), piece)


def open_chunk(key: DataKey, file_id: str, seq: int, total: int, sealed: bytes) -> bytes:
    """The plaintext of one chunk; `TamperedError` when it was changed, moved, or the file was cut or lengthened."""
    return open_bytes(key.key, _bound(file_id, seq, total), sealed)


def _bound(file_id: str, seq: int, total: int) -> tuple[str, ...]:
    return ("chunk", file_id, str(seq), str(total))
