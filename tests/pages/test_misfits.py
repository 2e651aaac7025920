"""What does not fit in a short form is told beside its field: all of it at once, marked, described, and linked from the summary."""

import re

import httpx
import pytest

from activities.casework.context import Office
from activities.casework.tasks import give_back
from activities.domain.states import JourneyState
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.pages import Page, go, press, send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, LABOUR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]
REFUSED = httpx.codes.UNPROCESSABLE_ENTITY
BESIDE = re.compile(r"aria-describedby=\"([\w-]+)-problem\"")
LINKED = re.compile(r"<li><a href=\"#([\w-]+)\">")
SHORT = [
    (DOCTOR, "extend", {"count": "nhiều", "reason": "máy hỏng"}, ["count"]),
    (DOCTOR, "extend", {"count": "900"}, ["count", "reason"]),
    (DOCTOR, "extend", {}, ["count", "reason"]),
    (DOCTOR, "facts", {}, ["reason"]),
    (DOCTOR, "another", {}, ["reason"]),
    (DOCTOR, "delegate", {"reason": "nghỉ"}, ["whom"]),
    (DOCTOR, "delegate", {}, ["whom", "reason"]),
    (DOCTOR, "delegate", {"whom": "organisation:district-police"}, ["reason"]),
    (DOCTOR, "delegate", {"whom": "organisation:district-police", "reason": "nghỉ"}, ["whom"]),
    (DOCTOR, "return", {"note": "không rõ"}, ["reason"]),
    (DOCTOR, "comment", {"text": "đã gọi"}, ["to"]),
    (DOCTOR, "comment", {}, ["to", "text"]),
    (COORDINATOR, "remind", {"promised": "mai"}, ["whom"]),
    (COORDINATOR, "remind", {"look_again_on": "31/02/2024"}, ["whom", "look_again_on"]),
    (COORDINATOR, "remind", {"look_again_on": "01/03/2024"}, ["whom", "look_again_on"]),
    (COORDINATOR, "decide", {}, ["kind", "reason"]),
    (COORDINATOR, "decide", {"kind": "reassign"}, ["organisation", "reason"]),
]


def told(page: str, act: str) -> list[str]:
    """The fields of this form that are described by a problem whose words are there once; the summary links to each."""
    found = [each.removeprefix(f"{act}-") for each in BESIDE.findall(page)]
    assert found == [each.removeprefix(f"{act}-") for each in LINKED.findall(page)]
    for name in found:
        assert (1, 1) == (page.count(f'id="{act}-{name}"'), page.count(f'id="{act}-{name}-problem"')), name
    return found


@pytest.mark.parametrize(("who", "act", "typed", "fields"), SHORT)
async def test_all_that_does_not_fit_is_told_at_once_beside_its_field(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office,
    who: str, act: str, typed: dict[str, str | list[str]], fields: list[str],
) -> None:  # fmt: skip
    """Nobody sends a form three times to learn three things; whoever hears the page is told at each field what is wrong with it."""
    task, seat = await opens("examine_health"), await visit(who)
    if act == "decide":
        async with sessions.begin() as session:
            await give_back(session, office, await actor(session, DOCTOR), task, 1, "not_ours")
    refused = await send(seat, f"/tasks/{task}", f"/tasks/{task}/{act}", **typed)
    assert REFUSED == refused.status_code
    assert fields == told(refused.text, act)
    assert "data-focus" in refused.text


async def test_the_forms_of_a_journey_tell_all_at_once_too(
    visit: Visit, sessions: Sessions, office: Office, reported: str
) -> None:
    """A consent, a wish, a comment; and the opening of a journey that was closed."""
    coordinator, at = await visit(COORDINATOR), f"/journeys/{reported}"
    for path, act, typed, fields in (
        (at, "consents", {"until": "03/03/2024"}, ["purpose", "until"]),
        (at, "consents", {"until": "31/02/2025", "purpose": "học nghề"}, ["until"]),
        (at, "wishes", {}, ["choice"]),
        (f"{at}/comments", "comment", {"text": " "}, ["to", "text"]),
    ):
        form = path if act == "comment" else f"{path}/{act}"
        refused = await press(coordinator, await go(coordinator, path), form, **typed)
        assert (REFUSED, fields) == (refused.status_code, told(refused.text, act)), act
    async with sessions.begin() as session:
        journey = await session.get_one(Journey, reported)
        journey.state, journey.closed_at, journey.closing_reason = JourneyState.CLOSED, office.now(), "settled"
    supervisor = await visit("district.supervisor")
    refused = await press(supervisor, await go(supervisor, at), f"{at}/show-person", reason=" ")
    assert (REFUSED, ["reason"]) == (refused.status_code, told(refused.text, "show"))
    refused = await press(coordinator, await go(coordinator, at), f"{at}/reopen", stage="nowhere")
    assert (REFUSED, ["stage", "reason"]) == (refused.status_code, told(refused.text, "reopen"))


async def test_an_answer_and_its_moment_and_its_reason_are_told_together(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """The long forms: what is missing of the answer, a day that is none, and of a correction the reason, at one sending."""
    task, labour = await opens("record_choice"), await visit(LABOUR)
    refused = await send(labour, f"/tasks/{task}", f"/tasks/{task}/check", happened_day="31/02/2024")
    assert (REFUSED, ["choice", "happened_day"]) == (refused.status_code, LINKED.findall(refused.text))
    await answer(sessions, office, task, LABOUR, VALID["record_choice"])
    refused = await send(labour, f"/tasks/{task}", f"/tasks/{task}/correct", choice="", happened_day="05/03/2099")
    assert REFUSED == refused.status_code
    assert ["choice", "happened_day", "correction_reason"] == LINKED.findall(refused.text)
    assert "05/03/2099" in Page(refused.text).filled(f"/tasks/{task}/correct")["happened_day"]
