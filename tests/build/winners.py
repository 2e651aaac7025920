"""What the one who came second is told of the first."""

from activities.casework.errors import CaseError


def winner_of(refusal: CaseError) -> dict[str, object]:
    """State, code and moment of what came first, as the refusal names it."""
    winner = refusal.facts["winner"]
    assert isinstance(winner, dict)
    return winner
