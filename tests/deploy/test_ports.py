"""A server's port is its own until it listens: between the two lie the starts of other servers."""

from pathlib import Path

from deploy.local.ports import LOW, free_port, free_ports

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
DYNAMIC = (49152, 65535)  # where the system does not say: RFC 6335, section 6


def test_no_outgoing_connection_is_given_a_servers_port() -> None:
    """The system hands out ports from its own range to whoever connects: none of ours lies there."""
    first, last = map(int, RANGE.read_text().split()) if RANGE.exists() else DYNAMIC
    assert set(LOW).isdisjoint(range(first, last + 1))
    assert free_port() in LOW


def test_servers_that_start_together_get_ports_apart() -> None:
    """Four members of one server ask at once."""
    assert 4 == len(set(free_ports(4)) & set(LOW))
