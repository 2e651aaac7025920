"""What leaves as a sheet is read as it was written, and names stand where a Vietnamese reader looks for them."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from api.sheets import Sheet, workbook
from api.sorting import sort_key


@pytest.mark.parametrize("typed", ["=1+1", "+84 912", "-5", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "\r=1"])
def test_what_somebody_typed_is_no_formula_in_a_sheet(typed: str) -> None:
    """A name that begins like one is text: it is neither computed nor does it call anywhere."""
    page = load_workbook(BytesIO(workbook(Sheet("Bảng", "Tính đến hôm nay", ["Tên"], [[typed]])))).active
    assert page is not None
    cell = page["A3"]
    assert ("s", True) == (cell.data_type, str(cell.value).startswith("'"))


def test_names_stand_in_the_order_of_the_alphabet() -> None:
    """Đ after D, Ă after A, the tones after the letter; a capital is the same letter."""
    names = ["Đồng", "Dung", "Ên", "Em", "Ăn", "An", "Ân", "Ánh", "bình", "Ba", "Ơn", "Oanh", "Ông", "Ưng", "Uyên"]
    assert [
        "An", "Ánh", "Ăn", "Ân", "Ba", "bình", "Dung", "Đồng", "Em", "Ên", "Oanh", "Ông", "Ơn", "Uyên", "Ưng",
    ] == sorted(names, key=sort_key)  # fmt: skip
