"""Keep a list of programs running, and end them in order: one thread, one loop, no process left behind."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from idp.serving.program import Program, RunningProgram

POLL_SECONDS: Final = 0.1
"""How often a program that is starting is asked whether it is ready."""

DEATHS_ALLOWED_AT_START: Final = 3
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


class Supervisor:
    """Start `programs` in order, restart what dies, and on a signal end them in the reverse order.

    A program that dies again and again before everything was ready once, or that is not ready in
    `start_seconds`, ends the whole: a person is looking at the terminal then, and is told. Later deaths only
    lead to restarts.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        log_dir: Path,
        say: Say,
        when_ready: Callable[[], None],
        start_seconds: float = 90.0,
    ) -> None:
        self._running = [RunningProgram(program, log_dir) for program in programs]
        self._say = say
        self._when_ready = when_ready
        self._start_seconds = start_seconds
        self._signals_received = 0
        self._wakeup: int | None = None

    def run(self) -> int:
        """Returns when everything has ended: 0 after a signal, 1 when the start failed. Main thread only."""
        with self._signals():
            try:
                started = self._start_all()
                if started:
                    self._when_ready()
                while not self._signals_received and started:
                    self._turn(self._until_next_start())
            finally:
                self._stop_all()
        return 0 if started or self._signals_received else 1

    def _start_all(self) -> bool:
        """True when every program is ready; False when one fails or a signal comes first."""
        deaths: dict[str, int] = {}
        for running in self._running:
            running.start(time.monotonic())
            deadline = time.monotonic() + self._start_seconds
            while not (running.process is not None and running.program.is_ready()):
                for name in self._turn(POLL_SECONDS):
                    deaths[name] = deaths.get(name, 0) + 1
                if self._signals_received:
                    return False
                if failed := next((name for name in deaths if deaths[name] >= DEATHS_ALLOWED_AT_START), None):
                    self._explain(failed, "does not start")
                    return False
                if time.monotonic() > deadline:
                    self._explain(running.name, f"is not ready after {self._start_seconds:.0f} seconds")
                    return False
        return True

    def _turn(self, timeout: float | None) -> list[str]:
        """Wait for output, a death, a signal or the time-out, and see to them. Returns who died."""
        with selectors.DefaultSelector() as selector:
            if self._wakeup is not None:
                selector.register(self._wakeup, selectors.EVENT_READ)
            for running in self._running:
                if running.output is not None:
                    selector.register(running.output, selectors.EVENT_READ)
            selector.select(timeout)
        self._clear_wakeup()
        now = time.monotonic()
        died = []
        for running in self._running:
            running.drain()
            if (reason := running.ended(now)) is not None:
                died.append(running.name)
                self._say(f"{running.name} {reason}; starting it again in {running.start_at - now:.1f} s")
            elif running.process is None and 0 < running.start_at <= now and not self._signals_received:
                running.start(now)
        return died

    def _until_next_start(self) -> float | None:
        """Seconds to the next planned restart; None when nothing is planned."""
        planned = [running.start_at for running in self._running if running.process is None]
        return max(0.0, min(planned) - time.monotonic()) if planned else None

    def _stop_all(self) -> None:
        """In reverse order, each with its time to finish; a second signal ends everything at once."""
        received_before = self._signals_received
        for running in reversed(self._running):
            running.ask_to_stop()
            deadline = time.monotonic() + running.program.stop_seconds
            while running.process is not None:
                if self._signals_received > received_before or time.monotonic() > deadline:
                    running.kill()
                    break
                self._await_end(running)
            running.log.close()

    def _await_end(self, stopping: RunningProgram) -> None:
        with selectors.DefaultSelector() as selector:
            if self._wakeup is not None:
                selector.register(self._wakeup, selectors.EVENT_READ)
            if stopping.output is not None:
                selector.register(stopping.output, selectors.EVENT_READ)
            selector.select(POLL_SECONDS)
        self._clear_wakeup()
        stopping.drain()
        stopping.ended(time.monotonic())

    def _explain(self, name: str, what: str) -> None:
        running = next(each for each in self._running if each.name == name)
        running.drain()
        self._say(f"{name} {what}; the end of {running.log.path}:")
        for line in running.log.last_lines():
            self._say(f"  {line}")

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Count the signals that ask for the end, and let every signal wake the loop."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)

        def count(number: int, frame: FrameType | None) -> None:
            self._signals_received += 1

        former = {number: signal.signal(number, count) for number in STOP_SIGNALS}
        former[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        former_wakeup = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._wakeup = reading
        try:
            yield
        finally:
            self._wakeup = None
            signal.set_wakeup_fd(former_wakeup)
            for number, handler in former.items():
                signal.signal(number, handler)
            os.close(reading)
            os.close(writing)

    def _clear_wakeup(self) -> None:
        if self._wakeup is not None:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wakeup, 4096)
