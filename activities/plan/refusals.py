"""What a person may say no to: the services of the plan, never what protects, identifies or closes."""

from activities.plan.access import BLIND

SERVING = frozenset({"care", "community"})  # stages of services; the kinds of others are duties of the agencies
SERVES_TOO = "meet_essential_needs"  # of reception


def refusable(kind: str, stage: str) -> bool:
    """Whether this kind, of this stage, is a service that the person may refuse; local: no article names them."""
    return kind == SERVES_TOO or (stage in SERVING and kind not in BLIND)
