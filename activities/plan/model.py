"""The plan as a lawyer reads it: organisations, roles, stages, kinds, clocks, each with its source."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from activities.domain.outcomes import Sensitivity
from activities.domain.text import Text
from activities.plan.deadlines import Budget, Unit, parse_budget
from activities.plan.ladder import RungRule

BudgetField = Annotated[Budget, BeforeValidator(lambda text: parse_budget(text) if isinstance(text, str) else text)]

GRACE = "P1WD"  # local: the next generation's deadline after one passed, where a kind names no other
IDENTITY = (
    "full_name",
    "other_names",
    "birth_date",
    "sex",
    "id_number",
    "nationality",
    "ethnicity",
    "address",
    "phone",
    "relatives",
    "photo",
)


def wall_clock(at: time) -> time:
    """A time of day as the district's clock shows it, in whole minutes; refused with a zone or seconds of its own."""
    if at.tzinfo is not None or at.second or at.microsecond:
        raise PydanticCustomError("time-of-day-invalid", 'write a time of day of the district as "HH:MM"')
    return at


TimeOfDay = Annotated[time, AfterValidator(wall_clock)]


class Entry(BaseModel):
    """Anything written in a plan's file: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Source(Entry):
    """Where a rule comes from: exactly one of an article, our own choice, or nobody knows yet."""

    cites: str = ""
    local: bool = False
    unknown: bool = False

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if bool(self.cites.strip()) + self.local + self.unknown != 1:
            raise PydanticCustomError("source-not-one", "say exactly one of cites, local or unknown")
        return self


class Timing(Entry):
    """A clock: its length (none = no clock of its own was found) and its source.

    `starts`: `opened` (the task's opening) or the kind whose fact's own time starts it.
    """

    budget: BudgetField | None
    source: Source
    starts: str = "opened"

    @property
    def statutory(self) -> bool:
        """The length cites an article: never waived, moved only on a cited ground."""
        return bool(self.source.cites)


class Term(Entry):
    """A length of the plan that is no task's clock, with its source."""

    budget: BudgetField
    source: Source


class Morning(Entry):
    """When the morning digest goes out on a working day, on the district's wall clock."""

    at: TimeOfDay = time(7, 30)
    source: Source = Source(local=True)


class Quiet(Entry):
    """The hours in which no mail and no message goes out but of duties at once, on the district's wall clock; over midnight too."""

    start: TimeOfDay = time(20, 0)
    end: TimeOfDay = time(6, 30)
    source: Source = Source(local=True)


class Ground(Entry):
    """A cited ground on which a statutory clock may be extended or paused, and the role that may."""

    code: str
    label: Text
    by: str
    source: Source


class Eligibility(Entry):
    """Who may have a service. `foreigner`: open to foreigners; `papers`: codes that must be on the journey."""

    foreigner: bool = True
    papers: tuple[str, ...] = ()
    source: Source = Source(local=True)
    papers_source: Source = Source(local=True)


class Part(Entry):
    """What somebody to whom the task is handed down needs of the person and of the outcome; nothing where not said."""

    identity: tuple[str, ...] = ()
    sensitive: tuple[Sensitivity, ...] = ()
    source: Source = Source(local=True)


class Tone(StrEnum):
    """A body of the state is ordered; a bank or a union is requested."""

    ORDERED = "ordered"
    REQUESTED = "requested"


class Kind(Entry):
    """One task kind. `answerable`: a role, `role@reception`, `role@residence`, or `reporter` (who received the person).

    Not given, `neutral` is the label and `grace` one working day.
    """

    code: str
    stage: str
    answerable: str
    tone: Tone = Tone.ORDERED
    label: Text
    neutral: Text
    clock: Timing
    reply: Timing
    ladder: str
    grace: BudgetField
    identity: tuple[str, ...] = ()
    sensitive: tuple[Sensitivity, ...] = ()
    repeatable: bool = False
    rounds: int = 1
    way_home: bool = False  # still opens after the person withdrew
    choice_of_person: bool = False  # answered by the person's wish
    eligibility: Eligibility = Eligibility()
    part: Part = Part()
    grounds: tuple[Ground, ...] = ()
    source: Source

    @property
    def at_once(self) -> bool:
        """A duty at once: its clock counts hours, by night and on holidays too."""
        return self.clock.budget is not None and self.clock.budget.unit is Unit.HOURS

    def handed_down(self) -> Self:
        """The kind as whoever it was handed down to sees it: only the fields their part needs."""
        return self.model_copy(update={"identity": self.part.identity, "sensitive": self.part.sensitive})

    @model_validator(mode="after")
    def _part_within(self) -> Self:
        if not set(self.part.identity) <= set(self.identity) or not set(self.part.sensitive) <= set(self.sensitive):
            raise PydanticCustomError("part-too-wide", "a part may read no field that its kind does not read")
        return self

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {"grace": GRACE} | ({"neutral": given["label"]} if "label" in given else {}) | given


class RoleEntry(Entry):
    """A role of the plan. `directing`: the role whose division directs it and is the first rung."""

    code: str
    label: Text
    directing: str = ""
    source: Source


class Stage(Entry):
    """A stage of the plan; order in the file is the order of the plan."""

    code: str
    label: Text


class OrganisationEntry(Entry):
    """An organisation as the plan knows it. `commune`: its commune's code, empty for the district and the province."""

    code: str
    name: Text
    role: str
    parent: str = ""
    territory: str
    commune: str = ""
    since: date
    until: date | None = None
    source: Source


E = TypeVar("E", Kind, RoleEntry)


class Plan(Entry):
    """One plan version. `hash` is the SHA-256 of the file's bytes: what a journey is pinned to."""

    code: str
    title: Text
    regime: str
    since: date
    until: date | None = None
    territory: str
    lead: str
    roles: tuple[RoleEntry, ...]
    stages: tuple[Stage, ...]
    ladders: dict[str, tuple[RungRule, ...]]
    kinds: tuple[Kind, ...]
    organisations: tuple[OrganisationEntry, ...]
    follow_up_rounds: int
    objection: Term = Term(budget=parse_budget("P5WD"), source=Source(local=True))
    quiet: Quiet = Quiet()
    digest: Morning = Morning()
    silent_after: Term = Term(budget=parse_budget("P5WD"), source=Source(local=True))
    wording_confirmed: tuple[str, ...] = ()  # codes of the kinds whose labels a serving officer has read
    hash: str = ""

    def kind(self, code: str) -> Kind:
        """The kind of this code; KeyError for a code the plan does not have."""
        return next_or_key_error(self.kinds, code)

    def role(self, code: str) -> RoleEntry:
        """The role of this code; KeyError for a code the plan does not have."""
        return next_or_key_error(self.roles, code)

    def rungs(self, kind: Kind) -> tuple[RungRule, ...]:
        """The ladder of a kind, lowest rung first."""
        return self.ladders[kind.ladder]


def next_or_key_error(entries: tuple[E, ...], code: str) -> E:
    """The entry with this code."""
    for entry in entries:
        if entry.code == code:
            return entry
    raise KeyError(code)
