"""Everybody does anything in any order: the board says what counting the rows anew would say, to everybody."""

from datetime import timedelta

from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select, update

from activities.casework.context import Office
from activities.domain.ids import new_id, task_id
from activities.store import tally
from activities.store.engine import Sessions
from activities.store.notices import Delivery, Notice
from activities.store.tasks import Task
from tests.build.boards import counted, same, shown
from tests.casework.test_races import later
from tests.chaos.machines import play
from tests.chaos.test_any_order import KINDS, Offices

WATCHERS = (
    "district.supervisor", "labour-division.coordinator", "labour-division.head", "education-division.head",
    "school-one.head", "medical-centre.head", "district-police.head", "commune-tri-an.officer", "administrator",
)  # fmt: skip


class Board(Offices):
    """The same acts; beside them messages that come to nobody, days that go by unmarked, and a tally that is folded."""

    @rule(kind=st.sampled_from(KINDS), state=st.sampled_from(["undelivered", "pending", "delivered"]))
    def a_message_goes_its_way(self, kind: str, state: str) -> None:
        """It comes to nobody, is tried again, or arrives after all."""
        self.runner.run(self._goes(kind, state))

    async def _goes(self, kind: str, state: str) -> None:
        about = Notice.task_id == task_id(self.journey, kind)
        async with self.sessions.begin() as session:
            notice = (await session.scalars(select(Notice.id).where(about).order_by(Notice.at.desc()).limit(1))).first()
            if notice is None:
                return
            row = await session.scalar(select(Delivery).where(Delivery.notice_id == notice, Delivery.channel == "mail"))
            if row is None:
                row = Delivery(id=new_id("delivery"), notice_id=notice, channel="mail", reached=[])
                row.next_at = self.office.now()
                session.add(row)
            row.state = state

    @rule(kind=st.sampled_from(KINDS), days=st.sampled_from([-100, -40, -9, -1, 3]))
    def its_date_moves(self, kind: str, days: int) -> None:
        """It was opened so long ago and is due then: perhaps its date has passed, and nothing ran that could say so."""
        self.runner.run(self._moved(kind, timedelta(days=days)))

    async def _moved(self, kind: str, by: timedelta) -> None:
        one = update(Task).where(Task.id == task_id(self.journey, kind))
        async with self.sessions.begin() as session:
            await session.execute(
                one.values(opened_at=self.office.now() + min(by, timedelta()), due_at=Task.due_at + by)
            )

    async def _is_whole(self, *_: object) -> None:
        """Dates are moved here by hand; that rows are whole is told elsewhere."""

    @rule()
    def the_tally_is_folded(self) -> None:
        """Its rows are replaced by their sum."""
        self.runner.run(self._fold())

    async def _fold(self) -> None:
        async with self.sessions.begin() as session:
            await tally.fold(session, self.office.today())

    @rule(watcher=st.sampled_from(WATCHERS), days=st.sampled_from([0, 0, 1, 8, 45]))
    def somebody_looks(self, watcher: str, days: int) -> None:
        """Now, or when days have gone by in which nothing ran."""
        self.runner.run(self._look_at(watcher, later(self.office, timedelta(days=days))))

    async def _look_at(self, watcher: str, office: Office) -> None:
        async with self.sessions.begin() as session:
            seen = await shown(session, office, watcher)
            same(seen, await counted(session, office, watcher, seen["as_of"]))

    def teardown(self) -> None:
        """Whatever was done, everybody's board is right, and no sum differs from the rows."""
        for watcher in WATCHERS:
            self.runner.run(self._look_at(watcher, self.office))
        self.runner.run(self._agrees())
        super().teardown()

    async def _agrees(self) -> None:
        async with self.sessions() as session:
            assert 0 == await tally.apart(session, self.office.today())


def test_the_board_says_what_the_rows_say(database_url: str, sessions: Sessions, of_its_own: Office) -> None:
    """For the district, the lead, every head, and those who may see nothing; each number with its oldest."""
    play(Board, database_url, of_its_own, lives=12, phases=[Phase.generate])
