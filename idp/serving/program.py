"""One program of the process tree: how it is started, watched and stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from idp.serving import tether
from idp.serving.logfile import RotatingLog

FIRST_DELAY: Final = 0.5
LONGEST_DELAY: Final = 30.0
STEADY_AFTER: Final = 60.0
"""Seconds a program must have run for its next death to count as the first again."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `is_ready` is asked until it says yes before the next program is started."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] = lambda: True
    stop_seconds: float = 25.0
    inherited_files: tuple[int, ...] = ()
    first_delay: float = FIRST_DELAY


class RunningProgram:
    """A Program with its process, if it has one now, its log, and the time of its next start."""

    def __init__(self, program: Program, log_dir: Path) -> None:
        self.program = program
        self.log = RotatingLog(log_dir / f"{program.name}.log")
        self.process: subprocess.Popen[bytes] | None = None
        self.output: IO[bytes] | None = None
        self.start_at = 0.0
        self._started_at = 0.0
        self._delay = program.first_delay

    @property
    def name(self) -> str:
        return self.program.name

    def start(self, now: float) -> None:
        """Start the process in a session of its own: the terminal's Ctrl-C reaches the supervisor alone.

        Must be called from the main thread: PR_SET_PDEATHSIG watches the thread that forked.
        """
        command = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), *self.program.command]
        self._started_at = now
        self.process = subprocess.Popen(
            command,
            env=dict(self.program.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=self.program.inherited_files,
            start_new_session=True,
            bufsize=0,
        )
        assert self.process.stdout is not None
        self.output = self.process.stdout
        os.set_blocking(self.output.fileno(), False)

    def drain(self) -> None:
        """Copy what the process has written so far into its log."""
        while self.output is not None:
            written = self.output.read(65_536)
            if written:
                self.log.write(written)
                continue
            if written is not None:  # the end: nobody holds the other side any more
                self.output.close()
                self.output = None
            return

    def ended(self, now: float) -> str | None:
        """None while running; else what it died of, with its remains cleared and its next start planned."""
        if self.process is None:
            return None
        # Look without reaping: while the process is a zombie, its group's number cannot be anybody else's.
        if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        code = self._clear()
        if now - self._started_at >= STEADY_AFTER:
            self._delay = self.program.first_delay
        self.start_at = now + self._delay
        self._delay = min(self._delay * 2, LONGEST_DELAY)
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def ask_to_stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process and everything it started, now."""
        if self.process is not None:
            self._clear()

    def _clear(self) -> int:
        """Leave nothing of the process behind: what it started itself is in its group. Returns its code."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        code = self.process.wait()
        self.drain()
        if self.output is not None:
            self.output.close()
            self.output = None
        self.process = None
        return code
