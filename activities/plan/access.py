"""Who may do what: a pure policy over roles, organisations and the case at hand. It reads no row and knows no identity."""

from dataclasses import dataclass
from enum import StrEnum

from activities.domain.states import LIVE, DecisionKind, Role, TaskState


class Verb(StrEnum):
    """What somebody may ask to do."""

    REPORT = "report"
    START_JOURNEY = "start_journey"
    READ_JOURNEY = "read_journey"
    READ_TASK = "read_task"
    ANSWER = "answer"
    ANSWER_ON_BEHALF = "answer_on_behalf"
    CLAIM = "claim"
    RETURN = "return"
    DELEGATE = "delegate"
    RECALL = "recall"
    ASK = "ask"
    REMIND = "remind"
    CORRECT = "correct"
    REOPEN = "reopen"
    DECIDE = "decide"
    RECORD_WISH = "record_wish"
    RECORD_CONSENT = "record_consent"
    RAISE_DANGER = "raise_danger"
    READ_DANGER = "read_danger"
    COMMENT = "comment"
    ATTACH = "attach"
    READ_ATTACHMENT = "read_attachment"
    ASK_AGAIN = "ask_again"
    READ_IDENTITY = "read_identity"
    WRITE_IDENTITY = "write_identity"
    READ_BOARD = "read_board"
    RECORD_ABSENCE = "record_absence"
    HAND_OVER = "hand_over"
    SET_CONTACT = "set_contact"
    ADMINISTER = "administer"


@dataclass(frozen=True)
class Actor:
    """An officer as the policy knows them.

    `below`: ids of the organisations under theirs. `district`: watches the whole territory. `lead`: theirs is the lead.
    """

    officer_id: str
    organisation_id: str
    roles: frozenset[Role]
    below: frozenset[str] = frozenset()
    district: bool = False
    territory: str = ""
    lead: bool = False


@dataclass(frozen=True)
class Subject:
    """The journey, and where it matters the task, that a verb is about; ids only.

    `organisation_id`, `officer_id`, `state`, `stage`: of the task; `answerable_id`: who handed it down; `returned_by`: who
    sent it back. `holding`: organisations with a live task in the journey; `took_part`: those that had one too, and the reporter's.
    """

    lead_id: str = ""
    territory: str = ""
    organisation_id: str = ""
    answerable_id: str = ""
    officer_id: str = ""
    returned_by: str = ""
    state: TaskState | None = None
    stage: str = ""
    holding: frozenset[str] = frozenset()
    took_part: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Allowed:
    """Go on."""

    allowed: bool = True


@dataclass(frozen=True)
class RefusedError:
    """No, and why. `known`: the actor may know of the thing (403); otherwise it is not theirs to know of (404)."""

    code: str
    known: bool = True
    allowed: bool = False


@dataclass(frozen=True)
class Scope:
    """Rows an actor may know of, as a union; all empty means none.

    In full: journeys led by `led_by`, tasks of `organisations`. Stages, clocks and agencies only: tasks of `watched`,
    and everything in `watched_territory`.
    """

    led_by: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    watched: frozenset[str] = frozenset()
    watched_territory: str = ""

    @property
    def nothing(self) -> bool:
        """No row at all."""
        return self == NOTHING

    def in_full(self, subject: Subject) -> bool:
        """The task (or the journey, where no task is given) is the actor's, outcome included."""
        return subject.lead_id in self.led_by or bool(self.organisations & _concerned(subject))

    def earlier(self, subject: Subject) -> bool:
        """What earlier agencies decided that the task needs: for the lead and who answers for it, not for who was handed a part."""
        return (
            subject.lead_id in self.led_by or (subject.answerable_id or subject.organisation_id) in self.organisations
        )

    def covers(self, subject: Subject) -> bool:
        """The actor may know that the task or journey exists and where it stands."""
        watched = bool(self.watched & _concerned(subject))
        whole = bool(self.watched_territory) and self.watched_territory == subject.territory
        return self.in_full(subject) or watched or whole


