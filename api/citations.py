"""Where a rule comes from, for readers of English: the words of a citation, never its numbers.

The data cites in the language of the law. A citation is put into English only where every word of it is known here, so that none is
half in one language; any other is shown as it was written.
"""

import re

WORDS = {
    "Bộ luật Lao động": "Labour Code",
    "Bộ luật Dân sự": "Civil Code",
    "Luật": "Law",
    "Nghị định": "Decree",
    "Thông tư": "Circular",
    "Thông tư liên tịch": "Joint Circular",
    "Nghị quyết": "Resolution",
    "Quyết định": "Decision",
    "Chỉ thị": "Directive",
    "Thông báo": "Notice",
    "Công văn": "Official Letter",
    "Văn phòng Chính phủ": "Government Office",
    "Thủ tướng Chính phủ đồng ý": "Agreed by the Prime Minister",
    "công bố ngày": "announced on",
    "văn bản": "document",
    "ngày": "of",
    "Điều": "Article",
    "khoản": "clause",
    "điểm": "point",
    "mục": "section",
    "Phụ lục": "Annex",
    "Mẫu số": "Form",
    "sửa đổi bởi": "amended by",
    "theo": "under",
    "thủ tục hỗ trợ": "support procedure",
    "số điều chưa đối chiếu": "article number not yet checked",
}
_KNOWN = {vi.lower(): en for vi, en in WORDS.items()}
_WORD = re.compile(r"\b(?:" + "|".join(sorted(_KNOWN, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_PLAN = re.compile(r"Kế hoạch (\d{4}) huyện ((?:[^\W\d_a-zđ]\w* ?)+)\b")
_SEVERAL = re.compile(r"\bArticle(?= \d+[^\s,;]*[-–]\d)")
_NUMBERED = re.compile(r"\S*\d\S*|\b[IVX]+\b|(?<=point )[a-zđ]\b")


def cited(cites: str, language: str) -> str:
    """What the data cites, as a reader of `vi` or `en` is shown it."""
    if language != "en":
        return cites
    plans = _PLAN.sub(lambda plan: f"{plan[1]} plan of {plan[2].strip()} district", cites)
    english = _WORD.sub(_in_english, plans)
    return _SEVERAL.sub("Articles", english) if _whole(cites) else cites


def _in_english(word: re.Match[str]) -> str:
    said = _KNOWN[word[0].lower()]
    return said[0].upper() + said[1:] if word[0][0].isupper() else said


def _whole(cites: str) -> bool:
    """Whether nothing but words that are known here and numbers stands in it."""
    rest = _NUMBERED.sub(" ", _WORD.sub(_in_english, _PLAN.sub(" ", cites)))
    english = {each.lower() for known in WORDS.values() for each in known.split()}
    return all(each.lower() in english for each in re.findall(r"[^\W\d_]+", rest))
