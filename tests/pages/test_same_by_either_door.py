"""What is entered on a page and what a program sends comes to the same rows: every field has its place in the form, and no rule is written twice."""

import ast
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import inspect, select

from activities.casework.context import Office
from activities.casework.journeys import Report, Start
from activities.plan.calendar import TIME_ZONE
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.tasks import Task
from tests.build.pages import Page, form
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR
from tests.pages.test_starting import PAPER, begun
from tests.pages.test_starting import send as step

OWN = {"id", "reference", "opened_at", "chain_hash"}  # of each journey, whatever it was opened with
PAGES = Path(__file__).parents[2] / "api"
OF_NO_CASE = {"Officer", "Organisation", "RoleHolder", "SignIn"}  # who asks, and whom there is to choose from


async def _rows(sessions: Sessions) -> list[dict[str, Any]]:
    """All journeys, with the tasks of each and what was answered."""
    async with sessions() as session:
        found = list[dict[str, Any]]()
        for row in await session.scalars(select(Journey).order_by(Journey.opened_at)):
            columns = inspect(Journey).mapper.column_attrs
            own = {each.key: getattr(row, each.key) for each in columns if each.key not in OWN}
            tasks = await session.execute(
                select(Task.kind, Task.state, Task.code, Task.flags, Task.on_behalf_of).where(Task.journey_id == row.id)
            )
            found.append(own | {"tasks": sorted(map(str, tasks))})
        return found


async def _sent(who: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    bearer = {"Authorization": f"Bearer {who.cookies['homeward']}", "Idempotency-Key": path}
    answer = await who.post(f"/api/v1{path}", json=body, headers=bearer)
    assert httpx.codes.CREATED == answer.status_code, answer.text


def _controls(html: str, action: str) -> set[str]:
    names = {name for name, _ in Page(html).forms[action]}
    return names | {part.partition('"')[0] for part in html.split(' name="')[1:]}


async def test_a_report_on_the_page_is_the_report_of_a_program(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """One screen has all of it: a child, a foreigner, a danger, the language, how and when they came."""
    commune, came = await visit("commune-tri-an.officer"), office.now().replace(second=0, microsecond=0)
    page = (await commune.get("/report")).text
    typed = set(Report.model_fields) - {"happened_at"} | {"happened_day", "happened_hour"}
    assert typed <= _controls(page, "/report")
    local = came.astimezone(TIME_ZONE)
    same = {"commune": "tri-an", "way_of_return": "rescued", "language": "km"}
    ticked = dict.fromkeys(("child", "foreigner", "danger"), "yes")
    moment = {"happened_day": f"{local:%d/%m/%Y}", "happened_hour": f"{local:%H:%M}"}
    sent = await commune.post("/report", data=form(page, "/report") | same | ticked | moment)
    assert "Hồ sơ đã mở" in Page(sent.text).text
    await _sent(commune, "/reports", same | dict.fromkeys(ticked, True) | {"happened_at": came.isoformat()})
    by_page, by_program = await _rows(sessions)
    assert by_page == by_program
    assert (True, True, "km", True) == (
        *(by_page[each] for each in ("child", "foreigner", "language")),
        "danger" in str(by_page["tasks"]),
    )


async def test_a_start_step_by_step_is_the_start_of_a_program(visit: Visit, sessions: Sessions, office: Office) -> None:
    """Residence, declaration, wish, the household's paper, what was done before: each step keeps its part, and all of it arrives."""
    seat, at = await begun(visit)
    pages = [(await seat.get(f"{at}/{each}")).text for each in ("came", "wishes", "done")]
    there = {
        name
        for page, each in zip(pages, ("came", "wishes", "done"), strict=True)
        for name in _controls(page, f"{at}/{each}")
    }
    typed = set(Start.model_fields) - {"happened_at", "already_done"} | {"happened_day", "happened_hour", "kind"}
    assert typed <= there, typed - there
    same = {"commune": "tri-an", "residence_commune": "vinh-an", "way_of_return": "self_returned", "language": "lo"}
    ticked = dict.fromkeys(("foreigner", "danger", "declaration"), "yes")
    moment = {"happened_day": "04/03/2024", "happened_hour": "06:00"}
    await step(seat, f"{at}/person", {})
    await step(seat, f"{at}/came", same | ticked | moment | {"papers": "poor_household"})
    await step(seat, f"{at}/wishes", {"wish": "home"})
    await step(seat, f"{at}/done", {"kind": "check_information"}, "enter")
    await step(seat, f"{at}/done/check_information", PAPER)
    last = await step(seat, f"{at}/done", {})
    slip = await seat.post(f"{at}/open", data=form(last.text, f"{at}/open"))
    assert slip.url.path.endswith("/receipt"), Page(slip.text).text
    done = {
        "kind": "check_information", "happened_at": "2024-03-04T00:00:00Z", "outcome": {"result": "identify"},
        "document": {"number": "12/BC", "date": "2024-03-04", "signer": "Trần Văn Ký"},
    }  # fmt: skip
    body = same | dict.fromkeys(ticked, True) | {"happened_at": "2024-03-03T23:00:00Z", "wish": "home"}
    await _sent(await visit(COORDINATOR), "/journeys", body | {"papers": ["poor_household"], "already_done": [done]})
    by_page, by_program = await _rows(sessions)
    assert by_page == by_program
    given = tuple(by_page[each] for each in ("foreigner", "wish", "papers"))
    assert (True, "home", ["poor_household"], True) == (*given, "danger" in str(by_page["tasks"]))


def test_neither_door_asks_the_tables_of_a_case_itself() -> None:
    """Pages and programs are answered out of the same reads: a question about tasks, journeys or persons stands there, once."""
    asked = [
        (f"{path.relative_to(PAGES)}:{call.lineno}", {ast.unparse(each).partition(".")[0] for each in call.args})
        for room in ("pages", "rest")
        for path in (PAGES / room).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"select", "update", "delete", "insert"}
    ]
    assert len(asked) > 3, "where no question stands there any more, this proves nothing"
    assert [] == [(where, tables) for where, tables in asked if not tables <= OF_NO_CASE]
