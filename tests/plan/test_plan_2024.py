"""What the shipped plans promise to the person, the agencies and the lawyer who reads them."""

from datetime import date

import pytest

from activities.plan.checks import check_registry, unconfirmed_wording, unknown_rules
from activities.plan.load import body_hash, load_plan, plan_for, shipped
from activities.plan.model import Kind, Plan, Tone

KINDS = [
    "receive_person",
    "meet_essential_needs",
    "plan_child_protection",
    "check_information",
    "check_records",
    "request_identification",
    "identify_victim",
    "issue_certificate",
    "explain_result",
    "assess_danger",
    "request_protection",
    "protect_person",
    "confirm_residence",
    "assess_needs",
    "record_choice",
    "refer_to_centre",
    "accept_at_centre",
    "escort_to_centre",
    "confirm_arrival",
    "leave_centre",
    "pay_journey_home",
    "escort_home",
    "examine_health",
    "counsel_person",
    "inform_of_rights",
    "refer_to_legal_aid",
    "protect_rights_in_proceedings",
    "confirm_application",
    "appraise_support",
    "approve_support",
    "enrol_in_school",
    "pay_schooling",
    "arrange_training",
    "find_job",
    "pay_hardship_allowance",
    "arrange_loan",
    "support_socially",
    "open_programmes",
    "confirm_funds",
    "follow_up",
    "close_journey",
]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(shipped("plan-2024"))


@pytest.fixture(scope="module")
def later() -> Plan:
    return load_plan(shipped("plan-2025"))


def budget(kind: Kind) -> str:
    return str(kind.clock.budget)


def test_every_duty_of_the_plan_is_a_kind(plan: Plan, later: Plan) -> None:
    """No agency's part is forgotten: 41 kinds, the same under both regimes."""
    assert [sorted(kind.code for kind in each.kinds) for each in (plan, later)] == [sorted(KINDS)] * 2
    assert check_registry(plan, KINDS) == ()


def test_nothing_waits_without_a_clock(plan: Plan, later: Plan) -> None:
    """Every task of every agency has a due date and a reply date, each with its source."""
    for kind in (*plan.kinds, *later.kinds):
        assert kind.clock.budget is not None, kind.code
        assert kind.reply.budget is not None, kind.code


def test_the_cited_lengths_are_those_of_the_law(plan: Plan) -> None:
    """The clocks that bind an agency by law: 3 days, 20 days, 5, 3 and 5 working days; all others are our choice."""
    cited = {kind.code: budget(kind) for kind in plan.kinds if kind.clock.statutory}
    assert cited == {
        "check_information": "P3D",
        "check_records": "P3D",
        "identify_victim": "P20D",
        "plan_child_protection": "P5WD",
        "confirm_application": "P3WD",
        "appraise_support": "P5WD",
    }
    assert plan.kind("identify_victim").clock.starts == "request_identification"
    assert plan.kind("check_information").clock.starts == "receive_person"
    assert all(not kind.grounds for kind in plan.kinds), "no ground to extend a statutory clock is known"


def test_a_duty_at_once_runs_through_the_night(plan: Plan) -> None:
    """Receiving, essential needs and protection are counted in hours, and climb by the short ladder."""
    at_once = {kind.code for kind in plan.kinds if kind.ladder == "at_once"}
    assert at_once == {
        "receive_person",
        "meet_essential_needs",
        "assess_danger",
        "request_protection",
        "protect_person",
    }
    assert {budget(plan.kind(code)) for code in at_once} == {"PT4H"}


def test_a_bank_and_a_union_are_asked_not_ordered(plan: Plan) -> None:
    """The bodies the plan only requests get a polite reminder first."""
    requested = {kind.code for kind in plan.kinds if kind.tone is Tone.REQUESTED}
    assert requested == {"arrange_loan", "support_socially", "open_programmes"}
    for code in requested:
        first = plan.rungs(plan.kind(code))[0]
        assert (first.to, first.polite) == ("holder", True)


def test_an_agency_reads_no_more_of_the_person_than_its_part_needs(plan: Plan) -> None:
    """Finance learns nothing of the person; a bank and a school learn a name and a birth date."""
    finance = plan.kind("confirm_funds")
    assert (finance.identity, finance.sensitive) == ((), ())
    for code in ("arrange_loan", "enrol_in_school"):
        assert plan.kind(code).identity == ("full_name", "birth_date")
        assert plan.kind(code).sensitive == ()


