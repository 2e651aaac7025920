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
