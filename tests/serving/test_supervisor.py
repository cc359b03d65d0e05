"""The process tree: restarts what dies, leaves no orphan, ends in order."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import psutil
import pytest

from idp.config import PROJECT_ROOT
from idp.serving.logfile import RotatingLog
from tests.serving.deadline import until

RUNS = "import time; print('up', flush=True); time.sleep(600)"
WITH_A_CHILD = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
time.sleep(600)
"""
NOTES_ITS_END = """
import signal, sys, time
def end(number, frame):
    with open("ended.txt", "a") as file: file.write({name!r} + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("armed", flush=True)
time.sleep(600)
"""
IGNORES_SIGNALS = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("armed", flush=True)
time.sleep(600)
"""
FAILS = "print('the reason is here'); raise SystemExit(3)"


class Supervised:
    """The supervisor's process and what it said."""

    def __init__(self, folder: Path, programs: list[tuple[str, ...]], start_seconds: float) -> None:
        self.folder = folder
        self._said = folder / "said.txt"
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.serving.supervised", str(folder), str(start_seconds)),
                    json.dumps([[*program, ""][:3] for program in programs]),
                ],
                cwd=PROJECT_ROOT,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self._said.read_text()

    def log(self, name: str) -> str:
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def until_said(self, words: str) -> None:
        until(lambda: words in self.said(), f"{words!r} in {self.said()!r}")

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


class Supervise(Protocol):
    def __call__(self, *programs: tuple[str, ...], start_seconds: float = 60.0) -> Supervised: ...


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Supervise]:
    started: list[Supervised] = []

    def start(*programs: tuple[str, ...], start_seconds: float = 60.0) -> Supervised:
        started.append(Supervised(tmp_path, list(programs), start_seconds))
        return started[-1]

    yield start
    for each in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            left = [*each.descendants(), psutil.Process(each.process.pid)]
            for process in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
        each.process.wait(timeout=30)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


def all_gone(processes: list[psutil.Process]) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return not alive(processes)
    return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_program_that_dies_is_started_again(supervise: Supervise, number: int) -> None:
    tree = supervise(("one", RUNS), ("two", RUNS))
    tree.until_said("ready")
    first = {
        each.pid for each in until(lambda: tree.descendants()[1:] and tree.descendants(), "two programs")
    }
    victim = min(first)
    os.kill(victim, number)
    tree.until_said(f"was ended by {signal.Signals(number).name}; starting it again")
    until(lambda: len({each.pid for each in tree.descendants()} - {victim}) == 2, "two programs again")
    assert first - {victim} < {each.pid for each in tree.descendants()}


def test_the_children_of_a_killed_program_are_cleared_before_its_restart(supervise: Supervise) -> None:
    tree = supervise(("parent", WITH_A_CHILD))
    tree.until_said("ready")
    old = until(lambda: tree.descendants()[1:] and tree.descendants(), "the program and its child")
    os.kill(psutil.Process(tree.process.pid).children()[0].pid, signal.SIGKILL)
    tree.until_said("was ended by SIGKILL")
    until(lambda: all_gone(old), "the old processes are gone")
    until(lambda: len(tree.descendants()) == 2, "a new program and its child")


def test_no_program_outlives_a_killed_supervisor(supervise: Supervise) -> None:
    tree = supervise(("one", RUNS), ("stubborn", IGNORES_SIGNALS))
    tree.until_said("ready")
    until(lambda: "armed" in tree.log("stubborn"), "the stubborn program ignores signals")
    left = tree.descendants()
    assert len(left) == 2
    tree.process.kill()
    tree.process.wait(timeout=30)
    until(lambda: all_gone(left), "every program is gone")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_programs_in_reverse_order(supervise: Supervise, number: int) -> None:
    names = ["redis", "worker", "web", "beat"]
    tree = supervise(*((name, NOTES_ITS_END.format(name=name)) for name in names))
    tree.until_said("ready")
    until(lambda: all("armed" in tree.log(name) for name in names), "every program can note its end")
    programs = tree.descendants()
    assert tree.end(number) == 0
    assert (tree.folder / "ended.txt").read_text().split() == names[::-1]
    assert not alive(programs)


def test_a_program_that_will_not_end_is_killed(supervise: Supervise) -> None:
    tree = supervise(("stubborn", IGNORES_SIGNALS))
    until(lambda: "armed" in tree.log("stubborn"), "the program ignores signals")
    programs = tree.descendants()
    assert tree.end() == 0
    assert not alive(programs)


def test_a_program_that_dies_at_every_start_ends_the_whole_with_its_last_words(
    supervise: Supervise,
) -> None:
    tree = supervise(("good", RUNS), ("bad", FAILS, "never"), ("later", NOTES_ITS_END.format(name="later")))
    assert tree.process.wait(timeout=30) == 1
    assert "bad does not start; the end of" in tree.said()
    assert "the reason is here" in tree.said()
    assert "ready" not in tree.said()
    assert not tree.log("later")


def test_a_program_that_never_becomes_ready_ends_the_whole(supervise: Supervise) -> None:
    tree = supervise(("silent", RUNS, "never"), start_seconds=0.5)
    assert tree.process.wait(timeout=30) == 1
    assert "silent is not ready after" in tree.said()


def test_a_signal_during_the_start_ends_it_quietly(supervise: Supervise) -> None:
    tree = supervise(("silent", RUNS, "never"))
    until(lambda: "up" in tree.log("silent"), "the program runs")
    assert tree.end(signal.SIGINT) == 0
    assert not tree.said()


def test_output_is_kept_in_one_log_for_each_program(supervise: Supervise) -> None:
    tree = supervise(("one", RUNS.replace("up", "one is up")), ("two", RUNS))
    until(lambda: tree.log("two") == "up\n", "the second log")
    until(lambda: tree.log("one") == "one is up\n", "the first log")


def test_a_log_is_rotated_before_it_passes_its_size(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "web.log", largest=100, kept=3)
    for number in range(50):
        log.write(f"line {number:02d} of ten\n".encode())
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["web.log", "web.log.1", "web.log.2"]
    assert all(0 < file.stat().st_size <= 100 for file in files)
    assert log.last_lines(1) == ["line 49 of ten"]
