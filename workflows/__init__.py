"""The stories: deterministic, no clock, no driver, no calendar."""
