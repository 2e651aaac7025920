"""The stories, on a real Temporal server with rows in memory: the story is the subject, not the rows."""
