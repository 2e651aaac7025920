"""What people say to each other over HTTP about a person: whoever steals the database reads none of it."""

from typing import Any

import httpx
import pytest

from activities.casework.context import Office
from activities.store.engine import Sessions
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.outcomes import VALID
from tests.build.tables import tables_that_tell

__all__ = ("reported",)
TYPED = "chị Xuyến đang ở nhà tạm lánh"
GROUND = "perpetrator"  # of a sensitive field
POLICE, LEAD, ABOVE = "district-police.officer", "labour-division.coordinator", "district.supervisor"
DOCTOR, HEAD = "medical-centre.officer", "medical-centre.head"


async def _says(who: httpx.AsyncClient, path: str, body: dict[str, Any], key: str, word: str = TYPED) -> dict[str, Any]:
    """Send it twice, as over a bad line: done once, and both answers hold the word."""
    headers = {"Idempotency-Key": key}
    if path.startswith("/tasks/"):
        headers["If-Match"] = (await who.get("/".join(path.split("/")[:3]))).headers["ETag"]
    first, again = [await who.post(path, json=body, headers=headers) for _ in range(2)]
    assert first.status_code in (httpx.codes.OK, httpx.codes.CREATED), first.text
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert word in first.text
    found: dict[str, Any] = first.json()
    return found


@pytest.fixture
async def said(sign_in: SignIn, sessions: Sessions, office: Office, reported: str) -> None:
    """Requests and their decisions, a reminder, a comment, a reason; a correction of what the police found, and its refusal."""
    doctor, head, lead, above = [await sign_in(each) for each in (DOCTOR, HEAD, LEAD, ABOVE)]
    path = f"/tasks/{await opened(sessions, office, reported, 'examine_health')}"
    more = await _says(doctor, f"{path}/requests", {"kind": "extend", "budget": "P3WD", "reason": TYPED}, "more")
    await _says(head, f"/requests/{more['id']}/decision", {"grant": False, "reason": TYPED}, "no")
    facts = await _says(doctor, f"{path}/requests", {"kind": "facts", "reason": "cần biết"}, "facts", "cần biết")
    await _says(lead, f"/requests/{facts['id']}/decision", {"grant": True, "answer": TYPED}, "told")
    await _says(above, f"{path}/reminders", {"whom": f"bác sĩ của {TYPED}", "promised": TYPED}, "reminded")
    await _says(doctor, f"{path}/comments", {"text": TYPED, "to": ["coordinator"]}, "comment", "")
    await _says(above, f"{path}/decisions", {"kind": "extend", "budget": "P1D", "reason": TYPED}, "longer", "")


@pytest.fixture
async def corrected(sign_in: SignIn, sessions: Sessions, office: Office, reported: str) -> None:
    """The police correct what they found out, and the lead says no."""
    police, lead = await sign_in(POLICE), await sign_in(LEAD)
    path = f"/tasks/{await opened(sessions, office, reported, 'identify_victim')}"
    found = VALID["identify_victim"] | {"grounds": [GROUND]}
    sent = {"outcome": found, "happened_at": office.now().isoformat()}
    await _says(police, f"{path}/outcome", sent, "found", "")
    body = {
        "outcome": VALID["identify_victim"] | {"result": "not_identified", "grounds": [], "purpose": []},
        "reason": TYPED,
    }
    asked = await _says(police, f"{path}/corrections", body, "asked", GROUND)
    assert TYPED == asked["reason"]
    await _says(lead, f"/corrections/{asked['id']}/decision", {"grant": False, "reason": TYPED}, "refused", GROUND)


async def test_no_table_holds_what_was_said_over_http(sessions: Sessions, said: None) -> None:
    """Words are sealed in their own rows, and in the answers kept for whoever sends again."""
    assert [] == await tables_that_tell(sessions, TYPED, "cần biết")


async def test_no_table_holds_what_a_correction_says(sessions: Sessions, corrected: None) -> None:
    """Neither why, nor the sensitive fields before and after."""
    assert [] == await tables_that_tell(sessions, TYPED, GROUND)
