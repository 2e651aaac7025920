"""Who the person is: written by the lead, read by need, every reading logged."""

from base64 import b64decode, b64encode
from contextlib import suppress

from sqlalchemy import ScalarSelect, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.errors import NotFoundError, StaleError
from activities.casework.locks import lock_journey
from activities.casework.news import led_by
from activities.casework.permits import as_seen, demand, of_journey
from activities.domain.states import LIVE
from activities.plan.access import Actor, Verb, scope
from activities.plan.identity import identity_fields
from activities.plan.model import IDENTITY
from activities.security.blind_index import Form, index
from activities.security.columns import WrappedKey, new_data_key, open_sealed, seal, unwrap
from activities.security.errors import IndexValueError
from activities.store.journeys import Journey
from activities.store.persons import Person, PersonIndex
from activities.store.tasks import Task

INDEXED = {"full_name": Form.TEXT, "id_number": Form.NUMBER, "phone": Form.PHONE}


async def write_person(
    session: AsyncSession, office: Office, actor: Actor, journey_id: str, revision: int | None, fields: dict[str, str]
) -> int:
    """Write identity fields under the person's own key; the new revision. `revision` None: the first time."""
    journey = await led_by(session, actor, journey_id, Verb.WRITE_IDENTITY)
    person = await session.get(Person, journey.id, with_for_update=True)
    if (person.revision if person else None) != revision:
        raise StaleError("person-stale", revision=person.revision if person else 0)
    if person is None:
        wrapped = new_data_key(office.keyring)
        person = Person(journey_id=journey.id, key_id=wrapped.key_id, data_key=wrapped.blob, sealed={}, revision=0)
        session.add(person)
    key = unwrap(office.keyring, _wrapped(person))
    changed = {name: b64encode(seal(key, name, journey.id, value)).decode() for name, value in fields.items()}
    person.sealed, person.revision = person.sealed | changed, person.revision + 1
    await _index(session, office, journey, fields)
    journal.write(session, office, journey, "person-written", officer=actor.officer_id, fields=sorted(fields))
    return person.revision


def written(journey_id: str) -> ScalarSelect[int]:
    """The revision of what is written down, which tells nothing of it; nothing where nobody wrote yet."""
    return select(Person.revision).where(Person.journey_id == journey_id).scalar_subquery()


async def read_person(
    session: AsyncSession, office: Office, actor: Actor, journey_id: str, reason: str = ""
) -> tuple[dict[str, str], int]:
    """The fields the caller needs, and the revision; every reading is in the access log."""
    journey = await lock_journey(session, journey_id)
    needed = await _needed(session, office, actor, journey, reason)
    person = await session.get(Person, journey.id)
    if person is None:
        raise NotFoundError("person-unknown")
    key = unwrap(office.keyring, _wrapped(person))
    sealed = {name: person.sealed[name] for name in needed if name in person.sealed}
    await journal.log_access(session, office, journey, actor.officer_id, sorted(sealed), reason)
    return {
        name: open_sealed(key, name, journey.id, b64decode(value)) for name, value in sealed.items()
    }, person.revision


async def _needed(session: AsyncSession, office: Office, actor: Actor, journey: Journey, reason: str) -> list[str]:
    """What the policy lets the caller read of the identity, in the order of the plan."""
    subject = await of_journey(session, journey)
    demand(actor, Verb.READ_IDENTITY, subject, reason=reason)
    plan = await office.shelf.ensure(session, journey.plan_hash)
    watched = scope(actor).watched if reason.strip() else frozenset[str]()
    near = watched or {actor.organisation_id}
    ours = or_(Task.organisation_id.in_(near), Task.answerable_id.in_(near))
    mine = select(Task).where(Task.journey_id == journey.id, ours)
    if (
        not watched
    ):  # whoever has to look into what was done says why; everybody else has a need only while the task is live
        mine = mine.where(Task.state.in_(list(LIVE)))
    live = [as_seen(plan.kind(task.kind), task, actor) for task in await session.scalars(mine)]
    allowed = identity_fields(actor, subject, plan, live, reason=reason)
    return [name for name in IDENTITY if name in allowed]


async def _index(session: AsyncSession, office: Office, journey: Journey, fields: dict[str, str]) -> None:
    """Whoever is written anew is found by what is written now; by a field written empty, or of spaces alone, no more."""
    names = [name for name in INDEXED if name in fields]
    await session.execute(delete(PersonIndex).where(PersonIndex.journey_id == journey.id, PersonIndex.field.in_(names)))
    for name in names:
        with suppress(IndexValueError):
            digest = str(index(office.keyring, name, fields[name], INDEXED[name]))
            session.add(PersonIndex(journey_id=journey.id, field=name, digest=digest))


def _wrapped(person: Person) -> WrappedKey | None:
    return None if person.data_key is None else WrappedKey(person.key_id, person.data_key)
