"""Who may what: the stories of the people at work, and rules that hold for any actor and any case."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.domain.states import DecisionKind, Role, TaskState
from activities.plan.access import (
    OF_STAFF,
    PROTECTION,
    Actor,
    RefusedError,
    Scope,
    Subject,
    Verb,
    identity_scope,
    may,
    scope,
)
from activities.plan.identity import identity_fields
from activities.plan.load import load_plan, shipped

PLAN = load_plan(shipped("plan-2024"))
ORGANISATIONS = ["labour", "police", "commune", "bank", "health", "clinic"]
SUBJECT = Subject(
    lead_id="labour",
    territory="here",
    holding=frozenset({"police", "labour"}),
    took_part=frozenset({"commune", "clinic"}),
)
TASK = replace(SUBJECT, organisation_id="clinic", state=TaskState.OPEN)


def actor(organisation: str, *roles: Role, below: frozenset[str] = frozenset(), district: bool = False) -> Actor:
    """Somebody at work in an organisation; `labour` is the lead."""
    return Actor(
        officer_id=f"officer-of-{organisation}",
        organisation_id=organisation,
        roles=frozenset(roles),
        below=below,
        district=district,
        territory="here",
        lead=organisation == "labour",
    )


COORDINATOR = actor("labour", Role.COORDINATOR)
NURSE = actor("clinic", Role.OFFICER)
HEAD = actor("health", Role.SUPERVISOR, below=frozenset({"clinic"}))
DISTRICT = actor("district", Role.SUPERVISOR, district=True)
OUTSIDER = actor("bank", Role.OFFICER, Role.SUPERVISOR)
ADMINISTRATOR = actor("labour", Role.ADMINISTRATOR)

actors = st.builds(
    Actor,
    officer_id=st.sampled_from(["ann", "binh"]),
    organisation_id=st.sampled_from(ORGANISATIONS),
    roles=st.frozensets(st.sampled_from(Role), min_size=1),
    below=st.frozensets(st.sampled_from(ORGANISATIONS)),
    district=st.booleans(),
    territory=st.sampled_from(["here", "there"]),
    lead=st.booleans(),
)
subjects = st.builds(
    Subject,
    lead_id=st.sampled_from(ORGANISATIONS),
    territory=st.sampled_from(["here", "there"]),
    organisation_id=st.sampled_from(["", *ORGANISATIONS]),
    officer_id=st.sampled_from(["", "ann", "binh"]),
    returned_by=st.sampled_from(["", "ann", "binh"]),
    state=st.sampled_from(TaskState),
    stage=st.sampled_from(["", PROTECTION]),
    holding=st.frozensets(st.sampled_from(ORGANISATIONS)),
    took_part=st.frozensets(st.sampled_from(ORGANISATIONS)),
)
decisions = st.sampled_from(DecisionKind)
reasons = st.sampled_from(["", "  ", "asked by the prosecutor"])
case_verbs = st.sampled_from([verb for verb in Verb if verb is not Verb.ADMINISTER and verb not in OF_STAFF])


def test_any_officer_reports_but_only_the_lead_starts_a_journey() -> None:
    """The person may come to any door; the file is opened in full by the lead."""
    assert may(NURSE, Verb.REPORT).allowed
    assert may(COORDINATOR, Verb.START_JOURNEY).allowed
    assert may(NURSE, Verb.START_JOURNEY) == RefusedError("not-your-verb")
    assert not may(actor("police", Role.COORDINATOR), Verb.START_JOURNEY).allowed


def test_an_officer_works_on_the_tasks_of_their_own_organisation() -> None:
    """Answer, claim, return: the clinic's own; for everyone else the task is not there."""
    for verb in (Verb.READ_TASK, Verb.ANSWER, Verb.CLAIM, Verb.RETURN):
        assert may(NURSE, verb, TASK).allowed
        assert may(OUTSIDER, verb, TASK) == RefusedError("not-found", known=False)
    assert not may(HEAD, Verb.ANSWER, TASK).allowed
    assert may(COORDINATOR, Verb.ANSWER_ON_BEHALF, TASK).allowed
    assert not may(NURSE, Verb.ANSWER_ON_BEHALF, TASK).allowed


