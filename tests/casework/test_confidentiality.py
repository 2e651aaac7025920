"""Nobody learns who the person is without need, and every reading leaves a trace that cannot be taken back."""

import json

import pytest
from sqlalchemy import select, text

from activities.casework import answers
from activities.casework.context import Office
from activities.casework.errors import CaseError, ForbiddenError, NotFoundError
from activities.casework.journal import verify_chains, why_read
from activities.casework.persons import read_person, write_person
from activities.casework.settling import settle
from activities.casework.tasks import save_draft, submit
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.store.engine import Sessions
from activities.store.journal import AccessEntry
from activities.store.persons import PersonIndex
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.casework.test_races import opened

COORDINATOR = "labour-division.coordinator"
PERSON = {
    "full_name": "Nguyễn Thị Mẫu",
    "birth_date": "2001-05-09",
    "sex": "female",
    "id_number": "075301000001",
    "address": "Trị An",
    "phone": "0900000001",
}


async def _known(sessions: Sessions, office: Office, *kinds: str) -> str:
    """A journey whose person is written down, with these kinds open."""
    journey = (await opened(sessions, office)).journey
    async with sessions.begin() as session:
        await write_person(session, office, await actor(session, COORDINATOR), journey, None, PERSON)
    for kind in kinds:
        async with sessions.begin() as session:
            await settle(session, office, Wake(ask=Ask(journey=journey, task=task_id(journey, kind), kind=kind)))
    return journey


async def _reads(sessions: Sessions, office: Office, username: str, journey: str, reason: str = "") -> dict[str, str]:
    async with sessions.begin() as session:
        fields, _ = await read_person(session, office, await actor(session, username), journey, reason)
        return fields


@pytest.mark.parametrize(
    ("kind", "username", "fields"),
    [
        ("examine_health", "medical-centre.officer", {"full_name", "birth_date", "sex"}),
        ("accept_at_centre", "social-work-centre.officer", {"birth_date", "sex"}),
        ("inform_of_rights", "justice-division.officer", {"full_name", "phone"}),
        ("confirm_funds", "finance-division.officer", set[str]()),
        ("check_records", "district-police.officer", set(PERSON)),
    ],
)
async def test_an_officer_reads_what_the_kind_of_their_task_needs(
    sessions: Sessions, office: Office, kind: str, username: str, fields: set[str]
) -> None:
    """The doctor needs no identity number, the treasurer needs nobody's name."""
    journey = await _known(sessions, office, kind)
    read = await _reads(sessions, office, username, journey)
    assert {name: PERSON[name] for name in fields} == read


async def test_need_ends_with_the_task(sessions: Sessions, office: Office) -> None:
    """After the answer the agency knows of the journey still, but no longer who the person is."""
    journey = await _known(sessions, office, "examine_health")
    task = task_id(journey, "examine_health")
    async with sessions.begin() as session:
        who = await actor(session, "medical-centre.officer")
        await submit(session, office, who, task, 1, dict(VALID["examine_health"]), office.now())
    with pytest.raises(ForbiddenError, match="no-open-task"):
        await _reads(sessions, office, "medical-centre.officer", journey)


async def test_strangers_and_administrators_read_nothing(sessions: Sessions, office: Office) -> None:
    """For them the journey does not exist, whatever reason they give; and a refusal is no reading."""
    journey = await _known(sessions, office)
    for username in ("administrator", "medical-centre.officer", "policy-bank.officer"):
        with pytest.raises(NotFoundError):
            await _reads(sessions, office, username, journey, "muốn xem")
    async with sessions() as session:
        assert [] == list(await session.scalars(select(AccessEntry)))


async def test_a_supervisor_reads_with_a_reason_and_the_reason_is_kept(sessions: Sessions, office: Office) -> None:
    """Who watches from above says why, and that stays."""
    journey = await _known(sessions, office)
    with pytest.raises(ForbiddenError, match="reason-required"):
        await _reads(sessions, office, "district.supervisor", journey)
    assert PERSON == await _reads(sessions, office, "district.supervisor", journey, "khiếu nại số 4")
    async with sessions() as session:
        entry = (await session.scalars(select(AccessEntry))).one()
    assert ("khiếu nại số 4", sorted(PERSON)) == (why_read(office, entry), entry.fields)
    assert "khiếu nại" not in await _raw(sessions, "access_log")


@pytest.mark.parametrize(
    ("head", "fields"),
    [("health-division.head", {"full_name", "birth_date", "sex"}), ("finance-division.head", set[str]())],
)
async def test_a_head_reads_with_a_reason_what_their_agencys_task_needed_and_no_more(
    sessions: Sessions, office: Office, head: str, fields: set[str]
) -> None:
    """A complaint about an examination needs a name, not the address a person hides at; the treasury never needs a name."""
    journey = await _known(sessions, office, "examine_health", "confirm_funds")
    with pytest.raises(ForbiddenError, match="reason-required"):
        await _reads(sessions, office, head, journey)
    assert {name: PERSON[name] for name in fields} == await _reads(sessions, office, head, journey, "khiếu nại số 5")
    async with sessions.begin() as session:
        who = await actor(session, "medical-centre.officer")
        task = task_id(journey, "examine_health")
        await submit(session, office, who, task, 1, dict(VALID["examine_health"]), office.now())
    assert {name: PERSON[name] for name in fields} == await _reads(sessions, office, head, journey, "khiếu nại số 5")


