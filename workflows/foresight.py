"""What a story would ask for, given how its tasks ended: the story itself, told without a server."""

from collections.abc import Coroutine

from activities.agencies.waiting import Activity
from activities.domain.ids import named
from activities.domain.messages import Facts, JourneyStart, Known, Turn
from activities.domain.states import TaskState
from workflows.case import Case
from workflows.plan import ASIDES, follow_plan, open_aside


class NotYetError(Exception):
    """The task has not ended: nobody knows how the story goes on."""


class Foreseen(Case):
    """A case in which every answer is known or none is given."""

    def __init__(self, known: Known) -> None:
        super().__init__(JourneyStart(journey=known.journey))
        self._known, self.asked = known, list[str]()
        self.withdrawn = known.facts.withdrawn

    async def do(self, work: Activity, round_: int = 1) -> Turn:
        """How the task ended; NotYetError, and noted as asked for, while it has not."""
        name = named(work.__name__, round_)
        turn = self._known.turns.get(name)
        if turn is None and work.__name__ in self._known.barred:
            return Turn(state=TaskState.WITHDRAWN)
        if name not in self.asked:
            self.asked.append(name)
        if turn is None:
            raise NotYetError
        return turn

    async def facts(self, why: str) -> Facts:
        """The facts it was given."""
        del why
        return self._known.facts


async def foresee(known: Known) -> tuple[str, ...]:
    """Every task, by `kind#round`, the story has asked for once these are known; the open ones among them."""
    case, asides = Foreseen(known), [item for item in known.news if item.code in ASIDES]
    await _as_far_as_known(follow_plan(case, asides.append))
    for item in asides:
        await _as_far_as_known(open_aside(case, item))
    return tuple(case.asked)


async def _as_far_as_known(telling: "Coroutine[object, object, object]") -> None:
    try:
        await telling
    except NotYetError:
        return