def test_a_head_and_the_district_decide_what_is_under_them() -> None:
    """More time for the clinic is its division's or the district's to give, never the clinic's clerk's or the lead's."""
    for kind in (DecisionKind.EXTEND, DecisionKind.PAUSE, DecisionKind.WAIVE):
        assert may(HEAD, Verb.DECIDE, TASK, decision=kind).allowed
        assert may(DISTRICT, Verb.DECIDE, TASK, decision=kind).allowed
        assert may(COORDINATOR, Verb.DECIDE, TASK, decision=kind) == RefusedError("not-your-verb")
        assert may(NURSE, Verb.DECIDE, TASK, decision=kind) == RefusedError("not-your-verb")
    assert may(HEAD, Verb.DECIDE, TASK) == RefusedError("decision-unknown")


def test_the_coordinator_decides_what_came_back() -> None:
    """A returned task is sent again, given to another or withdrawn; one that did not come back is not touched."""
    back = replace(TASK, state=TaskState.RETURNED)
    for kind in (DecisionKind.RESEND, DecisionKind.REASSIGN, DecisionKind.WITHDRAW):
        assert may(COORDINATOR, Verb.DECIDE, back, decision=kind).allowed
        assert may(COORDINATOR, Verb.DECIDE, TASK, decision=kind) == RefusedError("task-not-returned")
    assert not may(HEAD, Verb.DECIDE, back, decision=DecisionKind.RESEND).allowed


def test_a_danger_may_be_raised_by_whoever_took_part() -> None:
    """Whoever met the person may say that they are not safe, long after their own task is done."""
    assert may(NURSE, Verb.RAISE_DANGER, SUBJECT).allowed
    assert may(COORDINATOR, Verb.RAISE_DANGER, SUBJECT).allowed
    assert not may(OUTSIDER, Verb.RAISE_DANGER, SUBJECT).allowed


def test_a_danger_is_read_by_the_lead_and_by_whoever_averts_it() -> None:
    """Not by an agency with another task, not once its task has ended, and not by who was handed a part of it."""
    averting = replace(TASK, stage=PROTECTION)
    assert may(COORDINATOR, Verb.READ_DANGER, SUBJECT).allowed
    assert may(NURSE, Verb.READ_DANGER, averting).allowed
    elsewhere = (TASK, replace(averting, state=TaskState.DONE), replace(averting, answerable_id="health"))
    for subject in elsewhere:
        assert may(NURSE, Verb.READ_DANGER, subject) == RefusedError("no-open-task")
    assert may(OUTSIDER, Verb.READ_DANGER, averting) == RefusedError("not-found", known=False)


def test_identity_is_read_while_the_task_is_open_and_no_longer() -> None:
    """The clinic's task is done: it knows of the journey and no more of the person."""
    assert may(NURSE, Verb.READ_IDENTITY, SUBJECT) == RefusedError("no-open-task")
    holding = replace(SUBJECT, holding=frozenset({"clinic"}))
    assert may(NURSE, Verb.READ_IDENTITY, holding).allowed
    fields = identity_fields(NURSE, holding, PLAN, [PLAN.kind("examine_health")])
    assert fields == {"full_name", "birth_date", "sex"}


def test_finance_is_told_of_no_person() -> None:
    """A voucher needs a sum, not a name."""
    clerk = actor("finance", Role.OFFICER)
    holding = replace(SUBJECT, holding=frozenset({"finance"}))
    assert identity_fields(clerk, holding, PLAN, [PLAN.kind("confirm_funds")]) == frozenset()


def test_a_supervisor_gives_a_reason_before_a_name() -> None:
    """Watching needs clocks and agencies; the name is shown with a reason, which is kept."""
    assert may(HEAD, Verb.READ_TASK, TASK).allowed
    assert may(HEAD, Verb.READ_IDENTITY, SUBJECT) == RefusedError("reason-required")
    assert may(HEAD, Verb.READ_IDENTITY, SUBJECT, reason="a complaint was made").allowed
    examined = [PLAN.kind("examine_health")]
    assert identity_fields(HEAD, SUBJECT, PLAN, examined, reason="a complaint was made") == set(examined[0].identity)
    assert identity_fields(HEAD, SUBJECT, PLAN, [], reason="a complaint was made") == frozenset()
    assert "address" in identity_fields(DISTRICT, SUBJECT, PLAN, [], reason="a complaint was made")
    assert identity_fields(HEAD, SUBJECT, PLAN, examined) == frozenset()
    assert identity_scope(HEAD) == Scope()
    assert identity_scope(HEAD, reason="a complaint was made").covers(SUBJECT)


