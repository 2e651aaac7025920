"""Every word of the pages is there in Vietnamese; none is kept that no page says."""

import re
from pathlib import Path

from api.pages.show import environment
from api.words import LANGUAGES, catalogue
from tests.api.words import messages

LOCALES = Path(__file__).parents[2] / "api/locales"
CODE = re.compile(r"[a-z0-9-]+(:[a-z0-9_-]+)?")


def test_every_message_of_a_page_has_its_vietnamese() -> None:
    """An officer never meets a sentence in English on a Vietnamese page."""
    assert [] == sorted(messages() - catalogue("vi").keys())


def test_every_code_has_its_words_in_both_languages() -> None:
    """A state, an urgency, a refusal reads as words whatever the language."""
    vietnamese, english = (set(catalogue(language)) - messages() for language in LANGUAGES)
    assert vietnamese == english


def test_no_message_is_kept_that_no_page_says() -> None:
    """Words of pages that are gone do not lie about."""
    assert [] == sorted(each for each in catalogue("vi").keys() - messages() if not CODE.fullmatch(each))


def test_no_message_is_translated_twice() -> None:
    """Two rooms that say the same share the words, so they cannot drift apart."""
    for language in LANGUAGES:
        files = [file.read_text() for file in (LOCALES / language).glob("*.po")]
        said = [each for text in files for each in re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)]
        assert [] == sorted({each for each in said if said.count(each) > 1})


def test_every_template_can_be_read() -> None:
    """No page breaks for a name of a filter or a part that is not there."""
    for language in LANGUAGES:
        drawn = environment(language)
        for name in drawn.list_templates(["html"]):
            drawn.get_template(name)


GIVEN_UP = {  # what each was called as well, and is no more
    "quản trị hệ thống": r"quản trị viên", "thu lại việc đã giao xuống": r"lấy lại|[Rr]út việc|giao việc rút", "mở việc": r"[Vv]iệc được giao$|^Giao việc$",
}  # fmt: skip


def test_one_thing_has_one_word() -> None:
    """An officer who reads "thu lại" on a button meets the same word in the notice and in the journal."""
    for word, others in GIVEN_UP.items():
        assert [] == [text for text in catalogue("vi").values() if re.search(others, text)], word


def test_no_officer_is_asked_for_a_code_of_ours() -> None:
    """Lengths are written as PT4H by whoever writes the plan, and by nobody else."""
    for language in LANGUAGES:
        told = {code: text for code, text in catalogue(language).items() if re.search(r"\bPT?\d+(WD|D|H|M)\b", text)}
        assert {"problem:unfit-budget"} == {
            code for code in told if CODE.fullmatch(code)
        }  # of the administrator's form


def test_an_empty_list_says_what_will_stand_there() -> None:
    """Two sentences: that there is nothing, and what will come."""
    for language in LANGUAGES:
        empty = {
            code: text for code, text in catalogue(language).items() if code.startswith(("empty:", "no-escalation:"))
        }
        assert len(empty) >= 9
        assert [] == [code for code, text in empty.items() if text.count(".") < 2]
