"""Rows in memory behind the steps, as the stories see them; what the real rows do is tested with the casework."""

from dataclasses import dataclass, field

from temporalio import activity

from activities.domain.messages import EndJourney, Facts, JourneyStart, News, NewsAsk, NewsItem, Turn, Wake, Watch
from activities.domain.states import TaskState
from activities.steps import Steps

WAY_HOME = ("pay_journey_home", "escort_home")
LONG = 600.0  # seconds, beyond any test


@dataclass
class Row:
    """One task as its row would say it. Times are real seconds."""

    task: str
    state: TaskState = TaskState.OPEN
    generation: int = 1
    left: float = LONG
    wake: float | None = None
    code: str = ""
    flags: tuple[str, ...] = ()
    overdue: int = 0
    answers: int = 0
    whys: list[str] = field(default_factory=list)

    def turn(self) -> Turn:
        return Turn(
            state=self.state,
            generation=self.generation,
            left=self.left,
            wake=self.wake,
            code=self.code,
            flags=self.flags,
        )


class Rows(Steps):
    """The rows of one journey. `firsts` are rows as they shall be when the story opens them, by kind or kind#round."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.firsts: dict[str, Row] = {}
        self.opened: list[str] = []
        self.items: list[NewsItem] = []
        self.told = Facts(follow_up_rounds=2)
        self.ending = False
        self.ends: list[str] = []
        self.begun: list[int] = []
        self.again: JourneyStart | None = None
        self.failing: set[str] = set()  # kinds (or end_journey) whose step fails, as when the database is away

    @activity.defn
    async def settle(self, wake: Wake) -> Turn:
        """Open or look, as the real step does: an expired or ended generation is raised once."""
        if wake.ask.kind in self.failing:
            raise OSError(wake.ask.kind)
        name = wake.ask.kind if wake.ask.round == 1 else f"{wake.ask.kind}#{wake.ask.round}"
        row = self.rows.get(name)
        if row is None:
            if self.ending and wake.ask.kind not in WAY_HOME:
                return Turn(state=TaskState.WITHDRAWN)
            row = self.rows[name] = self.firsts.get(name, Row(task=""))
            row.task = wake.ask.task
            self.opened.append(name)
        elif not row.state.final:
            self._pass_time(row, wake)
        row.whys.append(wake.why)
        return row.turn()

    @activity.defn
    async def begin(self, start: JourneyStart) -> None:
        """The story says by which corrections it goes."""
        self.begun.append(start.corrected)

    @activity.defn
    async def climb(self, watch: Watch) -> float | None:
        """Nobody waits for a decision here."""
        return None if watch.correction else 0.0

    def _pass_time(self, row: Row, wake: Wake) -> None:
        if wake.why in ("expired", "ended") and row.generation == wake.held:
            row.generation += 1
            row.left = LONG
            row.overdue = row.overdue or int(wake.why == "expired")
        if wake.why == "rung":
            row.wake = None
            if row.state is TaskState.PAUSED:
                row.state, row.generation = TaskState.OPEN, row.generation + 1

    @activity.defn
    async def news(self, ask: NewsAsk) -> News:
        """The items after the cursor."""
        return News(cursor=len(self.items), items=tuple(self.items[ask.cursor :]))

    @activity.defn
    async def facts(self, _journey: str) -> Facts:
        """What the test told."""
        return self.told

    @activity.defn
    async def end_journey(self, end: EndJourney) -> None:
        """Withdraw what is live; remember the reason."""
        if "end_journey" in self.failing:
            raise OSError(end.reason)
        for row in self.rows.values():
            if not row.state.final:
                row.state = TaskState.WITHDRAWN
        self.ends.append(end.reason)
