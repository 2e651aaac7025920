"""A rehearsal of the plan with synthetic people and officers."""
