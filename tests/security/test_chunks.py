"""A file at rest: it comes back whole and as it was, or not at all."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.security.chunks import CHUNK_BYTES, chunks_of, open_chunk, seal_chunks
from activities.security.columns import DataKey
from activities.security.errors import TamperedError

KEY = DataKey(os.urandom(32))
SIZES = st.integers(0, 3 * CHUNK_BYTES + 1) | st.sampled_from([CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1])
MANY = st.integers(CHUNK_BYTES + 1, 4 * CHUNK_BYTES)


def _open(sealed: list[bytes], file_id: str = "file", key: DataKey = KEY) -> bytes:
    return b"".join(open_chunk(key, file_id, seq, len(sealed), each) for seq, each in enumerate(sealed))


@settings(max_examples=60, deadline=None)
@given(SIZES)
def test_a_file_of_any_length_comes_back_as_it_was(size: int) -> None:
    """Also an empty one, and one that ends with a chunk."""
    plain = os.urandom(size)
    sealed = list(seal_chunks(KEY, "file", plain))
    assert chunks_of(size) == len(sealed)
    assert plain == _open(sealed)
    assert len(sealed) == len({each[:12] for each in sealed}), "a nonce was used twice"


@settings(max_examples=60, deadline=None)
@given(SIZES, st.data())
def test_one_changed_bit_is_found_out(size: int, data: st.DataObject) -> None:
    """Wherever it lies: nonce, text or tag."""
    sealed = list(seal_chunks(KEY, "file", os.urandom(size)))
    which = data.draw(st.integers(0, len(sealed) - 1))
    bit = data.draw(st.integers(0, 8 * len(sealed[which]) - 1))
    changed = bytearray(sealed[which])
    changed[bit // 8] ^= 1 << bit % 8
    sealed[which] = bytes(changed)
    with pytest.raises(TamperedError):
        _open(sealed)


@settings(max_examples=40, deadline=None)
@given(MANY, st.data())
def test_a_chunk_moved_dropped_or_doubled_is_found_out(size: int, data: st.DataObject) -> None:
    """Nobody makes another paper out of the pieces of this one."""
    sealed = list(seal_chunks(KEY, "file", os.urandom(size)))
    first = data.draw(st.integers(0, len(sealed) - 2))
    swapped = [*sealed]
    swapped[first], swapped[first + 1] = swapped[first + 1], swapped[first]
    for other in (swapped, sealed[:-1], sealed[1:], [*sealed, sealed[first]]):
        with pytest.raises(TamperedError):
            _open(other)


def test_a_chunk_opens_for_its_file_and_its_key_alone() -> None:
    """Copied into another row, or under another key, it is noise."""
    sealed = list(seal_chunks(KEY, "file", b"x"))
    for file_id, key in (("other", KEY), ("file", DataKey(os.urandom(32)))):
        with pytest.raises(TamperedError):
            _open(sealed, file_id, key)
