"""Which of a person's fields somebody may read: those the kinds of their tasks list, once the policy lets them read at all."""

from collections.abc import Iterable

from activities.plan.access import Actor, Scope, Subject, Verb, may, scope, watches
from activities.plan.model import Kind, Plan


def identity_fields(
    actor: Actor, subject: Subject, plan: Plan, live: Iterable[Kind], *, reason: str = ""
) -> frozenset[str]:
    """Names of the identity fields this actor may read; empty where `may` refuses.

    `live`: kinds of the live tasks the actor's organisation has in the journey; for a supervisor who gives a reason, of all
    tasks it or one below it has or had: a head reads what their agency's work needs, and no more. The lead, and with a reason whoever watches the district, read
    what the lead's kinds list; nobody reads a field no kind lists.
    """
    if not may(actor, Verb.READ_IDENTITY, subject, reason=reason).allowed:
        return frozenset()
    seen, own = scope(actor), frozenset(name for kind in live for name in kind.identity)
    heads_lead = subject.lead_id == actor.organisation_id and watches(actor, subject)
    watches_all = Scope(watched_territory=seen.watched_territory).covers(subject)
    if subject.lead_id in seen.led_by or (reason.strip() and (heads_lead or watches_all)):
        return own | frozenset(name for kind in plan.kinds if kind.answerable == plan.lead for name in kind.identity)
    return own
