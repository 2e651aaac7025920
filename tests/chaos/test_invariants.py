"""What a rehearsal says must hold can fail: each invariant is broken once, and it alone says so."""

from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.client import Client

from activities.casework.context import Office
from activities.casework.spreading import spread
from activities.security.codec import SealingCodec
from activities.security.keyring import Keyring
from activities.store.engine import Sessions
from deploy.rehearsal.invariants import Evidence, all_invariants
from tests.build.agencies import until_closed
from tests.build.outcomes import BRANCHES, VALID
from tests.journeys.running import Running
from tests.journeys.test_whole_journeys import begin

SECRET = "Nguyễn Thị Thử Giả-Lập-01"
QUICK = {
    "assess_needs": VALID["assess_needs"] | {"needs": []},
    "check_information": BRANCHES["check_information"]["proven"],
}
ONE_TASK = "WHERE id = (SELECT min(id) FROM task WHERE state = 'done' AND NOT late AND overdue_at IS NULL)"
APART, ENDED = (
    "no open row without a pending activity, no activity without its row",
    "every journey came to its end, its story too",
)
UNWATCHED = """INSERT INTO correction
    (id, task_id, journey_id, state, objection, sealed, fields, effect, digest, by_id, organisation_id, at, due_at)
    SELECT 'correction-unwatched', id, journey_id, 'proposed', true, '', '{}', '{}', '', '', organisation_id, opened_at, due_at
    FROM task LIMIT 1"""
BROKEN = {  # invariant -> what breaks it, and what mends it
    "every task answered at most once": (f"UPDATE task SET answers = 2 {ONE_TASK}", f"UPDATE task SET answers = 1 {ONE_TASK}"),
    "every overdue marked exactly once": (
        f"UPDATE task SET overdue_marks = 1 {ONE_TASK}", f"UPDATE task SET overdue_marks = 0 {ONE_TASK}",
    ),
    "late is what was answered after its date, and marked": (
        "UPDATE task SET late = true, return_reason = 'x' " + ONE_TASK,
        "UPDATE task SET late = false, return_reason = '' WHERE return_reason = 'x'",
    ),
    "every rung fired and delivered, or lapsed, or still owed by an open task": (
        "UPDATE rung SET lapsed_at = NULL, code = code || '!' WHERE id = (SELECT min(id) FROM rung WHERE fired_at IS NULL)",
        "UPDATE rung SET lapsed_at = owed_at, code = rtrim(code, '!') WHERE code LIKE '%!'",
    ),
    "every command reached Temporal, every notice its reader": (
        "UPDATE outbox SET state = 'poison' WHERE id = 1", "UPDATE outbox SET state = 'done' WHERE id = 1",
    ),
    "journal chains whole": (
        "UPDATE journal SET event = event || '!' WHERE seq = 3", "UPDATE journal SET event = rtrim(event, '!')",
    ),
    "nothing personal in the open in any row": (
        f"UPDATE outbox SET error = '{SECRET}' WHERE id = 1", "UPDATE outbox SET error = '' WHERE id = 1",
    ),
    ENDED: ("UPDATE journey SET state = 'ending'", "UPDATE journey SET state = 'closed'"),
    APART: (UNWATCHED, "DELETE FROM correction WHERE id = 'correction-unwatched'"),
}  # fmt: skip


async def failing(evidence: Evidence) -> set[str]:
    """The invariants that do not hold."""
    return {each.name for each in await all_invariants(evidence) if not each.holds}


async def test_each_invariant_fails_where_it_is_broken_and_only_there(
    running: Running, sessions: Sessions, office: Office, keyring: Keyring, tmp_path: Path
) -> None:
    """A check that cannot fail would be a promise nobody keeps."""
    await until_closed(sessions, office, await begin(sessions, office), QUICK)
    await running.client.get_workflow_handle(await only_journey(sessions)).result()
    async with sessions.begin() as session:
        await spread(session, office, [])  # no notifier runs here
        await session.execute(text("UPDATE outbox SET state = 'done', created_at = created_at - interval '1 hour'"))
    codec = SealingCodec(keyring, running.settings.temporal.namespace)
    evidence = Evidence(sessions, running.client, codec, tmp_path, (SECRET,))
    assert set() == await failing(evidence)
    for name, (break_, mend) in BROKEN.items():
        async with sessions.begin() as session:
            await session.execute(text(break_))
        found = await failing(evidence)
        async with sessions.begin() as session:
            await session.execute(text(mend))
        assert name in found, f"{name} did not notice"
        assert found == {name} | ({APART} if name == ENDED else set()), name
    assert set() == await failing(evidence)
    (tmp_path / "api.log").write_text(f'{{"event": "{SECRET}"}}\n')
    assert {"nothing personal in the logs"} == await failing(evidence)
    (tmp_path / "api.log").unlink()
    await leak(running)
    assert {"nothing personal in Temporal", APART, ENDED} == await failing(evidence)


async def leak(running: Running) -> None:
    """Somebody's own script starts a story in the open, under a person's name."""
    client = await Client.connect(running.client.service_client.config.target_host, namespace=running.client.namespace)
    await client.start_workflow("Unknown", SECRET, id="somebody", task_queue="nowhere")


async def only_journey(sessions: Sessions) -> str:
    """The journey's id."""
    async with sessions() as session:
        return str(await session.scalar(text("SELECT id FROM journey")))


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_broken_is_an_invariant_by_its_name(name: str) -> None:
    """The names above are those the rehearsal prints."""
    source = (Path(__file__).parents[2] / "deploy/rehearsal/invariants.py").read_text()
    assert name in source
