"""A journey is started: step by step for one person, or from a sheet for those who are in somebody's book already."""
