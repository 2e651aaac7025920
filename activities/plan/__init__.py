"""The plan as data a lawyer can read, and its rules as pure functions."""
