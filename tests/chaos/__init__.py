"""What breaks in life, broken on purpose: killed processes, a server that is away, everything at one instant."""
