"""Every macro and list of the pages holds with nothing, one, many, and very long Vietnamese."""

from typing import Any

import pytest

from activities.agencies.registry import REGISTRY
from api.pages.forms.drawn import draw
from api.pages.show import environment
from api.words import LANGUAGES
from tests.build.pages import text

LONG = "Ủy ban nhân dân xã Nguyễn Thị Thử Nghiệm Đường Dài Không Có Chỗ Ngắt " * 8
HOSTILE = "<script>alert('x')</script>\"><b>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_draws_a_form_with_empty_full_long_and_hostile_values(language: str) -> None:
    """Each of the kinds gets a form; what was typed comes back as text, whatever it is."""
    fields: Any = environment(language).get_template("parts/fields.html").make_module({})
    for kind, task in REGISTRY.items():
        controls = draw(task.outcome, language)
        assert controls, kind
        for given in (None, "", LONG, HOSTILE):
            drawn = "".join(
                str(fields.control(each, [given] if each.kind == "many" else given, "sai")) for each in controls
            )
            read = str(
                fields.readback(controls, {each.name: [given] if each.kind == "many" else given for each in controls})
            )
            assert "<script>" not in drawn + read
            assert all(each.label in text(drawn).replace("&#39;", "'").replace("&amp;", "&") for each in controls), kind
