"""Gunicorn's configuration: ``gunicorn --config python:idp.serving.gunicorn_settings idp.wsgi:app``."""

from __future__ import annotations

import os
from typing import Any

from idp.config import settings_of_program
from idp.serving.tether import tie_to_parent

_settings = settings_of_program()

bind = (
    f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
)
workers = _settings.web_workers
worker_class = "gthread"
threads = _settings.web_threads
timeout = 60
graceful_timeout = 20
keepalive = 5
# Leaks of any library stay small; the jitter keeps the processes from ending together.
max_requests = 10_000
max_requests_jitter = 1_000
# The heartbeat file on a disk that stalls would have healthy processes killed.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
loglevel = _settings.log_level.lower()
accesslog = "-"
# Neither addresses nor query strings: the log is not a record of who looked at what (the audit trail is).
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
# The app itself counts its proxies; Gunicorn must not trust a header before it.
forwarded_allow_ips = ""
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """A process of the web server must not outlive its master."""
    tie_to_parent(server.pid)
