"""One legal stage of the plan each."""
