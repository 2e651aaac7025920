"""Loopback ports."""

import secrets
import socket
from itertools import islice

LOW = range(10_000, 32_768)
PRACTICE = 8090  # where a practice is, unless told otherwise


def practice_address(port: int) -> str:
    """Where a practice is opened: by another name than the real stack on this machine, since browsers keep cookies by name, not by port."""
    return f"http://localhost:{port}"


def free_port() -> int:
    """A port nobody uses at this moment."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """So many ports nobody uses at this moment, no two alike, below those a system hands out by itself.

    One of those could be taken by any connection before its server begins to listen. Temporal, too, keeps the ports of its
    members in a column that holds a signed number of two bytes.
    """
    tried = iter(secrets.SystemRandom().sample(LOW, len(LOW)))
    return list(islice(filter(is_free, tried), count))


def is_free(port: int) -> bool:
    """Nobody listens on it and we may."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
