"""One outside system each, behind a small protocol."""
