"""Questions the web process asks of the rows."""
