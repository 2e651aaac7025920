"""The file of sign-ins that a stack or an administrator is given: a user name, a tab and a password in each line."""

from collections.abc import Mapping
from pathlib import Path

NAME = "sign-ins.txt"  # in the data folder of a stack


def read_sign_ins(path: Path) -> dict[str, str]:
    """Passwords by user name, in the order of the file; OSError where it cannot be read."""
    pairs = (line.split("\t") for line in path.read_text().splitlines() if line)
    return {name: password for name, password, *_ in pairs}


def as_text(passwords: Mapping[str, str]) -> str:
    """What stands in such a file."""
    return "".join(f"{name}\t{password}\n" for name, password in passwords.items())
