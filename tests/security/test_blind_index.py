"""Stories of the blind index: a person is found by what is known exactly, and by nothing less."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.security.blind_index import Form, index, normalise
from activities.security.errors import IndexValueError
from activities.security.keyring import Keyring, new_keyring

RING = new_keyring()
VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
NAME = st.lists(st.text(VIETNAMESE, min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)


@given(NAME)
def test_a_name_is_found_however_it_was_typed(name: str) -> None:
    """Capitals, spaces and the keyboard's way of composing marks do not hide a person."""
    spellings = {
        name,
        name.upper(),
        f"  {name.replace(' ', '   ')}\t",
        unicodedata.normalize("NFD", name),
        unicodedata.normalize("NFC", name.title()),
    }
    assert {index(RING, "name", one) for one in spellings} == {index(RING, "name", name)}


@given(st.text(max_size=60), st.sampled_from(Form))
def test_one_spelling_is_its_own_spelling(value: str, form: Form) -> None:
    """Indexing what was already brought to one spelling changes nothing."""
    once = normalise(value, form)
    assert normalise(once, form) == once


@given(NAME, NAME)
def test_different_names_have_different_indexes(one: str, other: str) -> None:
    """Marks matter: Lan is not Lân."""
    same = normalise(one) == normalise(other)
    assert (index(RING, "name", one) == index(RING, "name", other)) is same


@pytest.mark.parametrize(
    "typed", ["0912345678", "0912 345 678", "(0912) 345-678", "+84 912 345 678", "0084912345678", "+84 (0) 912 345 678"]
)
def test_a_phone_is_found_however_it_was_typed(typed: str) -> None:
    """The national and the international spelling are one phone."""
    assert index(RING, "phone", typed, Form.PHONE) == index(RING, "phone", "0912345678", Form.PHONE)


def test_a_papers_number_keeps_its_letters() -> None:
    """B1234567 and C1234567 are two passports; spaces and dots are nothing."""
    assert normalise("B 123.4567", Form.NUMBER) == normalise("b1234567", Form.NUMBER)
    assert normalise("C1234567", Form.NUMBER) != normalise("B1234567", Form.NUMBER)


def test_an_index_tells_nothing_without_the_key(ring: Keyring) -> None:
    """Who holds the database alone cannot try out names; nor compare one field with another."""
    here = index(RING, "name", "Lan")
    assert len(here) == 32
    assert here != index(ring, "name", "Lan")
    assert here != index(RING, "alias", "Lan")


@pytest.mark.parametrize("form", Form)
def test_searching_for_nothing_is_refused(form: Form) -> None:
    """An empty search finds nobody, rather than everybody without a value."""
    with pytest.raises(IndexValueError) as refused:
        index(RING, "name", " \t ", form)
    assert refused.value.code == "index_value_empty"
