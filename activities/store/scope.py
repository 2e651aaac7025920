"""The one place that turns a scope into a WHERE."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, and_, exists, false, literal_column, or_, select
from sqlalchemy.orm import aliased

from activities.domain.states import JourneyState, TaskState
from activities.plan import access
from activities.plan.access import Actor, Scope
from activities.store.journeys import Journey
from activities.store.notices import Notice
from activities.store.organisations import Organisation, RoleHolder
from activities.store.tally import Tally
from activities.store.tasks import Task


def in_states(*states: TaskState) -> ColumnElement[bool]:
    """Tasks in one of these states, written out: an index of some states serves a statement that says which, in every plan of it."""
    return Task.state.in_([literal_column(f"'{each.value}'") for each in states])


def not_closed() -> ColumnElement[bool]:
    """Journeys that go on, written out as well: most do, and the database must know it before it is told a value."""
    return Journey.state != literal_column(f"'{JourneyState.CLOSED.value}'")


def tasks_within(scope: Scope) -> ColumnElement[bool]:
    """Tasks an actor may know of; the query must join `Journey`."""
    return _within(scope, Journey, Task)


def held_within(scope: Scope, organisation: str) -> ColumnElement[bool]:
    """The same tasks, as far as an organisation holds them: where all it holds may be known, nothing else is asked."""
    return _all_or_within(
        scope, Task.organisation_id == organisation, organisation in scope.organisations | scope.watched
    )


def answered_for_within(scope: Scope, organisation: str) -> ColumnElement[bool]:
    """The same tasks, as far as an organisation handed them down."""
    known = organisation in scope.organisations | scope.watched
    return _all_or_within(scope, Task.answerable_id == organisation, known)


def led_within(scope: Scope, organisation: str) -> ColumnElement[bool]:
    """The same tasks, of the journeys an organisation leads; the query must join `Journey`."""
    return _all_or_within(scope, Journey.lead_id == organisation, organisation in scope.led_by)


def _all_or_within(scope: Scope, theirs: ColumnElement[bool], known: bool) -> ColumnElement[bool]:
    # one equality picks an index; an alternative beside it makes the database read the whole of two
    return theirs if known else and_(theirs, tasks_within(scope))


def tasks_within_by_key(scope: Scope) -> ColumnElement[bool]:
    """The same tasks where they are few: each task's journey is looked up by its key, and nothing need be joined."""
    own = select(Journey.id).where(Journey.id == Task.journey_id, _within(scope, Journey, Task))
    return own.correlate(Task).scalar_subquery().is_not(None)


def tallied_within(scope: Scope) -> ColumnElement[bool]:
    """The part of the tally that counts those tasks, and no others."""
    return _within(scope, Tally, Tally)


def _within(scope: Scope, led: type[Journey | Tally], held: type[Task | Tally]) -> ColumnElement[bool]:
    # the territory first: where it is watched it holds for most rows, and the rest need not be compared
    return or_(
        false(),
        led.territory == scope.watched_territory if scope.watched_territory else false(),
        led.lead_id.in_(scope.led_by),
        held.organisation_id.in_(scope.organisations | scope.watched),
        held.answerable_id.in_(scope.organisations | scope.watched),
    )


def journeys_within(scope: Scope) -> ColumnElement[bool]:
    """Journeys an actor may know of: led by theirs, held or watched in part, or in the territory they watch.

    A part in a blind kind alone is none: who confirms the funds does not know whose they are.
    """
    part = aliased(Task)
    concerned = scope.organisations | scope.watched
    theirs = or_(part.organisation_id.in_(concerned), part.answerable_id.in_(concerned))
    ours = and_(part.journey_id == Journey.id, theirs, part.kind.not_in(access.BLIND))
    return or_(
        false(),
        Journey.territory == scope.watched_territory if scope.watched_territory else false(),
        Journey.lead_id.in_(scope.led_by),
        Journey.reporter_id.in_(concerned),
        select(part.id).where(ours).limit(1).scalar_subquery().is_not(None),  # asked last, a journey at a time
    )


def grants_within(actor: Actor, day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Journeys whose grants and payments an actor's agency may know of: the lead's own, and where the person lives.

    The commune that has the person before it is asked what was granted, though others decided and paid it.
    """
    own = RoleHolder.organisation_id == actor.organisation_id
    held = and_(RoleHolder.since <= day, or_(RoleHolder.until.is_(None), RoleHolder.until >= day))
    here = and_(RoleHolder.role == "commune", RoleHolder.commune == Journey.residence_commune)
    lives = and_(RoleHolder.territory == Journey.territory, RoleHolder.commune != "")
    return or_(Journey.lead_id == actor.organisation_id, exists(select(RoleHolder.id).where(own, held, here, lives)))


def notices_to(actor: Actor, audiences: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """Notices put before an actor, by the way they came: to their audiences in their organisation or to them, to their district.

    No notice comes both ways, and each way has an index: a question that counts asks them one after the other.
    """
    ours = and_(
        Notice.organisation_id == actor.organisation_id,
        Notice.audience.in_(audiences),
        or_(Notice.officer_id.is_(None), Notice.officer_id == actor.officer_id),
    )
    if not actor.district:
        return (ours,)
    here = select(Organisation.id).where(Organisation.territory == actor.territory)
    return ours, and_(Notice.audience == literal_column("'district'"), Notice.organisation_id.in_(here))


def notices_within(actor: Actor, audiences: Collection[str]) -> ColumnElement[bool]:
    """The same as one condition."""
    return or_(*notices_to(actor, audiences))
