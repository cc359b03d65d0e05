"""Start a server so that it ends with the tests, as another user where it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Drops to the user and then ties itself to its parent: the tie is lost when a process changes its user, and
# the other user may not be able to run this project's Python, so both happen before the one exec.
LAUNCH = """
import ctypes, os, signal, sys
parent, user, group = (int(part) for part in sys.argv[1:4])
if os.getuid() != user:
    os.setgroups([]); os.setgid(group); os.setuid(user)
ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
if os.getppid() != parent:
    os._exit(1)
os.execv(sys.argv[4], sys.argv[4:])
"""


def unprivileged_user() -> pwd.struct_passwd:
    """This user; for root, who may not run PostgreSQL, `postgres` or else `nobody`."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("root needs a user postgres or nobody to run PostgreSQL as")


def command_as(user: pwd.struct_passwd | None, *command: str) -> list[str]:
    """`command` as `user` (None: this one), ended by the kernel when this process ends."""
    number, group = (user.pw_uid, user.pw_gid) if user else (os.getuid(), os.getgid())
    return [sys.executable, "-I", "-S", "-c", LAUNCH, str(os.getpid()), str(number), str(group), *command]


class Server:
    """A running server with its log."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str] | None = None) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=log.parent,
                start_new_session=True,
            )

    def wait_until(self, answers: Callable[[], bool], seconds: float = 60.0) -> None:
        """Raises RuntimeError with the log when the server ends or does not answer in time."""
        deadline = time.monotonic() + seconds
        while not answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self.process.args!r} did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