async def test_every_reading_is_in_a_chain(sessions: Sessions, office: Office) -> None:
    """Two readings make two linked entries; a changed or missing one shows."""
    journey = await _known(sessions, office, "examine_health")
    for username in (COORDINATOR, "medical-centre.officer"):
        await _reads(sessions, office, username, journey)
    async with sessions() as session:
        first, second = await session.scalars(select(AccessEntry).order_by(AccessEntry.seq))
        assert (1, "", 2, first.hash) == (first.seq, first.previous, second.seq, second.previous)
        assert [] == await verify_chains(session)
        await session.execute(text("UPDATE access_log SET reason = 'khác' WHERE seq = 1"))
        session.expire_all()
        assert [f"access/{journey}:1"] == await verify_chains(session)
        await session.rollback()
        await session.execute(text("DELETE FROM access_log WHERE seq = 1"))
        assert [f"access/{journey}:2"] == await verify_chains(session)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE journal SET event = 'nothing' WHERE seq = 2",
        "UPDATE journal SET data = '{}' WHERE seq = 2",
        "UPDATE journal SET officer_id = NULL WHERE seq = 1",
        "UPDATE journal SET at = at + interval '1 day' WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
    ],
)
async def test_a_journal_somebody_changed_is_found_out(sessions: Sessions, office: Office, tampering: str) -> None:
    """What happened to the person cannot be rewritten in silence: not an entry, nor its end."""
    await _known(sessions, office)
    async with sessions() as session:
        assert [] == await verify_chains(session)
        await session.execute(text(tampering))
        session.expire_all()
        assert [] != await verify_chains(session)


async def _raw(sessions: Sessions, table: str) -> str:
    """All rows of a table as the database holds them."""
    async with sessions() as session:
        rows = await session.execute(text(f"SELECT row_to_json(t)::text FROM {table} t"))  # our own table names
        return "\n".join(rows.scalars())


async def test_the_rows_hold_no_identity_in_the_clear(sessions: Sessions, office: Office) -> None:
    """Who steals the database reads no name, number or address: not in the row, its index, the journal or the log."""
    journey = await _known(sessions, office, "examine_health")
    await _reads(sessions, office, COORDINATOR, journey)
    for table in ("person", "person_index", "journal", "access_log", "journey", "outbox", "notice"):
        raw = await _raw(sessions, table)
        assert [] == [value for value in PERSON.values() if value != "female" and value in raw], table


async def test_sensitive_answers_are_sealed_and_open_for_whom_the_plan_names(
    sessions: Sessions, office: Office
) -> None:
    """What was done to the person is not in the row; the police read it by need, the doctor does not."""
    journey = await _known(sessions, office, "identify_victim")
    task = task_id(journey, "identify_victim")
    async with sessions.begin() as session:
        who = await actor(session, "district-police.officer")
        await save_draft(session, office, who, task, 1, {"note": "bị ép lao động"})
    assert "lao động" not in await _raw(sessions, "task")
    async with sessions.begin() as session:
        who = await actor(session, "district-police.officer")
        await submit(session, office, who, task, 1, dict(VALID["identify_victim"]), office.now())
    assert "labour" not in await _raw(sessions, "statistics_fact")
    plan = office.shelf.current[0]
    async with sessions() as session:
        row = await session.get_one(Task, task)
    assert row.outcome is not None
    assert not {"grounds", "purpose"} & set(row.outcome)
    assert "labour" not in json.dumps(row.outcome) + " ".join(row.flags) + row.code
    police, doctor = (answers.read(office, row, plan.kind(kind)) for kind in ("identify_victim", "examine_health"))
    assert ["labour"] == (police or {})["purpose"]
    assert row.outcome == doctor == answers.read(office, row, None)


async def test_a_bad_answer_is_told_by_field_never_by_value(sessions: Sessions, office: Office) -> None:
    """An error goes to logs and screens: it names the field and the rule, not what was typed."""
    with pytest.raises(CaseError) as refused:
        answers.checked(office, "identify_victim", VALID["identify_victim"] | {"purpose": ["bí mật"]})
    problems = getattr(refused.value, "problems", ())
    assert {"purpose"} <= {problem.loc[0] for problem in problems}
    assert "bí mật" not in repr(problems) + str(refused.value)


@pytest.mark.parametrize("emptied", ["", " ", "\u0085\u2028"])
async def test_a_name_taken_back_finds_the_person_no_more(sessions: Sessions, office: Office, emptied: str) -> None:
    """It was somebody else's: written empty, or of spaces alone, it leads nobody to this journey; the number still does."""
    journey = await _known(sessions, office)
    async with sessions.begin() as session:
        await write_person(session, office, await actor(session, COORDINATOR), journey, 1, {"full_name": emptied})
    async with sessions() as session:
        kept = select(PersonIndex.field).where(PersonIndex.journey_id == journey)
        assert {"id_number", "phone"} == set(await session.scalars(kept))