NOTHING = Scope()
PROTECTION = "protection"  # the stage of the tasks that a danger opens
BLIND = frozenset({"confirm_funds"})  # kinds whose agency learns nothing of the journey, not even its reference
_SUPERVISED = frozenset(
    {DecisionKind.EXTEND, DecisionKind.REASSIGN, DecisionKind.PAUSE, DecisionKind.RESUME, DecisionKind.WAIVE}
)
COORDINATED = (DecisionKind.RESEND, DecisionKind.REASSIGN, DecisionKind.WITHDRAW)  # of a task that came back
_OWN_TASK = frozenset({DecisionKind.EXTEND, DecisionKind.PAUSE, DecisionKind.REASSIGN, DecisionKind.WAIVE})
_LEADING = frozenset(
    {
        Verb.ANSWER_ON_BEHALF, Verb.RECORD_WISH, Verb.RECORD_CONSENT, Verb.ASK_AGAIN, Verb.WRITE_IDENTITY, Verb.REOPEN,
    }
)  # fmt: skip
_WHOSE = {Verb.DELEGATE: "organisation_id", Verb.RECALL: "answerable_id"}
_OF_NO_SUBJECT = {
    Verb.REPORT: {Role.OFFICER, Role.COORDINATOR},
    Verb.START_JOURNEY: {Role.COORDINATOR},
    Verb.READ_BOARD: {Role.SUPERVISOR, Role.COORDINATOR},
}
OF_STAFF = frozenset({Verb.RECORD_ABSENCE, Verb.HAND_OVER, Verb.SET_CONTACT})  # of officers and offices, of no case
_OF_DANGER = frozenset({Verb.RAISE_DANGER, Verb.READ_DANGER})
_OF_HOLDER = frozenset(
    {Verb.ANSWER, Verb.CLAIM, Verb.RETURN, Verb.ASK, Verb.CORRECT, Verb.ATTACH, Verb.READ_ATTACHMENT, *_WHOSE}
)


def scope(actor: Actor) -> Scope:
    """The tasks and journeys an actor may know of. An administrator knows of none, whatever else they are."""
    if Role.ADMINISTRATOR in actor.roles:
        return NOTHING
    supervises = Role.SUPERVISOR in actor.roles
    own = frozenset({actor.organisation_id})
    return Scope(
        led_by=own if _leads(actor) else frozenset(),
        organisations=own if Role.OFFICER in actor.roles else frozenset(),
        watched=own | actor.below if supervises else frozenset(),
        watched_territory=actor.territory if supervises and actor.district else "",
    )


def identity_scope(actor: Actor, *, reason: str = "") -> Scope:
    """The journeys whose identity an actor may read: led by theirs, held by theirs; with a reason, those they watch."""
    seen = scope(actor)
    if reason.strip():
        return seen
    return Scope(led_by=seen.led_by, organisations=seen.organisations)


def may(
    actor: Actor, verb: Verb, subject: Subject | None = None, *, decision: DecisionKind | None = None, reason: str = ""
) -> Allowed | RefusedError:
    """Decide one verb. `decision` is needed for `decide`, `reason` for a supervisor who reads identity."""
    administers = Role.ADMINISTRATOR in actor.roles
    if verb in OF_STAFF:
        return _of_staff(actor, verb, subject or Subject())
    if verb is Verb.ADMINISTER or administers:
        return _when(verb is Verb.ADMINISTER and administers, known=subject is None)
    if verb in _OF_NO_SUBJECT:
        leads = verb is not Verb.START_JOURNEY or _leads(actor)
        return _when(leads and bool(actor.roles & _OF_NO_SUBJECT[verb]))
    if subject is None or not scope(actor).covers(subject):
        return RefusedError("not-found", known=False)
    return _of_case(actor, verb, subject, decision, reason)


def _of_case(
    actor: Actor, verb: Verb, subject: Subject, decision: DecisionKind | None, reason: str
) -> Allowed | RefusedError:
    leads = _leads(actor) and subject.lead_id == actor.organisation_id
    if verb in _OF_HOLDER:
        return _of_holder(actor, verb, subject, leads=leads)
    if verb is Verb.READ_IDENTITY:
        return _identity(actor, subject, reason, leads=leads)
    if verb is Verb.DECIDE:
        return _decision(actor, subject, decision, leads=leads)
    if verb in _OF_DANGER:
        return _danger(actor, verb, subject, leads=leads)
    if verb is Verb.REMIND:
        return _when(leads or watches(actor, subject))
    return _when(leads or verb not in _LEADING)  # read_journey, read_task, comment: covered is enough