def test_no_neutral_wording_says_victim(plan: Plan, later: Plan) -> None:
    """What another agency, a mail or a printed page shows never names the person a victim."""
    for kind in (*plan.kinds, *later.kinds):
        said = (kind.neutral.vi + kind.neutral.en).lower()
        assert "nạn nhân" not in said
        assert "victim" not in said
    assert plan.kind("identify_victim").label.vi == "Xác minh, xác định nạn nhân"
    assert plan.kind("identify_victim").neutral.vi == "Trả lời kết quả xác minh"


def test_a_foreigner_is_offered_what_the_law_opens_to_them(plan: Plan) -> None:
    """Care, protection and the way home for everyone; schooling, training, work, money and loans for citizens."""
    closed = {kind.code for kind in plan.kinds if not kind.eligibility.foreigner}
    assert closed == {
        "confirm_application",
        "appraise_support",
        "approve_support",
        "enrol_in_school",
        "pay_schooling",
        "arrange_training",
        "find_job",
        "pay_hardship_allowance",
        "arrange_loan",
    }
    assert all(plan.kind(code).eligibility.source.cites for code in closed)
    with_paper = {kind.code for kind in plan.kinds if kind.eligibility.papers}
    assert with_paper == {"pay_schooling", "pay_hardship_allowance"}


def test_only_the_way_home_stays_open_to_somebody_who_withdrew(plan: Plan) -> None:
    """Fare and escort home are owed whatever the person decides; the choice is theirs to answer."""
    assert {kind.code for kind in plan.kinds if kind.way_home} == {"pay_journey_home", "escort_home"}
    assert [kind.code for kind in plan.kinds if kind.choice_of_person] == ["record_choice"]
    assert plan.kind("follow_up").rounds == plan.follow_up_rounds == 3


def test_every_commune_has_its_committee_and_its_police(plan: Plan) -> None:
    """Wherever a person comes back to in the district, somebody answers the door."""
    for role in ("commune", "commune_police"):
        communes = [each.commune for each in plan.organisations if each.role == role]
        assert len(set(communes)) == len(communes) == 12


def test_a_journey_begun_before_july_2025_finds_the_successors(plan: Plan, later: Plan) -> None:
    """The roles keep their codes, so a running journey's task goes to the body that took the role over."""
    assert {role.code for role in plan.roles} == {role.code for role in later.roles}
    after = {each.role: each.code for each in later.organisations if each.until is None}
    assert after["labour"] == "provincial-health-authority"
    assert after["district_police"] == "provincial-police"


def test_the_plan_is_chosen_by_date_alone(plan: Plan, later: Plan) -> None:
    """The last day of June 2025 falls under the old law, the first of July under the new; no officer chooses."""
    plans = (later, plan)
    assert plan_for(date(2025, 6, 30), plans).regime == "A"
    assert plan_for(date(2025, 7, 1), plans).regime == "B"
    with pytest.raises(LookupError, match="no-plan"):
        plan_for(date(2023, 12, 31), plans)


def test_what_nobody_has_confirmed_is_said_openly(plan: Plan, later: Plan) -> None:
    """A lawyer gets the list of rules without a source, an officer the list of words to read."""
    assert "kinds.approve_support.clock" in unknown_rules(plan)
    assert "kinds.identify_victim.clock" in unknown_rules(later)
    assert set(unconfirmed_wording(plan)) == set(KINDS)
    cited = {kind.code: budget(kind) for kind in later.kinds if kind.clock.statutory}
    assert cited == {
        "check_information": "P3D",
        "check_records": "P3D",
        "plan_child_protection": "P5WD",
        "approve_support": "P9WD",
    }


def test_the_kept_text_of_a_plan_needs_no_other_text(later: Plan) -> None:
    """A journey pinned to the plan of 2025 reads the same rules, whatever becomes of the file of 2024."""
    text = shipped("plan-2025")
    assert "extends" not in text
    assert later.hash == body_hash(text)
    with pytest.raises(KeyError):
        shipped("plan-1999")
