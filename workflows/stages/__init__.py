"""One legal stage each."""
