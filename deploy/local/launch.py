"""Becomes a program that dies with the process that started it. Runs on its own, with the standard library alone.

Called with: the parent's id, the signal it dies by, the user and the group to become (-1: stay), and the command. A hook
between fork and exec could deadlock in a process with threads (Temporal's client has many); a program of its own cannot.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, death: int, user: int, group: int, *command: str) -> None:
    """Drop to the user, ask the kernel for the signal (Linux only), become the command."""
    if user >= 0:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death)
    if os.getppid() != parent:
        sys.exit("the process that wanted this one is gone")
    os.execvp(command[0], command)  # noqa: S606 - to become the command is what this program is for; no shell reads it, each part is an argument of its own


if __name__ == "__main__":
    first, second, third, fourth, *rest = sys.argv[1:]
    main(int(first), int(second), int(third), int(fourth), *rest)
