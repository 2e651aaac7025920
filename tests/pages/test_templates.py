"""Every page holds with nothing, one, many, and very long Vietnamese; a name it does not know is an error."""

from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from jinja2 import StrictUndefined, meta

from activities.agencies.registry import REGISTRY
from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from api.pages.forms.drawn import draw
from api.pages.show import environment
from api.pages.site import routes
from api.words import LANGUAGES
from tests.build.officers import PASSWORD
from tests.build.pages import text
from tests.build.shapes import SHAPES, Drawn, places, shaped
from tests.pages.conftest import Browse, Visit
from tests.pages.reaching import every_page
from tests.pages.standing import DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]

ROWLESS = {  # no rule of the shipped plans cites a ground on which the term of a law may be moved
    "officer/parts/about.html:33 task.grounds", "officer/parts/acts.html:46 task.grounds", "supervisor/parts/fields.html:20 grounds",
    "supervisor/parts/fields.html:45 grounds",
    "officer/parts/refused.html:9 why",  # the net under slips that no field of a short form is named for
}  # fmt: skip
UNOPENED = {  # by no seat of this day
    "/sign-in", "/invitation",  # by whoever has none, above
    "/live", "/static/{name:path}", "/tasks/{task_id}/attachments/{attachment_id}",  # no pages
    "/", "/tasks/{task_id}/{verb}",  # lead on to a page
    "/administration/days/{day}/remove",  # told in tests/pages/test_plan_and_days.py
}  # fmt: skip
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
            assert all(each.label in text(drawn) for each in controls), kind


@pytest.fixture
def sign_ins(tmp_path: Path) -> Path:
    """What a practice is given, with one part in it."""
    file = tmp_path / "sign-ins.txt"
    file.write_text("".join(f"{username}\t{PASSWORD}\n" for username in (DOCTOR, "school-one.officer")))
    return file


@pytest.mark.timeout(600)
async def test_every_template_holds_with_nothing_one_many_and_very_long_values(
    visit: Visit, browse: Browse, opens: Opens, sessions: Sessions, office: Office, settings: Settings, reported: str,
    sign_ins: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """No list is so empty or so long, and no name so long, that an officer gets a fault instead of a page."""
    drawn = Drawn()
    monkeypatch.setattr("api.pages.show.environment", drawn.environment)
    monkeypatch.setattr("api.pages.supervision.bulk.AT_ONCE", 2)  # so that some rows are left for the next press
    met = set[str]()
    await every_page(_watched(visit, met), browse, opens, sessions, office, settings, reported, sign_ins)
    unopened = {each.path for each in routes("GET") if not any(each.path_regex.fullmatch(path) for path in met)}
    assert UNOPENED == unopened
    unseen = sorted(places() - drawn.rows - ROWLESS)
    assert not unseen, "no row of these lists was ever drawn:\n" + "\n".join(unseen)
    assert not [kind.code for plan in office.shelf.current for kind in plan.kinds if kind.grounds], "look at ROWLESS"
    assert places() >= ROWLESS, "look at ROWLESS"
    for name, facts in drawn.met:
        for language, shape in product(LANGUAGES, SHAPES):
            given = {each: shaped(value, shape, each) for each, value in facts.items()}
            try:
                page = environment(language).get_template(name).render(**given)
            except Exception as error:
                error.add_note(f"{name}, {shape}, {language}")
                raise
            assert "<script>alert" not in page, name
            assert page.count("<h1") == 1, name
    assert environment("vi").undefined is StrictUndefined
    assert [] == sorted(set(environment("vi").list_templates(["html"])) - _reached({name for name, _ in drawn.met}))


def _watched(visit: Visit, met: set[str]) -> Visit:
    """Seats that tell which addresses answered."""

    async def told(answer: httpx.Response) -> None:
        if answer.request.method == "GET" and answer.status_code == httpx.codes.OK:
            met.add(answer.request.url.path)

    async def down(username: str) -> httpx.AsyncClient:
        seat = await visit(username)
        seat.event_hooks["response"].append(told)
        return seat

    return down


def _reached(names: set[str]) -> set[str]:
    """These templates, and whatever they extend, include or import."""
    found, waiting, loader = set[str](), list(names), environment("vi")
    while waiting:
        name = waiting.pop()
        if name not in found and loader.loader:
            found.add(name)
            parsed = loader.parse(loader.loader.get_source(loader, name)[0])
            waiting += [each for each in meta.find_referenced_templates(parsed) if each]
    return found
