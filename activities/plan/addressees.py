"""To whom a comment may be addressed, and as which of them somebody reads: a pure policy beside `access`."""

from enum import StrEnum

from activities.domain.states import Role
from activities.plan.access import Actor, Subject


class Addressee(StrEnum):
    """`holder`: the officers of the agency that holds the task; `head`: those who lead it; `supervisor`: of the district."""

    HOLDER = "holder"
    HEAD = "head"
    COORDINATOR = "coordinator"
    SUPERVISOR = "supervisor"


AGENCY = frozenset({Addressee.HOLDER, Addressee.HEAD})  # read only in the agencies that were addressed at the time


def reads_as(actor: Actor, subject: Subject) -> frozenset[Addressee]:
    """As which addressees the actor reads in this case; HOLDER and HEAD hold within their own agency alone."""
    if Role.ADMINISTRATOR in actor.roles:
        return frozenset()
    found = set()
    if actor.roles & {Role.OFFICER, Role.COORDINATOR}:
        found.add(Addressee.HOLDER)
    if Role.COORDINATOR in actor.roles and actor.lead and actor.organisation_id == subject.lead_id:
        found.add(Addressee.COORDINATOR)
    if Role.SUPERVISOR in actor.roles and not actor.district:
        found.add(Addressee.HEAD)
    if Role.SUPERVISOR in actor.roles and actor.district and actor.territory == subject.territory:
        found.add(Addressee.SUPERVISOR)
    return frozenset(found)
