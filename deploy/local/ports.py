"""Loopback ports."""

import socket
from contextlib import ExitStack


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> list[int]:
    """So many ports nobody uses at this moment, no two alike."""
    with ExitStack() as probes:
        each = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in each:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in each]


def is_free(port: int) -> bool:
    """Nobody listens on it and we may."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