def _of_staff(actor: Actor, verb: Verb, subject: Subject) -> Allowed | RefusedError:
    """Of an officer (or with none, an organisation): its head, the administrator of the territory, the officer themselves."""
    near = subject.organisation_id in actor.below | {actor.organisation_id}
    heads = near and Role.SUPERVISOR in actor.roles
    administers = Role.ADMINISTRATOR in actor.roles and subject.territory == actor.territory
    if verb is Verb.HAND_OVER:
        return _when(heads, known=near or administers)
    own = verb is Verb.RECORD_ABSENCE and subject.officer_id == actor.officer_id
    return _when(own or heads or administers, known=near)


def _of_holder(actor: Actor, verb: Verb, subject: Subject, *, leads: bool) -> Allowed | RefusedError:
    """What is done by the agency that holds the task, or answers for it."""
    own = actor.organisation_id
    works = bool(actor.roles & {Role.OFFICER, Role.COORDINATOR})
    if verb is Verb.READ_ATTACHMENT:
        return _when(scope(actor).in_full(subject))
    if verb in (Verb.CORRECT, Verb.ATTACH):
        return _when(leads or (works and own in _concerned(subject)))
    if verb is not Verb.RECALL and subject.answerable_id == own and (works or verb is Verb.DELEGATE):
        return RefusedError("task-handed-down")
    if verb in _WHOSE:
        return _when(not actor.district and own == getattr(subject, _WHOSE[verb]))
    return _when(works and subject.organisation_id == own)


def _danger(actor: Actor, verb: Verb, subject: Subject, *, leads: bool) -> Allowed | RefusedError:
    """Raised by whoever has a part; read by who has a live task of protection, or answers for it: not who was handed a part."""
    if verb is Verb.RAISE_DANGER:
        return _when(leads or (Role.OFFICER in actor.roles and actor.organisation_id in subject.took_part))
    averts = subject.stage == PROTECTION and subject.state in LIVE and scope(actor).earlier(subject)
    return Allowed() if leads or averts else RefusedError("no-open-task")


def _identity(actor: Actor, subject: Subject, reason: str, *, leads: bool) -> Allowed | RefusedError:
    if leads or (Role.OFFICER in actor.roles and actor.organisation_id in subject.holding):
        return Allowed()
    if not watches(actor, subject):
        return RefusedError("no-open-task")
    return Allowed() if reason.strip() else RefusedError("reason-required")


def _decision(actor: Actor, subject: Subject, decision: DecisionKind | None, *, leads: bool) -> Allowed | RefusedError:
    if decision is None:
        return RefusedError("decision-unknown")
    own = actor.officer_id in (subject.officer_id, subject.returned_by)
    if decision in _SUPERVISED and watches(actor, subject):
        return RefusedError("own-task") if own and decision in _OWN_TASK else Allowed()
    if decision in COORDINATED and leads:
        if subject.state is TaskState.RETURNED:
            return RefusedError("own-task") if own and decision is DecisionKind.WITHDRAW else Allowed()
        return RefusedError("task-not-returned")
    return RefusedError("not-your-verb")


def _leads(actor: Actor) -> bool:
    return actor.lead and Role.COORDINATOR in actor.roles


def watches(actor: Actor, subject: Subject) -> bool:
    """Watches it as a head or for the district, whatever part their agency has in it."""
    seen = scope(actor)
    return Scope(watched=seen.watched, watched_territory=seen.watched_territory).covers(subject)


def _concerned(subject: Subject) -> frozenset[str]:
    if subject.organisation_id:
        return frozenset({subject.organisation_id, subject.answerable_id}) - {""}
    return subject.took_part | subject.holding


def _when(allowed: bool, *, known: bool = True) -> Allowed | RefusedError:
    if allowed:
        return Allowed()
    return RefusedError("not-your-verb") if known else RefusedError("not-found", known=False)
