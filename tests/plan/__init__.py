"""The plan's rules: calendar, deadlines, clock and ladder, as pure functions."""
