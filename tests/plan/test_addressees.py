"""To whom a comment may be addressed, who reads as whom, and who handles the files of a task: the policy alone."""

from dataclasses import replace

import pytest

from activities.domain.states import Role
from activities.plan.access import Actor, Verb, may
from activities.plan.addressees import Addressee, reads_as
from tests.plan.test_access import ADMINISTRATOR, COORDINATOR, DISTRICT, HEAD, NURSE, OUTSIDER, TASK, actor

HOLDER, HEAD_, COORDINATOR_, SUPERVISOR = Addressee
SCHOOL = actor("school", Role.OFFICER)
HANDED_DOWN = replace(TASK, organisation_id="school", answerable_id="clinic")


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        (NURSE, {HOLDER}),
        (HEAD, {HEAD_}),
        (COORDINATOR, {HOLDER, COORDINATOR_}),
        (DISTRICT, {SUPERVISOR}),
        (ADMINISTRATOR, set[Addressee]()),
    ],
)
def test_everybody_reads_in_their_own_role(who: Actor, roles: set[Addressee]) -> None:
    """Nobody reads what is addressed to another role; an administrator reads nothing."""
    assert roles == reads_as(who, TASK)


def test_a_coordinator_of_another_lead_and_a_supervisor_of_another_district_are_not_meant() -> None:
    """Roles count within their journey and their district."""
    elsewhere = replace(TASK, lead_id="other", territory="there")
    assert {HOLDER} == reads_as(COORDINATOR, elsewhere)
    assert set() == reads_as(DISTRICT, elsewhere)


@pytest.mark.parametrize(
    ("who", "attaches", "reads"),
    [
        (NURSE, True, True), (COORDINATOR, True, True), (HEAD, False, False), (DISTRICT, False, False),
        (OUTSIDER, False, False), (ADMINISTRATOR, False, False),
    ],
)  # fmt: skip
def test_files_are_for_who_works_on_the_task_and_for_the_lead(who: Actor, attaches: bool, reads: bool) -> None:
    """Who watches sees that a task is late, not the paper that lies with it."""
    assert (attaches, reads) == (may(who, Verb.ATTACH, TASK).allowed, may(who, Verb.READ_ATTACHMENT, TASK).allowed)


def test_both_who_handed_down_and_who_does_the_work_attach() -> None:
    """The school brings its paper, and the one who answers for it may add theirs."""
    for who in (NURSE, SCHOOL):
        assert may(who, Verb.ATTACH, HANDED_DOWN).allowed
