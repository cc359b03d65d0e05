"""The programs behind `idp serve`, in the order of their start."""

from __future__ import annotations

import os
import sys
from socket import AF_INET, AF_INET6, create_server, socket

from idp.config import PREFIX, PROJECT_ROOT, Settings
from idp.serving.health import is_healthy
from idp.serving.program import Program
from idp.serving.redis_server import answers, find_redis_server, redis_command


def programs(settings: Settings, listening: socket) -> list[Program]:
    """A private Redis if none is named, the worker, the web server on `listening`, the beat.

    They end in the reverse order: nothing new is planned, requests finish, tasks finish, Redis goes last.
    Raises RedisNotFound.
    """
    environment = child_environment(settings)
    found = [] if not settings.has_private_redis else [_redis(settings, environment)]
    celery = (sys.executable, "-m", "celery", "-A", "workers.app")
    return [
        *found,
        Program(
            name="worker",
            command=(
                *celery,
                "worker",
                f"--loglevel={settings.log_level}",
                f"--concurrency={settings.worker_concurrency}",
                "--without-gossip",
                "--without-mingle",
            ),
            environment=environment,
            stop_seconds=40.0,  # more than the worker's own soft shutdown
        ),
        Program(
            name="web",
            command=(
                *(sys.executable, "-m", "gunicorn", "--config", "python:idp.serving.gunicorn_settings"),
                *("--bind", f"fd://{listening.fileno()}"),
                "idp.wsgi:app",
            ),
            environment=environment,
            is_ready=lambda: is_healthy(settings, *listening.getsockname()[:2]),
            stop_seconds=30.0,
            inherited_files=(listening.fileno(),),
        ),
        Program(
            name="beat",
            command=(
                *celery,
                "beat",
                f"--loglevel={settings.log_level}",
                f"--schedule={settings.data_dir / 'beat-schedule'}",
                "--pidfile=",  # the supervisor knows the process; a stale file would stop the next start
            ),
            environment=environment,
            stop_seconds=10.0,
        ),
    ]


def child_environment(settings: Settings) -> dict[str, str]:
    """The process' environment with exactly these settings in it, wherever they came from."""
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(PREFIX) or name.startswith(f"{PREFIX}TEST_")
    }
    # The project's folder: `-m` and Celery look for modules in the working directory, which is the caller's.
    path = os.pathsep.join(filter(None, (str(PROJECT_ROOT), others.get("PYTHONPATH"))))
    return {**others, **settings.environment_variables(), "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def listen(host: str, port: int) -> socket:
    """Take the port before anything is started, and hold it while the web server restarts. Raises OSError."""
    return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET, backlog=512)


def _redis(settings: Settings, environment: dict[str, str]) -> Program:
    folder = settings.data_dir / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    return Program(
        name="redis",
        command=redis_command(find_redis_server(), settings.redis_socket, folder),
        environment=environment,
        is_ready=lambda: answers(settings.redis_client_url),
        stop_seconds=10.0,
    )
