"""The one place that turns a scope into a WHERE."""

from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import aliased

from activities.plan.access import Scope
from activities.store.journeys import Journey
from activities.store.tasks import Task


def tasks_within(scope: Scope) -> ColumnElement[bool]:
    """Tasks an actor may know of; the query must join `Journey`."""
    return or_(
        false(),
        Journey.lead_id.in_(scope.led_by),
        Task.organisation_id.in_(scope.organisations | scope.watched),
        Journey.territory == scope.watched_territory if scope.watched_territory else false(),
    )


def journeys_within(scope: Scope) -> ColumnElement[bool]:
    """Journeys an actor may know of: led by theirs, held or watched in part, or in the territory they watch."""
    part = aliased(Task)
    concerned = scope.organisations | scope.watched
    return or_(
        false(),
        Journey.lead_id.in_(scope.led_by),
        Journey.reporter_id.in_(concerned),
        exists(select(part.id).where(part.journey_id == Journey.id, part.organisation_id.in_(concerned))),
        Journey.territory == scope.watched_territory if scope.watched_territory else false(),
    )
