"""Whom to ring: one of many offices is found by a part of its name, however it is typed, and the address can be sent on."""

import re

import pytest

from tests.build.pages import Page
from tests.pages.conftest import Visit


def offices(page: str) -> list[str]:
    """The names of the offices that are listed."""
    return re.findall(r'<span class="what">([^<]+)</span>', page)


@pytest.mark.parametrize("typed", ["Trị An", "tri an", "  TRI   AN ", "an trị xã"])
async def test_an_office_is_found_as_it_is_typed_in_a_hurry(visit: Visit, typed: str) -> None:
    """With its accents or without, in capitals, with blanks too many; what was typed stands in the field."""
    browser = await visit("medical-centre.officer")
    answer = await browser.get("/contacts", params={"search": typed})
    assert ["Công an xã Trị An", "UBND xã Trị An"] == offices(answer.text)
    assert f'value="{typed.strip()}"' in answer.text
    assert "/contacts" in Page(answer.text).links


async def test_the_form_works_without_script_and_in_english(visit: Visit) -> None:
    """A plain form of the method GET: names are looked for in both languages, so the address works for whoever gets it."""
    browser = await visit("commune-tri-an.officer")
    page = (await browser.get("/contacts")).text
    assert re.search(r'<form method="get" action="/contacts" role="search"', page)
    assert len(offices(page)) > 30
    browser.cookies.set("homeward-language", "en")
    for typed in ("policy bank", "chinh sach"):
        assert ["Social Policy Bank office of Vĩnh Cửu"] == offices(
            (await browser.get("/contacts", params={"search": typed})).text
        )


@pytest.mark.parametrize("typed", ["không có nơi nào", "%", "_"])
async def test_what_fits_no_office_says_so(visit: Visit, typed: str) -> None:
    """Signs that mean something to a database mean nothing here."""
    browser = await visit("medical-centre.officer")
    answer = await browser.get("/contacts", params={"search": typed})
    assert (200, []) == (answer.status_code, offices(answer.text))
    assert "Không có cơ quan, đơn vị nào có tên như vậy." in Page(answer.text).text


async def test_further_rows_keep_what_was_searched_for(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page each office once, and no other."""
    monkeypatch.setattr("api.pages.contacts.PER_PAGE", 5)
    browser, path, seen = await visit("district.supervisor"), "/contacts?search=cong+an", list[str]()
    while path:
        page = (await browser.get(path)).text
        seen += offices(page)
        path = next((each for each in Page(page).links if "cursor=" in each), "")
    assert len(seen) == len(set(seen)) > 10
    assert all(each.startswith("Công an") for each in seen)
