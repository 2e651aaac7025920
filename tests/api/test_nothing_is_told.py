"""Whoever may not know of a task or a journey cannot find out that it is there: by no verb, no code, no count."""

from typing import Any

import httpx
import pytest

from activities.casework.context import Office
from activities.domain.ids import journey_id, task_id
from activities.store.engine import Sessions
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported

__all__ = ("reported",)
LATER = "2024-03-05T02:00:00Z"
TASKS: dict[str, dict[str, Any] | None] = {  # every verb on a task, with a body that its form lets through
    "POST claim": None,
    "POST release": None,
    "POST return": {"reason": "other"},
    "PUT draft": {"draft": {}},
    "POST outcome": {"outcome": {}, "happened_at": LATER},
    "POST decisions": {"kind": "waive", "reason": "x"},
    "POST delegate": {"organisation": "school-one", "reason": "x"},
    "POST recall": {"reason": "x"},
    "POST requests": {"kind": "facts", "reason": "x"},
    "POST reminders": {"whom": "x"},
    "POST corrections/preview": {"outcome": {}, "reason": "x"},
    "POST corrections": {"outcome": {}, "reason": "x"},
    "POST comments": {"text": "x", "to": ["coordinator"]},
    "GET comments": None,
    "POST attachments": None,
    "GET attachments": None,
    "GET attachments/x": None,
    "DELETE attachments/x": None,
    "GET ": None,
}
JOURNEYS: dict[str, dict[str, Any] | None] = {
    "PUT person": {},
    "GET person": None,
    "POST consents": {"purpose": "x", "recipients": []},
    "POST wishes": {"wish": "withdraw"},
    "POST dangers": {},
    "GET dangers": None,
    "POST tasks": {"kind": "examine_health"},
    "POST comments": {"text": "x", "to": ["coordinator"]},
    "GET comments": None,
    "POST reopen": {"reason": "x", "stage": "community"},
    "GET timeline": None,
    "GET ": None,
}


async def _asked(who: httpx.AsyncClient, at: str, verb: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
    method, _, path = verb.partition(" ")
    headers = {"If-Match": '"1"', "Idempotency-Key": f"{at}/{verb}"}
    answer = await who.request(method, f"{at}/{path}".rstrip("/"), json=body, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("verb", TASKS)
async def test_no_verb_tells_which_tasks_a_journey_has(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str, verb: str
) -> None:
    """The bank has its part, knows the journey, and could reckon every task's id: it learns of no danger and no finding."""
    await opened(sessions, office, reported, "arrange_loan")
    there = await opened(sessions, office, reported, "assess_danger")
    bank, absent = await sign_in("policy-bank.officer"), task_id(reported, "assess_danger", 2)
    told = [await _asked(bank, f"/tasks/{each}", verb, TASKS[verb]) for each in (there, absent)]
    assert 404 == told[0][0]
    assert told[0] == told[1]


@pytest.mark.parametrize("verb", JOURNEYS)
async def test_no_verb_tells_which_journeys_there_are(sign_in: SignIn, reported: str, verb: str) -> None:
    """An id that somebody kept, or overheard, says nothing to who has no part."""
    bank = await sign_in("policy-bank.officer")
    told = [await _asked(bank, f"/journeys/{each}", verb, JOURNEYS[verb]) for each in (reported, journey_id())]
    assert 404 == told[0][0]
    assert told[0] == told[1]


async def test_a_head_counts_the_tasks_of_their_own_agency_alone(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """That something opened elsewhere in the journey, or is late there, is not for the bank's head; the lead counts all."""
    for kind in ("arrange_loan", "assess_danger", "examine_health"):
        await opened(sessions, office, reported, kind)
    seen = {
        name: (await (await sign_in(name)).get("/journeys")).json()["items"][0]["open_tasks"]
        for name in ("policy-bank.head", "labour-division.coordinator")
    }
    assert {"policy-bank.head": 1, "labour-division.coordinator": 3} == seen
