"""Lists of names stand in the order a Vietnamese reader looks them up."""

from api.sorting import by_name, sort_key


def test_letters_come_before_tones_and_d_with_a_bar_after_d() -> None:
    """Dương before Đặng, Ăn after An; a tone alone orders only what is otherwise alike; capitals do not matter."""
    names = ["Ân", "an", "Đặng", "Dương", "Ăn", "Ánh", "đào", "Hà", "Bình", "Ha", "Xã Đại"]
    found = sorted(names, key=sort_key)
    assert ["an", "Ánh", "Ăn", "Ân", "Bình", "Dương", "đào", "Đặng", "Ha", "Hà", "Xã Đại"] == found
    assert by_name([{"n": "Đỗ"}, {"n": "Dũng"}], lambda each: each["n"]) == [{"n": "Dũng"}, {"n": "Đỗ"}]
