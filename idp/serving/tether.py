"""Run a command that cannot outlive the process that started it: ``python tether.py PARENT_PID COMMAND...``

Linux sends the command SIGKILL when its parent dies, whatever it died of (PR_SET_PDEATHSIG). This is a
program of its own, because only code run after the fork and before the exec can ask for it, and Python's own
hook for that is unsafe; it imports the standard library alone so that it costs milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent `parent` ends. Exits if that has already happened."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        if prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    # The parent may have died before the request was made.
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    tie_to_parent(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
