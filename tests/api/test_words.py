"""Every word of the pages is there in Vietnamese; none is kept that no page says."""

import re
from pathlib import Path
from typing import get_args

from babel.messages.pofile import read_po
from pydantic_core.core_schema import ErrorType

from api.pages.journeys import told
from api.pages.show import environment
from api.words import LANGUAGES, catalogue
from tests.api.rooms import code, of_templates, refusals, rooms
from tests.api.words import messages

LOCALES = Path(__file__).parents[2] / "api/locales"
NO_CONTROL = {  # fields that no form of the pages lets anybody get wrong; `form`: what the fields together are refused for
    "not-of-this-decision", "unfit-district", "unfit-form", "unfit-local", "unfit-on_call", "unfit-path", "unfit-source",
}  # fmt: skip
CODE = re.compile(r"[a-z0-9-]+(:[a-z0-9_-]+)?")


def test_every_message_of_a_page_has_its_vietnamese() -> None:
    """An officer never meets a sentence in English on a Vietnamese page."""
    assert [] == sorted(messages() - catalogue("vi").keys())


def test_every_code_has_its_words_in_both_languages() -> None:
    """A state, an urgency, a refusal reads as words whatever the language."""
    vietnamese, english = (set(catalogue(language)) - messages() for language in LANGUAGES)
    assert vietnamese == english


def test_every_code_a_page_can_say_has_its_words_and_no_other_is_kept() -> None:
    """Room by room: what the product can produce is what the catalogues hold, so none is forgotten and none lies about."""
    written, said = _by_room(), rooms()
    assert sorted(written) == sorted(said)
    # what the refusal itself has words for needs none beside the field; and a field may misfit in ways only pydantic tells
    assert sorted(NO_CONTROL) == sorted(said["problem"] - written["problem"] - refusals())
    assert [] == sorted(written["problem"] - said["problem"] - set(get_args(ErrorType)))
    lacking = {room: sorted(said[room] - written[room]) for room in said if room != "problem"}
    unsaid = {room: sorted(written[room] - said[room]) for room in said if room != "problem"}
    assert ({}, {}) == tuple({room: codes for room, codes in each.items() if codes} for each in (lacking, unsaid))
    assert code().met == set(code().known), "no exception is kept that the code does not need"


def test_every_room_that_is_asked_for_is_there() -> None:
    """No template and no timeline asks for words in a room that has none."""
    asked = {
        *of_templates(),
        *((told.ROOMS.get(name, name), "") for name in told.SAID if name not in ("reason", "code")),
    }
    assert len(asked) > 40
    assert [] == sorted((room, each) for room, each in asked if each and each not in rooms()[room])
    assert [] == sorted({room for room, _ in asked} - rooms().keys())


def test_every_refusal_has_its_words_and_no_other_is_kept() -> None:
    """A code without a room is the code of a refusal."""
    plain = {each for each in catalogue("vi").keys() - messages() if CODE.fullmatch(each) and ":" not in each}
    assert sorted(plain | messages() & refusals()) == sorted(refusals())


def gaps(text: str) -> set[str]:
    """What is put into a message where it is shown."""
    return set(re.findall(r"%\(\w+\)", text))


def _by_room() -> dict[str, set[str]]:
    found = dict[str, set[str]]()
    for each in catalogue("vi").keys() - messages():
        room, mark, said = each.partition(":")
        if mark and CODE.fullmatch(each):
            found.setdefault(room, set()).add(said)
    return found


def test_no_message_is_kept_that_no_page_says() -> None:
    """Words of pages that are gone do not lie about."""
    assert [] == sorted(each for each in catalogue("vi").keys() - messages() if not CODE.fullmatch(each))


def test_no_message_is_translated_twice() -> None:
    """Two rooms that say the same share the words, so they cannot drift apart."""
    for language in LANGUAGES:
        files = [file.read_text() for file in (LOCALES / language).glob("*.po")]
        said = [each for text in files for each in re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)]
        assert [] == sorted({each for each in said if said.count(each) > 1})


def test_no_message_is_empty_doubtful_or_without_what_it_is_to_tell() -> None:
    """A line nobody translated yet, one a tool only guessed, one that lost its date or its name: none of them is a translation."""
    for language in LANGUAGES:
        for file in (LOCALES / language).glob("*.po"):
            with file.open("rb") as text:
                entries = [each for each in read_po(text, locale=language) if each.id]
            assert [] == [each.id for each in entries if each.fuzzy or not str(each.string).strip()], file
    assert [] == [message for message in messages() if gaps(message) != gaps(catalogue("vi")[message])]
    codes = set(catalogue("en")) - messages()
    assert [] == sorted(code for code in codes if gaps(catalogue("en")[code]) != gaps(catalogue("vi")[code]))


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
