"""Journeys as people live them, each on the real server and the real database."""

from activities.casework.context import Office
from activities.casework.journal import verify_chains
from activities.casework.journeys import Start, start_journey
from activities.domain.states import TaskState
from activities.store.engine import Sessions
from tests.build.agencies import kinds_of, until_closed
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.journeys.running import Running


async def begin(sessions: Sessions, office: Office, **facts: object) -> str:
    """A journey started by the coordinator; its id."""
    async with sessions.begin() as session:
        start = {
            "commune": "tri-an",
            "residence_commune": "tri-an",
            "happened_at": office.now(),
            "way_of_return": "self_returned",
            "wish": "stay",
        }
        who = await actor(session, "labour-division.coordinator")
        return (await start_journey(session, office, who, Start.model_validate(start | facts))).id


async def test_an_identified_person_who_stays_gets_what_the_needs_list_and_the_journey_closes(
    running: Running, sessions: Sessions, office: Office
) -> None:
    """From reception to close: every agency asked once, nothing opened that nobody needed."""
    answers = {
        "assess_needs": VALID["assess_needs"] | {"needs": ["job", "social"]},
        "check_information": BRANCHES["check_information"]["identify"],
    }
    journey = await begin(sessions, office)
    closed = await until_closed(sessions, office, journey, answers)
    kinds = await kinds_of(sessions, journey)
    assert {"issue_certificate", "find_job", "support_socially", "follow_up", "close_journey"} <= set(kinds)
    assert not {"arrange_loan", "confirm_application", "explain_result", "escort_home"} & set(kinds)
    assert {TaskState.DONE} == set(kinds.values())
    assert closed.closing_reason
    async with sessions() as session:
        assert [] == await verify_chains(session)
