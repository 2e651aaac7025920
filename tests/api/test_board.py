"""The board over HTTP: every number lists exactly its rows, and Finance is shown a voucher and nobody's name."""

import json
from datetime import timedelta
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.settling import settle
from activities.casework.tasks import claim, give_back, submit
from activities.domain.ids import new_id, task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import LIVE, DecisionKind
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from api.reads.tasks import WAITS
from tests.api.conftest import SignIn
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.casework.test_races import later, opened
from tests.casework.times import opened_kind

KINDS = (
    "meet_essential_needs", "check_information", "check_records", "examine_health", "assess_needs", "record_choice",
    "protect_rights_in_proceedings", "support_socially", "confirm_funds", "counsel_person",
)  # fmt: skip


async def _row(sessions: Sessions, task: str) -> tuple[Task, str]:
    async with sessions() as session:
        rows = select(Task, Organisation.code).join(Organisation, Organisation.id == Task.organisation_id)
        row, code = (await session.execute(rows.where(Task.id == task))).one()
        return row, code


async def _befalls(sessions: Sessions, office: Office, task: str, fate: str) -> None:
    """Something happens to a task."""
    row, code = await _row(sessions, task)
    async with sessions.begin() as session:
        officer, above = await actor(session, f"{code}.officer"), await actor(session, "district.supervisor")
        if fate == "claimed":
            await claim(session, office, officer, task, row.revision)
        elif fate == "returned":
            await give_back(session, office, officer, task, row.revision, "not_ours")
        elif fate == "paused" and row.kind not in ("check_information", "check_records"):
            until = office.now() + timedelta(days=3)
            await decide(session, office, above, task, 1, Decide(kind=DecisionKind.PAUSE, reason="chờ", until=until))
        elif fate == "overdue":
            ask = Ask(journey=row.journey_id, task=task, kind=row.kind)
            await settle(session, later(office, timedelta(days=60)), Wake(ask=ask, held=1, why="expired"))
        elif fate == "undelivered":
            lost = (await session.scalars(select(Notice.id).where(Notice.task_id == task).limit(1))).one()
            told = Delivery(id=new_id("delivery"), notice_id=lost, channel="mail", state="undelivered", reached=[])
            told.next_at = office.now()
            session.add(told)
        elif fate == "done":
            await submit(session, office, officer, task, 1, dict(VALID[row.kind]), office.now())


async def _made(sessions: Sessions, office: Office, seed: int) -> None:
    """Journeys with tasks in every state, drawn by a seed."""
    random = Random(seed)
    fates = ("waiting", "claimed", "returned", "paused", "overdue", "undelivered", "done")
    for _ in range(4):
        journey = (await opened(sessions, office)).journey
        for kind in KINDS:
            if random.random() < 0.8:
                await opened_kind(sessions, office, kind, journey)
                await _befalls(sessions, office, task_id(journey, kind), random.choice(fates))


async def _listed(watcher: httpx.AsyncClient, query: str) -> list[str]:
    """Every row of a query, page by page."""
    found, cursor = list[str](), ""
    while cursor is not None:
        answer = await watcher.get(f"/tasks{query}&limit=7&cursor={cursor}")
        assert 200 == answer.status_code, answer.text
        found, cursor = found + [each["id"] for each in answer.json()["items"]], answer.json()["next"]
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_every_number_of_the_board_lists_exactly_its_rows(
    sign_in: SignIn, sessions: Sessions, office: Office, seed: int
) -> None:
    """For the district, the lead and the head of one agency, whatever happened to their tasks."""
    await _made(sessions, office, seed)
    for username in ("district.supervisor", "labour-division.coordinator", "medical-centre.head"):
        watcher = await sign_in(username)
        board = (await watcher.get("/board")).json()
        names = [each["name"] for each in board["numbers"]]
        parts = [part[name] for part in (*board["agencies"], *board["kinds"]) for name in names]
        weeks = [part["due_this_week"] for part in (board, *board["agencies"], *board["kinds"])]
        ages = [age for part in (board, *board["agencies"], *board["kinds"]) for age in part["profile"]]
        for number in [*board["numbers"], *board["waiting_on"], *parts]:
            assert (number["oldest"] is None) is (number["age"] is None) is (number["count"] == 0), number
        within = [each for each in (*parts, *weeks, *ages) if each["count"]]
        for number in [*board["numbers"], *board["waiting_on"], board["due_this_week"], *board["profile"], *within]:
            rows = await _listed(watcher, number["query"])
            assert (number["count"], number["count"]) == (len(rows), len(set(rows))), number


