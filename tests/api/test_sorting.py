"""Names stand where somebody who reads Vietnamese looks for them."""

from api.sorting import by_name, sort_key


def test_letters_come_in_the_order_of_the_alphabet_and_tones_after_letters() -> None:
    """Đ after D and before E, Ă and Â after A, Ơ after O and Ư after U; capitals change nothing."""
    names = ["Em", "đa", "Dung", "Ân", "Ăn", "An", "Ơn", "On", "Ôn", "Ưu", "Um", "Án", "Bà"]
    assert ["An", "Án", "Ăn", "Ân", "Bà", "Dung", "đa", "Em", "On", "Ôn", "Ơn", "Um", "Ưu"] == sorted(
        names, key=sort_key
    )


def test_whoever_is_called_the_same_but_for_a_tone_stands_together() -> None:
    """The tone decides last, within the word."""
    assert ["Lan Hà", "Lan Hạ", "Lan Hồ"] == by_name(["Lan Hồ", "Lan Hạ", "Lan Hà"], str)
