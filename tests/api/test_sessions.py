"""The same over the JSON interface: a program's officer changes the password and ends sign-ins."""

import httpx

from activities.store.engine import Sessions
from tests.api.conftest import SignIn
from tests.build.officers import PASSWORD, newcomer

NURSE, NEW = "nurse.three", "bốn con trâu trên đồi"


async def test_a_password_is_changed_and_other_sessions_end(sign_in: SignIn, sessions: Sessions) -> None:
    """Old tokens are worth nothing once their owner chose anew; this one goes on."""
    await newcomer(sessions, NURSE, "medical-centre")
    here, there = await sign_in(NURSE), await sign_in(NURSE)
    wrong = await here.put("/me/password", json={"old": "not it", "new": NEW})
    assert (422, "password-wrong") == (wrong.status_code, wrong.json()["problems"][0]["code"])
    weak = await here.put("/me/password", json={"old": PASSWORD, "new": NURSE * 2})
    assert "password-weak" == weak.json()["problems"][0]["code"]
    assert 204 == (await here.put("/me/password", json={"old": PASSWORD, "new": NEW})).status_code
    assert (200, 401) == ((await here.get("/me")).status_code, (await there.get("/me")).status_code)


async def test_sessions_are_listed_and_ended_by_their_owner_alone(sign_in: SignIn) -> None:
    """Each sees their own, none by its token; another's is as unknown as none."""
    here, there, other = [
        await sign_in(name) for name in ("justice-division.officer",) * 2 + ("medical-centre.officer",)
    ]
    rows = (await here.get("/sessions")).json()["items"]
    assert [False, True] == sorted(each["current"] for each in rows)
    (far,) = (each["id"] for each in rows if not each["current"])
    answers = [(await each.delete(f"/sessions/{far}")).status_code for each in (other, here, here)]
    assert [404, 204, 404] == answers
    assert 401 == (await there.get("/me")).status_code
    again = await sign_in("justice-division.officer")
    assert 204 == (await again.delete("/sessions")).status_code
    assert httpx.codes.UNAUTHORIZED == (await here.get("/me")).status_code
