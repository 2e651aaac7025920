"""The coordinator's room: all journeys, one journey, what happened in it, and how one begins."""
