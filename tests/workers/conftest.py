"""Real workers: their environment, their start and their end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from idp.config import PROJECT_ROOT, Settings, load_settings
from idp.serving.programs import child_environment


@pytest.fixture
def settings(tmp_path: Path, database_url: str, redis_url: str, smtp_server) -> Settings:
    """A deployment of this test's own on real servers."""
    return load_settings(
        {},
        data_dir=tmp_path / "data",
        database_url=database_url,
        redis_url=redis_url,
        mail_url=smtp_server.url,
    )


class Worker:
    """`celery worker` as `idp serve` starts it, in a process group of its own."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "workers.app", "worker", "--concurrency=2"),
                    *("--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"),
                ],
                cwd=PROJECT_ROOT,
                env=child_environment(settings),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As a power cut: the whole group at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)


@pytest.fixture
def start_worker(settings: Settings, tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker(settings, tmp_path / "worker.log"))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()


def wait_until(holds: Callable[[], bool], what: str, log: Path | None = None, seconds: float = 60.0) -> None:
    """Return as soon as it holds; fail after the deadline, with what the worker said."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            said = log.read_text()[-4000:] if log and log.exists() else ""
            pytest.fail(f"not within {seconds} s: {what}\n{said}")
        time.sleep(0.05)