def test_a_watcher_sees_stages_and_an_officer_the_work() -> None:
    """The same task: in full for who does it and who leads it, in outline for who watches it."""
    for each, full in ((NURSE, True), (COORDINATOR, True), (HEAD, False), (DISTRICT, False)):
        assert scope(each).covers(TASK)
        assert scope(each).in_full(TASK) is full
    assert not scope(replace(DISTRICT, territory="there")).covers(TASK)
    assert scope(actor("labour", Role.OFFICER)).covers(replace(TASK, organisation_id="labour"))


def test_an_administrator_keeps_the_house_and_sees_no_case() -> None:
    """Organisations, officers, plans: theirs alone."""
    assert may(ADMINISTRATOR, Verb.ADMINISTER).allowed
    assert may(COORDINATOR, Verb.ADMINISTER) == RefusedError("not-your-verb")
    assert may(ADMINISTRATOR, Verb.READ_JOURNEY, SUBJECT) == RefusedError("not-found", known=False)


@given(actors, subjects, case_verbs, decisions, reasons)
def test_no_administrator_is_ever_shown_a_case(
    who: Actor, subject: Subject, verb: Verb, decision: DecisionKind, reason: str
) -> None:
    """Whatever other role they hold, whatever they ask, whatever reason they give."""
    keeper = replace(who, roles=who.roles | {Role.ADMINISTRATOR})
    assert scope(keeper).nothing
    assert not may(keeper, verb, subject, decision=decision, reason=reason).allowed
    assert identity_fields(keeper, subject, PLAN, PLAN.kinds, reason=reason) == frozenset()


@given(actors, subjects, case_verbs, decisions, reasons)
def test_what_is_out_of_scope_is_not_there(
    who: Actor, subject: Subject, verb: Verb, decision: DecisionKind, reason: str
) -> None:
    """Nobody learns from a refusal that a case exists, and nothing out of scope is ever allowed."""
    if verb in {Verb.REPORT, Verb.START_JOURNEY, Verb.READ_BOARD} or scope(who).covers(subject):
        return
    assert may(who, verb, subject, decision=decision, reason=reason) == RefusedError("not-found", known=False)


@given(actors, subjects, reasons)
def test_identity_is_read_by_lead_holder_or_with_a_reason(who: Actor, subject: Subject, reason: str) -> None:
    """There is no fourth way to a name."""
    if not may(who, Verb.READ_IDENTITY, subject, reason=reason).allowed:
        return
    leads = who.lead and Role.COORDINATOR in who.roles and subject.lead_id == who.organisation_id
    holds = Role.OFFICER in who.roles and who.organisation_id in subject.holding
    assert leads or holds or (Role.SUPERVISOR in who.roles and reason.strip())


@given(
    actors,
    subjects,
    st.sampled_from([DecisionKind.EXTEND, DecisionKind.PAUSE, DecisionKind.WAIVE, DecisionKind.WITHDRAW]),
)
def test_nobody_gives_themselves_time_or_ends_their_own_task(
    who: Actor, subject: Subject, decision: DecisionKind
) -> None:
    """Whoever holds a task, or sent it back, neither moves its clock nor ends it unanswered; only another in scope does."""
    if may(who, Verb.DECIDE, subject, decision=decision).allowed:
        assert (Role.COORDINATOR if decision is DecisionKind.WITHDRAW else Role.SUPERVISOR) in who.roles
        assert who.officer_id not in (subject.officer_id, subject.returned_by)


@given(actors, subjects, decisions)
def test_a_withdrawal_needs_a_task_that_came_back(who: Actor, subject: Subject, decision: DecisionKind) -> None:
    """What the lead decides as the lead, it decides of what was returned to it; all else is for who watches."""
    if may(who, Verb.DECIDE, subject, decision=decision).allowed and Role.SUPERVISOR not in who.roles:
        assert subject.state is TaskState.RETURNED
        assert who.organisation_id == subject.lead_id


@given(actors, subjects, case_verbs, decisions)
def test_a_coordinator_outside_the_lead_is_like_no_coordinator(
    who: Actor, subject: Subject, verb: Verb, decision: DecisionKind
) -> None:
    """The role counts in the lead organisation alone: elsewhere it opens no journey."""
    outside = replace(who, roles=frozenset({Role.COORDINATOR}), lead=False)
    assert scope(outside).nothing
    if verb not in {Verb.REPORT, Verb.READ_BOARD}:
        assert not may(outside, verb, subject, decision=decision).allowed


@pytest.mark.parametrize("verb", list(Verb))
def test_no_verb_is_open_to_somebody_without_a_role(verb: Verb) -> None:
    """An account without a role does nothing."""
    assert not may(actor("labour"), verb, TASK, decision=DecisionKind.EXTEND, reason="curious").allowed
