"""Running it: commands, local stack, rehearsal."""
