"""What holds at every address, not only at the one somebody thought of: no form without its seal, nothing told of what is another's."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import httpx
import pytest
from sqlalchemy import select

from activities.casework.absences import record_absence
from activities.casework.context import Office
from activities.casework.corrections import Corrected, correct
from activities.casework.requests import Asked, ask
from activities.casework.tasks import claim
from activities.domain.states import Role
from activities.store.engine import Sessions
from activities.store.notices import Notice
from api.pages.site import routes
from api.pages.wording import Wording
from tests.build.files import pdf
from tests.build.officers import actor, newcomer
from tests.build.outcomes import VALID
from tests.build.pages import form, text
from tests.pages.conftest import Visit
from tests.pages.standing import DOCTOR, LABOUR, Opens, answer, opens, reported
from tests.pages.test_importing import SOUND, looked
from tests.pages.test_starting import begun
from tests.pages.test_task_files import attach, links
from workflows.foresight import foresee

__all__ = ["opens", "reported"]
BANK, COORDINATOR = "policy-bank", "lan.bank"
REFUSED = (httpx.codes.BAD_REQUEST, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND, httpx.codes.UNPROCESSABLE_ENTITY)
KNOWN_TO_ALL = re.compile(  # offices, officers, days and plans; a file of the site is no secret
    "/administration/|/static/|/contacts/|/guide/|/board/agencies/|/handover/"
)
SEALED_ELSE = {
    "/sign-in", "/invitation",  # by whoever is not signed in
    "/language",  # changes how one reads, and nothing else
    "/tasks/{task_id}/attachments",  # asks for the task before it reads any of the file: told in tests/pages/test_task_files.py
}  # fmt: skip
GAP = re.compile(r"\{[^}]+\}")


@pytest.mark.parametrize("seal", ["", "of another"])
async def test_every_form_there_is_is_refused_without_its_own_seal(visit: Visit, seal: str) -> None:
    """A page somewhere else cannot do anything at all in an officer's name; and it is the seal that is missed, not the right."""
    asked = [route for route in routes("POST") if route.path not in SEALED_ELSE]
    assert len(asked) > 60
    officer, other = await visit(DOCTOR), await visit(LABOUR)
    sent = {"csrf": form((await other.get("/guide")).text, "/sign-out")["csrf"]} if seal else {}
    done = list[str]()
    for route in asked:
        got = await officer.post(GAP.sub("none", route.path), data=sent)
        if (got.status_code, _unsealed() in text(got.text)) != (httpx.codes.FORBIDDEN, True):
            done.append(f"{got.status_code} {route.path}")
    assert [] == done


def _unsealed() -> str:
    return Wording("vi").gettext("form-not-yours")


@pytest.fixture
async def there(visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str) -> dict[str, str]:
    """Ids of what is there and is no business of the bank: of a task, its file and all that hangs on it, a notice, drafts."""
    doctor, task = await visit(DOCTOR), await opens("examine_health")
    await newcomer(sessions, "medical-centre.second", "medical-centre")
    given = await attach(doctor, task, ("giấy hẹn.pdf", pdf()))
    chosen, asked = await opens("record_choice"), await opens("counsel_person")
    await answer(sessions, office, chosen, LABOUR, VALID["record_choice"])
    async with sessions.begin() as session:
        asks = Corrected(outcome={"choice": "centre"}, reason="nghe nhầm")
        wrong = await correct(session, office, await actor(session, LABOUR), chosen, asks, foresee)
        own, today = await actor(session, DOCTOR), office.today()
        await claim(session, office, own, asked, 1)
        wanted = await ask(session, office, own, asked, 1, Asked(kind="extend", reason="máy hỏng", budget="P3WD"))
        away = await record_absence(session, office, own, "", today + timedelta(days=3), today + timedelta(days=4))
        notice = (await session.scalars(select(Notice.id).where(Notice.task_id == task))).first()
    found = {"task_id": task, "journey_id": reported, "attachment_id": links(given.text, task)[0].rpartition("/")[2]}
    found |= {"request_id": wanted.id, "correction_id": wrong.id, "absence_id": away.id, "notice_id": str(notice)}
    found["start"] = (await begun(visit))[1].rpartition("/")[2]
    found["import"] = (await looked(visit, SOUND))[1].url.path.rpartition("/")[2]
    return found


def addresses(method: str) -> Iterator[str]:
    """Of everything that belongs to a journey, an agency or one officer, as `str.format` takes them."""
    for route in routes(method):
        path = route.path.replace("{draft_id}", "{start}" if "/start/" in route.path else "{import}")
        path = path.replace("{act}", "extend").replace("{verb}", "extend").replace("{kind}", "check_information")
        if GAP.search(path) and not KNOWN_TO_ALL.match(path):
            yield path


@pytest.mark.parametrize(("method", "many"), [("GET", 17), ("POST", 40)])
@pytest.mark.parametrize("username", [f"{BANK}.officer", f"{BANK}.head", COORDINATOR])
async def test_what_is_anothers_and_what_is_not_there_look_the_same_at_every_address(
    visit: Visit, sessions: Sessions, there: dict[str, str], method: str, many: int, username: str
) -> None:
    """The same page to the letter: nobody learns by trying which tasks, files, requests or drafts there are."""
    await newcomer(sessions, COORDINATOR, BANK, Role.COORDINATOR, Role.OFFICER)
    who, told, unknown = await visit(username), list[str](), 0
    seal = form((await who.get("/guide")).text, "/sign-out")["csrf"]
    nobody = {name: re.sub(r"[0-9a-f]{4}$", "0000", value) for name, value in there.items()}
    paths = list(addresses(method))
    assert len(paths) >= many
    for path, revision in product(paths, ("", "1") if method == "POST" else ("",)):
        sent = {"csrf": seal, "revision": revision, "reason": "x", "grant": "yes", "step": "preview"}
        first, second = [await told_at(who, method, path, values, sent) for values in (there, nobody)]
        unknown += first[0] == httpx.codes.NOT_FOUND
        if first != second or first[0] not in REFUSED:
            told.append(f"{path} {revision}: {first} where it is another's, {second} where there is none")
    assert not told, "\n".join(told)
    assert unknown >= many / 2, "most are refused for another reason than that there is nothing"


async def told_at(
    who: httpx.AsyncClient, method: str, path: str, values: dict[str, str], sent: dict[str, str]
) -> tuple[int, str]:
    """What somebody reads at an address, without what they wrote into it themselves."""
    file = {"file": ("a.pdf", pdf())} if path.endswith("/attachments") else None
    got = await who.request(method, path.format(**values), data=sent if method == "POST" else None, files=file)
    read = text(got.text)
    for value in values.values():
        read = read.replace(value, "*")
    return got.status_code, read
