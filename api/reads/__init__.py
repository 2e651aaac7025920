"""Questions the web process asks of the rows, scoped in one place."""
