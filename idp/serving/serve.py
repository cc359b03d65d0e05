"""`idp serve`: check, start, watch, end."""

from __future__ import annotations

import sys

from idp.config import Settings
from idp.runtime_files import make_private_dir
from idp.serving.instance import AlreadyRunning, only_instance
from idp.serving.programs import listen, programs
from idp.serving.redis_server import RedisNotFound
from idp.serving.supervisor import Supervisor

REFUSED = 2
"""Exit code of a start that was refused with one line."""


def serve(settings: Settings, port: int | None = None) -> int:
    """Run the whole product until a signal ends it. Returns the exit code; `port` wins over the settings'.

    0 after Ctrl-C or SIGTERM, 1 when a program does not start, 2 when refused: a second instance on the same
    data folder, a port in use, no Redis.
    """
    wanted = settings.port if port is None else port
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_private_dir(settings.socket_dir)
        with only_instance(settings.data_dir):
            return _serve(settings, wanted)
    except (AlreadyRunning, RedisNotFound, OSError) as error:
        say(str(error))
        return REFUSED


def _serve(settings: Settings, port: int) -> int:
    try:
        listening = listen(settings.host, port)
    except OSError as error:
        say(f"cannot listen on {settings.host} port {port}: {error.strerror}; choose another with --port")
        return REFUSED
    with listening:
        actual = settings.listening_on(settings.host, listening.getsockname()[1])
        logs = actual.data_dir / "logs"
        say(f"starting (logs in {logs}) ...")
        code = Supervisor(
            programs(actual, listening),
            logs,
            say,
            when_ready=lambda: say(f"ready: {actual.base_url}  (Ctrl-C ends it)"),
        ).run()
        say("ended" if code == 0 else "ended: the start failed")
        return code


def say(line: str) -> None:
    """To the person at the terminal; standard output stays free for what commands print."""
    print(f"idp: {line}", file=sys.stderr, flush=True)
