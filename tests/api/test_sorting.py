"""Names stand where somebody who reads Vietnamese looks for them."""

from unicodedata import normalize

from sqlalchemy import Text, column, select, values

from activities.store.engine import Sessions
from api.sorting import by_name, sort_columns, sort_key


def test_letters_come_in_the_order_of_the_alphabet_and_tones_after_letters() -> None:
    """Đ after D and before E, Ă and Â after A, Ơ after O and Ư after U; capitals change nothing."""
    names = ["Em", "đa", "Dung", "Ân", "Ăn", "An", "Ơn", "On", "Ôn", "Ưu", "Um", "Án", "Bà"]
    assert ["An", "Án", "Ăn", "Ân", "Bà", "Dung", "đa", "Em", "On", "Ôn", "Ơn", "Um", "Ưu"] == sorted(
        names, key=sort_key
    )


def test_whoever_is_called_the_same_but_for_a_tone_stands_together() -> None:
    """The tone decides last, whatever comes after it in the word or the name."""
    assert ["Lan Hà", "Lan Hạ", "Lan Hồ"] == by_name(["Lan Hồ", "Lan Hạ", "Lan Hà"], str)
    assert ["Hoa", "Hòa", "Hoan"] == by_name(["Hòa", "Hoan", "Hoa"], str)
    assert ["Toan", "Toán", "Toanh"] == by_name(["Toanh", "Toán", "Toan"], str)
    assert ["Hòa An", "Hoa Bình", "Hòa Bình"] == by_name(["Hòa Bình", "Hoa Bình", "Hòa An"], str)


def test_tones_come_as_in_a_vietnamese_dictionary_and_capitals_last() -> None:
    """Ngang, huyền, hỏi, ngã, sắc, nặng, as Unicode CLDR has it for Vietnamese; small letters before capitals."""
    assert ["ma", "mà", "mả", "mã", "má", "mạ", "mạn"] == sorted(
        ["mạn", "mạ", "má", "mã", "mả", "mà", "ma"], key=sort_key
    )
    assert ["ân", "Ân", "ần", "Ần"] == sorted(["Ần", "ần", "Ân", "ân"], key=sort_key)


def test_a_name_typed_in_parts_stands_where_the_whole_one_does() -> None:
    """Some keyboards write the letter and its marks apart."""
    apart = [normalize("NFD", each) for each in ("Đặng", "Ấn", "Hòa")]
    assert [sort_key(normalize("NFC", each)) for each in apart] == [sort_key(each) for each in apart]


async def test_the_database_lists_names_in_the_same_order(sessions: Sessions) -> None:
    """A list that is read in pages has no other order than one that is sorted here."""
    names = [
        "Toanh",
        "Toán",
        "Toan",
        "Đào",
        "Dung",
        "Ẩn",
        "ân",
        "An",
        "Án",
        "Ăn",
        "2 An",
        "Hoàng Yến",
        "Hoa Yến",
        normalize("NFD", "Ếch"),
    ]
    given = values(column("name", Text), name="given").data([(each,) for each in names])
    async with sessions() as session:
        listed = list(await session.scalars(select(given.c.name).order_by(*sort_columns(given.c.name))))
    assert by_name(names, str) == listed
