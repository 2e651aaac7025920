"""The person: who they are, what they agreed to, what they want."""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.consents import record_consent
from activities.casework.context import Office
from activities.casework.persons import read_person, write_person
from activities.casework.wishes import record_wish
from activities.plan.access import Actor
from activities.store.persons import Person
from activities.store.tasks import Task
from tests.chaos.doings import Do

NAMED = {"full_name": "Nguyễn Thị Thử", "birth_date": "1998-01-02", "phone": "0900000000"}


async def _names(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    known = await session.get(Person, task.journey_id)
    await write_person(session, office, who, task.journey_id, known.revision if known else None, NAMED)


DOINGS: dict[str, Do] = {
    "names the person": _names,
    "asks who it is": lambda s, o, w, t: read_person(s, o, w, t.journey_id),
    "looks who it was": lambda s, o, w, t: read_person(s, o, w, t.journey_id, "có đơn khiếu nại"),
    "records a consent": lambda s, o, w, t: record_consent(s, o, w, t.journey_id, "khám", ["medical-centre"], None, "vi"),
    "records a choice": lambda s, o, w, t: record_wish(s, o, w, t.journey_id, "choice", "home", ["cannot_pay"]),
    "wants home": lambda s, o, w, t: record_wish(s, o, w, t.journey_id, "home"),
    "refuses a service": lambda s, o, w, t: record_wish(s, o, w, t.journey_id, "refuse_service", t.kind),
    "withdraws": lambda s, o, w, t: record_wish(s, o, w, t.journey_id, "withdraw"),
}  # fmt: skip
BY = dict.fromkeys(DOINGS, "lead") | {"asks who it is": "officer", "looks who it was": ""}
