"""The embedded stack of one machine."""
