"""Handing down, asking and reminding over HTTP, as the people at work meet them."""

from datetime import timedelta

import httpx
from sqlalchemy import select

from activities.casework.context import Office
from activities.store.delegations import Delegation
from activities.store.engine import Sessions
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.outcomes import VALID

__all__ = ["reported"]
CREATED, OK, CONFLICT = httpx.codes.CREATED, httpx.codes.OK, httpx.codes.CONFLICT


async def test_a_task_is_handed_down_and_found_below(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """The school finds it in its inbox, the division in what it handed down, and both see the chain."""
    task = await opened(sessions, office, reported, "enrol_in_school")
    division, school = await sign_in("education-division.officer"), await sign_in("school-one.officer")
    tag = (await division.get(f"/tasks/{task}")).headers["ETag"]
    body = {"organisation": "school-one", "reason": "học sinh của trường"}
    given = await division.post(f"/tasks/{task}/delegate", json=body, headers={"If-Match": tag, "Idempotency-Key": "d"})
    again = await division.post(f"/tasks/{task}/delegate", json=body, headers={"If-Match": tag, "Idempotency-Key": "d"})
    assert (OK, given.json()) == (given.status_code, again.json())
    below = (await school.get("/tasks", params={"box": "agency"})).json()["items"]
    above = (await division.get("/tasks", params={"box": "handed_down"})).json()["items"]
    assert [task] == [row["id"] for row in below] == [row["id"] for row in above]
    read = await school.get(f"/tasks/{task}")
    assert [("education-division", "school-one")] == [
        (link["above"]["code"], link["to"]) for link in read.json()["chain"]
    ]
    back = await division.post(
        f"/tasks/{task}/recall", json={"reason": "em đổi trường"}, headers={"If-Match": read.headers["ETag"]}
    )
    assert OK == back.status_code, back.text
    assert ["em đổi trường"] == [
        link["ended_reason"] for link in (await division.get(f"/tasks/{task}")).json()["chain"]
    ]
    assert httpx.codes.NOT_FOUND == (await school.get(f"/tasks/{task}")).status_code


async def test_what_the_school_wrote_when_it_gave_the_task_back_reaches_its_division(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Why, and the note beside it: for the division, which now does it; no table shows the words."""
    task = await opened(sessions, office, reported, "enrol_in_school")
    division, school = await sign_in("education-division.officer"), await sign_in("school-one.officer")
    body = {"organisation": "school-one", "reason": "học sinh của trường"}
    await division.post(f"/tasks/{task}/delegate", json=body, headers={"If-Match": '"1"', "Idempotency-Key": "d"})
    why = {"reason": "missing_facts", "note": "gia đình chưa nộp giấy khai sinh"}
    back = await school.post(f"/tasks/{task}/return", json=why, headers={"If-Match": '"2"', "Idempotency-Key": "r"})
    assert OK == back.status_code, back.text
    link = (await division.get(f"/tasks/{task}")).json()["chain"][0]
    assert ("given-back-missing_facts", *why.values()) == (
        link["ended_reason"], link["return_reason"], link["return_note"],
    )  # fmt: skip
    async with sessions() as session:
        kept = (await session.scalars(select(Delegation.ended_reason))).one()
    assert kept.startswith("given-back-missing_facts: sealed:")
    assert "khai sinh" not in kept


async def test_a_request_waits_where_its_decider_looks(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """It is in the head's list and the agency's own, until it is decided; its words are for these alone."""
    task = await opened(sessions, office, reported, "examine_health")
    officer, head = await sign_in("medical-centre.officer"), await sign_in("medical-centre.head")
    tag = (await officer.get(f"/tasks/{task}")).headers["ETag"]
    body = {"kind": "extend", "budget": "P3WD", "reason": "máy chụp hỏng"}
    asked = await officer.post(f"/tasks/{task}/requests", json=body, headers={"If-Match": tag, "Idempotency-Key": "r"})
    assert CREATED == asked.status_code, asked.text
    waits = (await head.get("/requests")).json()["items"]
    assert ["máy chụp hỏng"] == [row["reason"] for row in waits]
    assert 1 == len((await officer.get("/requests", params={"box": "asked"})).json()["items"])
    assert [] == (await (await sign_in("policy-bank.head")).get("/requests")).json()["items"]
    path = f"/requests/{asked.json()['id']}/decision"
    granted = await head.post(path, json={"grant": True}, headers={"Idempotency-Key": "g"})
    late = await head.post(path, json={"grant": False, "reason": "x"}, headers={"Idempotency-Key": "h"})
    assert (OK, "granted", CONFLICT) == (granted.status_code, granted.json()["state"], late.status_code)
    assert [] == (await head.get("/requests")).json()["items"]
    shown = (await officer.get(f"/tasks/{task}")).json()
    assert (["granted"], ["P3WD"]) == (
        [each["state"] for each in shown["requests"]], [each["budget"] for each in shown["why_due"]["extensions"]],
    )  # fmt: skip


async def test_a_reminder_is_seen_by_those_who_watch(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """What was promised is for who watches; the row is not in the list to look at again before its day."""
    task = await opened(sessions, office, reported, "examine_health")
    head = await sign_in("health-division.head")
    day = (office.today() + timedelta(days=2)).isoformat()
    body = {"whom": "giám đốc", "promised": "thứ Sáu", "look_again_on": day}
    made = await head.post(f"/tasks/{task}/reminders", json=body, headers={"Idempotency-Key": "m"})
    assert (CREATED, "thứ Sáu") == (made.status_code, made.json()["promised"])
    assert ["giám đốc"] == [each["whom"] for each in (await head.get(f"/tasks/{task}")).json()["reminders"]]
    assert "reminders" not in (await (await sign_in("medical-centre.officer")).get(f"/tasks/{task}")).json()
    assert [] == (await head.get("/tasks", params={"box": "look_again"})).json()["items"]


async def test_a_correction_is_seen_before_it_is_agreed_to(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Labour corrects the needs: the effect is shown, the district agrees to it, then another coordinator would have to."""
    task = await opened(sessions, office, reported, "assess_needs")
    labour, district = await sign_in("labour-division.officer"), await sign_in("district.supervisor")
    coordinator = await sign_in("labour-division.coordinator")
    now = office.now().isoformat()
    sent = {"outcome": VALID["assess_needs"], "happened_at": now}
    tag = (await labour.get(f"/tasks/{task}")).headers["ETag"]
    await labour.post(f"/tasks/{task}/outcome", json=sent, headers={"If-Match": tag, "Idempotency-Key": "o"})
    body = {"outcome": VALID["assess_needs"] | {"needs": ["job"]}, "reason": "nhầm"}
    shown = await labour.post(f"/tasks/{task}/corrections/preview", json=body)
    made = await labour.post(f"/tasks/{task}/corrections", json=body, headers={"Idempotency-Key": "c"})
    assert (OK, True, CREATED) == (shown.status_code, shown.json()["needs_decision"], made.status_code), made.text
    path = f"/corrections/{made.json()['id']}"
    assert ["old", "new"] == [side for side in ("old", "new") if side in made.json()]
    seen = (await district.get(path)).json()
    assert "old" not in seen
    waiting = [(await each.get("/corrections")).json()["items"] for each in (coordinator, district, labour)]
    assert [1, 1, 0] == [len(each) for each in waiting]
    for index, who in enumerate((coordinator, district)):
        agreed = await who.post(
            f"{path}/decision", json={"grant": True, "effect": seen["digest"]}, headers={"Idempotency-Key": f"a{index}"}
        )
        assert OK == agreed.status_code, agreed.text
    assert "applied" == agreed.json()["state"]
    assert ["job"] == (await labour.get(f"/tasks/{task}")).json()["outcome"]["needs"]
