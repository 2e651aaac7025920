"""The bench: every budget measured, with its floor in the same run."""
