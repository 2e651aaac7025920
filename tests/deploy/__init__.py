"""The local stack and the commands."""