async def test_every_live_task_waits_on_exactly_one(sign_in: SignIn, sessions: Sessions, office: Office) -> None:
    """Agency, person, court, coordinator, an outside system or nobody: nothing waits unseen, nothing twice."""
    await _made(sessions, office, 7)
    for kind, fate in zip(KINDS, ("returned", "paused", "undelivered"), strict=False):
        ask = await opened_kind(sessions, office, "examine_health" if fate == "paused" else kind)
        await _befalls(sessions, office, ask.task, fate)
    watcher = await sign_in("district.supervisor")
    board = (await watcher.get("/board")).json()
    waits = {each["on"]: await _listed(watcher, each["query"]) for each in board["waiting_on"]}
    async with sessions() as session:
        live = set(await session.scalars(select(Task.id).where(Task.state.in_(list(LIVE)))))
    assert list(WAITS) == list(waits)
    assert all(waits.values()), {on: len(rows) for on, rows in waits.items()}
    assert (live, len(live)) == (set().union(*waits.values()), sum(map(len, waits.values())))


async def test_a_date_that_passed_while_nothing_ran_shows_at_once(
    sign_in: SignIn, sessions: Sessions, office: Office
) -> None:
    """The engine is down and writes no mark: the board says overdue all the same."""
    task = (await opened(sessions, office)).task
    async with sessions.begin() as session:
        (await session.get_one(Task, task)).due_at = office.now() - timedelta(hours=1)
    watcher = await sign_in("district.supervisor")
    assert [task] == await _listed(watcher, "?box=board&state=overdue")


@pytest.fixture
async def asked_for_funds(sessions: Sessions, office: Office) -> tuple[str, str]:
    """A journey home paid without a cost line, and the task that asks Finance for it."""
    ask = await opened_kind(sessions, office, "pay_journey_home")
    async with sessions.begin() as session:
        body = dict(VALID["pay_journey_home"]) | {"cost_line": ""}
        who = await actor(session, "labour-division.officer")
        await submit(session, office, who, ask.task, 1, body, office.now())
    return ask.journey, (await opened_kind(sessions, office, "confirm_funds", ask.journey)).task


async def test_finance_is_shown_the_voucher_and_nobody(
    sign_in: SignIn, sessions: Sessions, office: Office, asked_for_funds: tuple[str, str]
) -> None:
    """Voucher, line and sum; neither the journey's id nor its reference, in the task, in a list or anywhere else."""
    journey, task = asked_for_funds
    async with sessions() as session:
        reference = (await session.get_one(Journey, journey)).reference
    voucher = {"voucher": "PC-0007", "cost_line": "", "amount": 490_000}
    for username in ("finance-division.officer", "finance-division.head"):
        finance = await sign_in(username)
        read: dict[str, Any] = (await finance.get(f"/tasks/{task}")).json()
        assert (voucher if username.endswith("officer") else None) == read["handed_over"]
        texts = [json.dumps(read)] + [
            (await finance.get(path)).text
            for path in (
                "/tasks?box=agency",
                "/tasks?box=upcoming",
                "/tasks?box=board",
                "/notices",
                "/journeys",
                "/board",
            )
        ]
        assert [] == [text for text in texts if journey in text or reference in text]
        assert 404 == (await finance.get(f"/journeys/{journey}")).status_code
    lead = await sign_in("labour-division.coordinator")
    assert voucher == (await lead.get(f"/tasks/{task}")).json()["handed_over"]


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ({"kind": "extend", "budget": "P9999999D"}, "budget-invalid"),
        ({"kind": "extend", "budget": "PT99999999999H"}, "budget-invalid"),
        ({"kind": "extend", "budget": "P9999M"}, "extension-too-long"),
        ({"kind": "pause", "until": "2199-01-01T00:00:00Z"}, "pause-until-invalid"),
        ({"kind": "pause", "until": "2001-01-01T00:00:00Z"}, "pause-until-invalid"),
        ({"kind": "pause", "until": "9999-12-31T23:59:59Z"}, "request-invalid"),
        ({"kind": "reassign", "organisation": "labour-division"}, "organisation-unfit"),
        ({"kind": "reassign", "organisation": "nowhere"}, "organisation-unfit"),
        ({"kind": "reassign", "organisation": "a\x00b"}, "request-invalid"),
        ({"kind": "reassign", "organisation": "medical-centre", "until": "2024-03-06T00:00:00Z"}, "decision-unfit"),
    ],
)
async def test_a_decision_out_of_bounds_is_refused_with_its_code(
    sign_in: SignIn, sessions: Sessions, office: Office, decision: dict[str, str], code: str
) -> None:
    """Never a fault of ours."""
    task = (await opened(sessions, office)).task
    above = await sign_in("district.supervisor")
    headers = {"If-Match": '"1"', "Idempotency-Key": "one"}
    answer = await above.post(f"/tasks/{task}/decisions", json={"reason": "lý do"} | decision, headers=headers)
    assert (422, code) == (answer.status_code, answer.json()["code"])
