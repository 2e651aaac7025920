"""Frozen messages between the stories and the steps: ids and codes only, never a person, a place or a free text."""

from pydantic import BaseModel, ConfigDict

TOLD = "told"  # the memo that says which telling of its journey a story is


class Message(BaseModel):
    """Tolerant on purpose: a field added later has a default, a field unknown to an old story is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class JourneyStart(Message):
    """What starts a journey's story. Everything else is read from the rows by the steps.

    `rounds`: where a task asked for as `kind#round` is another round's row; `cursor`: news before it is not heard again;
    `corrected`: how many corrections the story goes by; `told`: which telling of the journey this is.
    """

    journey: str
    rounds: dict[str, int] = {}
    cursor: int = 0
    corrected: int = 0
    told: str = ""


class Ask(Message):
    """What the story asks an agency for; `task` is `ids.task_id(journey, kind, round)`."""

    journey: str
    task: str
    kind: str
    round: int = 1


class Wake(Message):
    """Why the story looks at the row, and the generation it holds (0 = none)."""

    ask: Ask
    held: int = 0
    why: str = "open"  # open | look | rung | expired | ended


class Turn(Message):
    """What the row says now. Times are real seconds from the moment of the transaction."""

    state: str
    generation: int = 0
    left: float = 0.0  # to the deadline of this generation
    wake: float | None = None  # to the next rung, or to the review date of a pause or a return
    code: str = ""  # deciding code of the outcome that won
    flags: tuple[str, ...] = ()


class Ended(Message):
    """Result the relay completes a generation with: the committed answer, or empty for "look at the row"."""

    code: str = ""
    flags: tuple[str, ...] = ()


class NewsAsk(Message):
    """What happened to the journey since `cursor` (0 = since the beginning)?"""

    journey: str
    cursor: int = 0


class NewsItem(Message):
    """One thing that happened. `code`: danger | again | withdrawn | home | corrected.

    `kind` and `round` name a task to open again; of a correction, `round` is its number.
    """

    code: str
    kind: str = ""
    round: int = 1


class News(Message):
    """The news after a cursor, oldest first, and the cursor to ask from next time; `again`: how to go on once corrected."""

    cursor: int
    items: tuple[NewsItem, ...] = ()
    again: JourneyStart | None = None


class Facts(Message):
    """What the story may know of the journey when it chooses its next branch; codes only."""

    child: bool = False
    foreigner: bool = False
    withdrawn: bool = False
    follow_up_rounds: int = 1
    services: tuple[str, ...] = ()  # community kinds that need and eligibility allow, in plan order


class Known(Message):
    """What a story can know without asking anybody: how its tasks ended, by `kind#round`, its facts and its news.

    `barred`: kinds that would not open in this journey.
    """

    journey: str
    turns: dict[str, Turn]
    facts: Facts
    news: tuple[NewsItem, ...] = ()
    barred: tuple[str, ...] = ()


class Watch(Message):
    """A decision somebody waits for; it climbs when nobody makes it."""

    journey: str
    correction: str


class EndJourney(Message):
    """Close the journey's row. `reason`: settled | no_service | not_identified | withdrawn | home | cancelled | …."""

    journey: str
    reason: str
