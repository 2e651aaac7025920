"""Stories of sealed columns: identity opens for its own person and field, until it is erased."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.security.columns import (
    DataKey,
    WrappedKey,
    new_data_key,
    open_sealed,
    open_with_ring,
    rewrap,
    seal,
    seal_with_ring,
    unwrap,
)
from activities.security.errors import ErasedError, TamperedError, UnknownKeyError
from activities.security.keyring import Keyring, new_keyring

RING = new_keyring()
DATA_KEY = unwrap(RING, new_data_key(RING))
SHORT = st.text(max_size=20)


@given(field=SHORT, person=SHORT, text=st.text(max_size=300))
def test_what_was_told_is_read_back_to_the_letter(field: str, person: str, text: str) -> None:
    """No name, address or story is altered by being kept."""
    assert open_sealed(DATA_KEY, field, person, seal(DATA_KEY, field, person, text)) == text


@given(field=SHORT, person=SHORT, other=SHORT)
def test_a_field_moved_to_another_person_or_field_does_not_open(field: str, person: str, other: str) -> None:
    """Someone who can write to the database cannot give one person's past to another."""
    sealed = seal(DATA_KEY, field, person, "Lan")
    for name, context in {(other, person), (field, other), (field + person, ""), ("", field + person)}:
        if (name, context) != (field, person):
            with pytest.raises(TamperedError):
                open_sealed(DATA_KEY, name, context, sealed)


@given(st.data())
def test_changed_bytes_are_refused(data: st.DataObject) -> None:
    """One changed bit anywhere, or bytes cut off, and nothing is shown instead of something false."""
    sealed = bytearray(seal(DATA_KEY, "name", "person-1", "Lan"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(TamperedError):
        open_sealed(DATA_KEY, "name", "person-1", bytes(sealed))
    with pytest.raises(TamperedError):
        open_sealed(DATA_KEY, "name", "person-1", bytes(sealed[:at]))


def test_the_same_name_sealed_twice_looks_different() -> None:
    """Rows cannot be compared to find who shares a name."""
    assert seal(DATA_KEY, "name", "person-1", "Lan") != seal(DATA_KEY, "name", "person-1", "Lan")


def test_another_persons_key_opens_nothing() -> None:
    """Each person's data is locked apart."""
    other = unwrap(RING, new_data_key(RING))
    with pytest.raises(TamperedError):
        open_sealed(other, "name", "person-1", seal(DATA_KEY, "name", "person-1", "Lan"))


def test_an_erased_person_stays_erased() -> None:
    """Deleting the data key is the erasure: the answer is plain and final."""
    with pytest.raises(ErasedError) as erased:
        unwrap(RING, None)
    assert erased.value.code == "person_erased"


def test_rotation_locks_the_same_data_key_anew(ring: Keyring) -> None:
    """Fields need not be sealed again, and the old ring's key is no longer needed for them."""
    wrapped = new_data_key(ring)
    sealed = seal(unwrap(ring, wrapped), "name", "person-1", "Lan")
    rotated = ring.rotated()
    assert open_sealed(unwrap(rotated, wrapped), "name", "person-1", sealed) == "Lan"
    renewed = rewrap(rotated, wrapped)
    assert renewed.key_id == rotated.active != wrapped.key_id
    assert open_sealed(unwrap(rotated, renewed), "name", "person-1", sealed) == "Lan"
    assert rewrap(rotated, renewed) is renewed
    assert new_data_key(rotated).key_id == rotated.active


def test_a_wrapped_key_under_another_id_does_not_open(ring: Keyring) -> None:
    """The id a row names is part of the lock."""
    rotated = ring.rotated()
    wrapped = new_data_key(ring)
    with pytest.raises(TamperedError):
        unwrap(rotated, WrappedKey(rotated.active, wrapped.blob))
    with pytest.raises(UnknownKeyError):
        unwrap(ring, new_data_key(rotated))


def test_an_open_data_key_is_never_shown() -> None:
    """A traceback with a data key in it gives nothing away."""
    assert repr(DATA_KEY) == "DataKey()"
    assert isinstance(DATA_KEY, DataKey)


@given(context=SHORT, body=st.binary(max_size=300))
def test_a_draft_is_read_back_to_the_byte(context: str, body: bytes) -> None:
    """An officer's half-written answer comes back as it was left."""
    assert open_with_ring(RING, context, seal_with_ring(RING, context, body)) == body


@given(st.binary(max_size=64))
def test_bytes_that_were_never_sealed_are_refused(body: bytes) -> None:
    """Nothing planted in a column is ever shown as an answer."""
    with pytest.raises((TamperedError, UnknownKeyError)):
        open_with_ring(RING, "task-1", body)


def test_a_draft_opens_for_its_own_task_only() -> None:
    """Answers cannot be moved from task to task."""
    with pytest.raises(TamperedError):
        open_with_ring(RING, "task-2", seal_with_ring(RING, "task-1", b"words"))
