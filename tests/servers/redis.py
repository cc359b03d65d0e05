"""A throw-away Redis on a unix socket, started with the very options of `idp serve`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import redis

from idp.serving.redis_server import answers, redis_command
from tests.servers.process import Server, command_as


class RedisServer:
    """Started by the constructor; `stop` removes everything."""

    def __init__(self, executable: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="idp-redis-", dir="/tmp"))
        self._socket = self._folder / "redis.sock"
        self._server = Server(
            command_as(None, *redis_command(executable, self._socket, self._folder)), self._folder / "log"
        )
        self._server.wait_until(lambda: answers(f"unix://{self._socket}"))

    @property
    def url(self) -> str:
        """As the setting redis_url has it."""
        return f"redis+socket://{self._socket}"

    def empty(self) -> None:
        with redis.Redis(unix_socket_path=str(self._socket)) as client:
            client.flushall()

    def stop(self) -> None:
        self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
