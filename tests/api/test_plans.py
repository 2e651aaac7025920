"""A lawyer finds an article: the rule is set in a new version, which journeys that start from now follow."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from activities.casework.context import Office, open_office
from activities.casework.editions import attend
from activities.casework.journeys import Report, report_person
from activities.plan.load import body_hash
from activities.security.keyring import Keyring
from activities.settings import Settings
from activities.store.administration import AdministrationEntry
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.plans import PlanVersion
from api.app import create_app
from tests.build.officers import PASSWORD, actor

PATH = "kinds.approve_support.clock"
SET = {"path": PATH, "budget": "P7WD", "cites": "Thông tư 35/2013/TT-BLĐTBXH, Điều 9"}


@pytest.fixture
async def fresh(office: Office, sessions: Sessions, keyring: Keyring) -> Office:
    """An office of a process of its own: what it learns of plans stays its own."""
    return replace(await open_office(sessions, keyring), clock=office.clock)


@pytest.fixture
async def keeper(settings: Settings, fresh: Office, sessions: Sessions) -> AsyncIterator[httpx.AsyncClient]:
    """The administrator at it."""
    app = httpx.ASGITransport(create_app(settings, fresh, sessions))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test/api/v1") as client:
        given = {"username": "administrator", "password": PASSWORD}
        token = (await client.post("/sessions", json=given)).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


async def current(keeper: httpx.AsyncClient) -> dict[str, Any]:
    """The version of the 2024 plan in use."""
    items = (await keeper.get("/plans")).json()["items"]
    found: dict[str, Any] = next(each for each in items if each["current"] and each["code"] == "plan-2024")
    return found


async def set_(keeper: httpx.AsyncClient, hash_: str, **more: Any) -> httpx.Response:
    return await keeper.post(f"/plans/{hash_}/unknowns", json=SET | more, headers={"Idempotency-Key": f"{hash_}{more}"})


async def reported(sessions: Sessions, office: Office) -> Journey:
    """Somebody comes, to whatever process."""
    async with sessions.begin() as session:
        now = await attend(session, office)
        who = await actor(session, "commune-tri-an.officer")
        report = Report(commune="tri-an", happened_at=now.now(), way_of_return="rescued")
        return await report_person(session, now, who, report)


async def test_one_plan_is_in_force_and_those_of_other_years_are_not(keeper: httpx.AsyncClient) -> None:
    """In March 2024 nobody reads that the framework of 2025 is in use."""
    items = (await keeper.get("/plans")).json()["items"]
    assert ["plan-2024"] == [each["code"] for each in items if each["in_force"]]
    assert len([each for each in items if each["current"]]) > 1


async def test_a_rule_is_set_for_journeys_that_start_from_now(
    keeper: httpx.AsyncClient, sessions: Sessions, fresh: Office, keyring: Keyring
) -> None:
    """The running journey keeps its plan; another process starts the next one under the new version; the log says why."""
    elsewhere = replace(await open_office(sessions, keyring), clock=fresh.clock)
    old, running = await current(keeper), await reported(sessions, elsewhere)
    made = await set_(keeper, old["hash"])
    assert (201, True, False) == (made.status_code, PATH in old["unknown"], PATH in made.json()["unknown"]), made.text
    new = await current(keeper)
    assert (made.json()["hash"], [SET]) == (new["hash"], new["edits"])
    later = await reported(sessions, elsewhere)
    assert (old["hash"], new["hash"]) == (running.plan_hash, later.plan_hash)
    async with sessions() as session:
        plan = await elsewhere.shelf.ensure(session, later.plan_hash)
        entry = (await session.scalars(select(AdministrationEntry))).one()
    clock = plan.kind("approve_support").clock
    assert ("P7WD", SET["cites"]) == (str(clock.budget), clock.source.cites)
    assert ("plan-rule-set", PATH, old["hash"]) == (entry.act, entry.subject, entry.data["was"])


async def test_what_cannot_be_set_changes_nothing(keeper: httpx.AsyncClient) -> None:
    """A rule that is known, a length nobody can read, no article, a version gone by, a stranger's hash."""
    hash_ = (await current(keeper))["hash"]
    tried: list[tuple[str, dict[str, Any], int, str]] = [
        (hash_, {"path": "kinds.check_information.clock"}, 409, "rule-not-unknown"),
        (hash_, {"budget": "P0WD"}, 422, "budget-invalid"), (hash_, {"cites": " "}, 422, "plan-unusable"),
        (hash_, {"path": "kinds.pay_schooling.eligibility.papers_source"}, 422, "plan-unusable"),
        ("0" * 64, {}, 404, "plan-unknown"),
    ]  # fmt: skip
    for version, more, status, code in tried:
        answer = await set_(keeper, version, **more)
        assert (status, code) == (answer.status_code, answer.json()["code"]), more
    assert 201 == (await set_(keeper, hash_)).status_code
    gone = await set_(keeper, hash_, path="kinds.pay_schooling.eligibility.papers_source", budget="")
    assert (409, "plan-superseded") == (gone.status_code, gone.json()["code"])


async def test_a_new_release_keeps_what_was_set(
    keeper: httpx.AsyncClient, sessions: Sessions, keyring: Keyring
) -> None:
    """The next release's text is another one; what an administrator set is set in it again."""
    old = await current(keeper)
    new = (await set_(keeper, old["hash"])).json()["hash"]
    async with sessions.begin() as session:  # as if the version had been set in an earlier release's text
        await session.execute(
            update(PlanVersion).where(PlanVersion.hash == new).values(base=body_hash("earlier"), hash="a")
        )
    office = await open_office(sessions, keyring)
    plan = office.shelf.current[0]
    assert (new, SET["cites"]) == (plan.hash, plan.kind("approve_support").clock.source.cites)


async def test_a_plan_is_read_whole_by_code_or_hash(keeper: httpx.AsyncClient) -> None:
    """Stages, kinds in order, clocks with sources, roles, and what nobody knows."""
    hash_ = (await current(keeper))["hash"]
    by_code, by_hash = await keeper.get("/plans/plan-2024"), await keeper.get(f"/plans/{hash_}")
    assert (200, by_code.json()) == (by_hash.status_code, by_hash.json())
    whole = by_code.json()
    assert ("receive_person", 41, 8) == (whole["kinds"][0]["code"], len(whole["kinds"]), len(whole["stages"]))
    assert {"budget": "P3D", "starts": "receive_person"}.items() <= whole["kinds"][3]["clock"].items()
    assert PATH in whole["unknown"]
    assert 404 == (await keeper.get("/plans/plan-1999")).status_code
