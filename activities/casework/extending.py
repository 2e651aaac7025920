"""How much time one extension may give: what is asked for and what is granted have the same bound."""

from activities.casework.context import Office
from activities.casework.errors import InvalidError
from activities.plan.deadlines import Budget, BudgetError, Unit, due, parse_budget

LONGEST_EXTENSION = Budget(12, Unit.MONTHS)  # local: more time than this is another plan, not an extension


def within_bounds(office: Office, budget: str) -> None:
    """InvalidError for time that cannot be read, or for more of it than one extension may give."""
    try:
        length = parse_budget(budget)
    except BudgetError:
        raise InvalidError("budget-invalid", example="P5WD") from None
    now = office.now()
    ends = [due(now, each, office.calendar) for each in (length, LONGEST_EXTENSION)]
    if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
        raise InvalidError("extension-too-long", longest=str(LONGEST_EXTENSION))
