"""Stories of the schema."""
