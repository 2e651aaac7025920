"""What the police found out is for the police and the lead: whoever watches, or had another part, learns that it was done."""

from typing import Any

import httpx
import pytest

from activities.casework.context import Office
from activities.domain.states import JourneyState, Role
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.officers import newcomer
from tests.build.outcomes import BRANCHES

__all__ = ("reported",)
KIND, FOUND = "identify_victim", "not_identified"
POLICE, LEAD, ABOVE = "district-police.officer", "labour-division.coordinator", "district.supervisor"
HEAD, BANK, BANK_HEAD = "district-police.head", "policy-bank.officer", "policy-bank.head"


async def _sent(who: httpx.AsyncClient, path: str, body: dict[str, Any], key: str) -> httpx.Response:
    return await who.post(path, json=body, headers={"If-Match": '"1"', "Idempotency-Key": key})


@pytest.fixture
async def found(sign_in: SignIn, sessions: Sessions, office: Office, reported: str) -> str:
    """The police did not identify the person, and corrected the number of their paper; their task."""
    task, police = await opened(sessions, office, reported, KIND), await sign_in(POLICE)
    outcome = BRANCHES[KIND][FOUND]
    body: dict[str, Any] = {"outcome": outcome, "happened_at": office.now().isoformat()}
    answered = await _sent(police, f"/tasks/{task}/outcome", body, "answer")
    assert (200, FOUND) == (answered.status_code, answered.json()["code"]), answered.text
    body = {"outcome": outcome | {"number": "13/CV"}, "reason": "nhầm số"}
    corrected = await _sent(police, f"/tasks/{task}/corrections", body, "correction")
    assert (201, "applied") == (corrected.status_code, corrected.json()["state"]), corrected.text
    return task


@pytest.fixture
async def closed(sessions: Sessions, office: Office, reported: str) -> str:
    """The bank had a part in the journey, which ended because the person was not identified."""
    await opened(sessions, office, reported, "arrange_loan")
    async with sessions.begin() as session:
        journey = await session.get_one(Journey, reported)
        journey.state, journey.closed_at = JourneyState.CLOSED, office.now()
        journey.closing_reason, journey.stage = FOUND, "identification"
    return reported


async def _told(who: httpx.AsyncClient, journey: str, task: str) -> set[str]:
    """What the timeline tells of the answer, in whatever field."""
    entries = (await who.get(f"/journeys/{journey}/timeline", params={"limit": 200})).json()["items"]
    of_task = [each for each in entries if each["task_id"] == task]
    assert {"task-done", "task-corrected"} <= {each["event"] for each in of_task}
    return {str(value) for each in of_task for value in each["data"].values()} & {FOUND}


@pytest.mark.parametrize(("username", "knows"), [(POLICE, True), (LEAD, True), (HEAD, False), (ABOVE, False)])
async def test_what_was_found_is_for_the_agency_and_the_lead(
    sign_in: SignIn, reported: str, found: str, username: str, knows: bool
) -> None:
    """The head above and the district see that it was answered and when; the finding stands in no row and no timeline."""
    who = await sign_in(username)
    read = (await who.get(f"/tasks/{found}")).json()
    rows = [each for each in (await who.get(f"/journeys/{reported}")).json()["tasks"] if each["id"] == found]
    code = FOUND if knows else ""
    assert [("done", code)] * 2 == [(each["state"], each["code"]) for each in (read, *rows)]
    assert ({FOUND} if knows else set()) == await _told(who, reported, found)


async def test_who_comes_second_from_above_is_not_told_what_was_found(sign_in: SignIn, found: str) -> None:
    """They hear who won and when; the agency that comes second hears what was answered as well."""
    again = {"outcome": BRANCHES[KIND][FOUND], "happened_at": "2024-03-04T02:00:00Z"}
    told = {
        POLICE: await _sent(await sign_in(POLICE), f"/tasks/{found}/outcome", again, "again"),
        ABOVE: await _sent(await sign_in(ABOVE), f"/tasks/{found}/decisions", {"kind": "waive", "reason": "x"}, "w"),
        HEAD: await _sent(await sign_in(HEAD), f"/tasks/{found}/reminders", {"whom": "đội trưởng"}, "r"),
    }
    winners = {name: (each.status_code, each.json()["winner"]) for name, each in told.items()}
    assert {POLICE: FOUND, ABOVE: "", HEAD: ""} == {name: winner["code"] for name, (_, winner) in winners.items()}
    assert {(409, "done")} == {(status, winner["state"]) for status, winner in winners.values()}


@pytest.mark.parametrize(
    ("username", "stage", "reason"),
    [(BANK, "", ""), (BANK_HEAD, "", ""), (ABOVE, "identification", ""), (LEAD, "identification", FOUND)],
)
async def test_why_a_journey_ended_is_for_the_lead(
    sign_in: SignIn, closed: str, username: str, stage: str, reason: str
) -> None:
    """The bank and its head learn that it is over; the district sees the stage as well; only the lead that nobody was identified."""
    read = (await (await sign_in(username)).get(f"/journeys/{closed}")).json()
    assert ("closed", stage, reason) == (read["state"], read["stage"], read["closing_reason"])
    assert read["closed_at"]


async def test_who_acts_too_late_is_not_told_why_it_ended(sign_in: SignIn, closed: str) -> None:
    """The bank raises a danger on a journey that is over: it hears since when, and not why."""
    late = await _sent(await sign_in(BANK), f"/journeys/{closed}/dangers", {"note": "có người theo dõi"}, "danger")
    assert (409, "journey-closed") == (late.status_code, late.json()["code"])
    assert FOUND not in late.text


async def test_a_list_by_stage_finds_only_what_its_reader_may_know(
    sign_in: SignIn, sessions: Sessions, closed: str
) -> None:
    """A coordinator of the bank leads nothing: asking stage by stage does not tell where the journey stands."""
    await newcomer(sessions, "lan.bank", "policy-bank", Role.COORDINATOR, Role.OFFICER)
    stranger, above = await sign_in("lan.bank"), await sign_in(ABOVE)
    rows = (await stranger.get("/journeys")).json()["items"]
    assert [(closed, "", "")] == [(each["id"], each["stage"], each["closing_reason"]) for each in rows]
    by_stage = {"stage": "identification"}
    assert [] == (await stranger.get("/journeys", params=by_stage)).json()["items"]
    assert [closed] == [each["id"] for each in (await above.get("/journeys", params=by_stage)).json()["items"]]
