"""The order in which Vietnamese lists its names."""

ORDER = "aáàảãạăắằẳẵặâấầẩẫậbcdđeéèẻẽẹêếềểễệfghiíìỉĩịjklmnoóòỏõọôốồổỗộơớờởỡợpqrstuúùủũụưứừửữựvwxyýỳỷỹỵz"


def sort_key(text: str) -> tuple[tuple[int, int], ...]:
    """Vietnamese order: letters first (Đ after D, Ă after A), tones after letters; case does not matter."""
    return tuple((1, ORDER.index(each)) if each in ORDER else (0, ord(each)) for each in text.lower())
