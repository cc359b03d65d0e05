"""The broker: how tasks are named to it, and a nudge that is never missed when it is lost.

Everything that must happen is a row in the database first; a message only wakes a worker up earlier than its
schedule would. So a broker that is down or frozen costs the request a moment and nothing else.
"""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from celery import Celery
from kombu.entity import Exchange, Queue

from idp.config import Settings, load_settings

log = logging.getLogger(__name__)

MAIL, REPORTS, BULK, DEFAULT = "mail", "reports", "bulk", "default"
QUEUES = (MAIL, REPORTS, BULK, DEFAULT)

ROUTES: Mapping[str, str] = {
    "mails.*": MAIL,
    "reminders.*": MAIL,
    "reports.*": REPORTS,
    "cycles.*": BULK,
    "bulk.*": BULK,
    "imports.*": BULK,
    "*": DEFAULT,
}
"""Which queue takes a task; a worker may be started for some of the queues alone."""

SOFT_TIME_LIMIT, TIME_LIMIT = 300, 360
PATIENT = {"socket_timeout": 5.0, "socket_connect_timeout": 3.0}
"""Seconds that a worker waits for the broker."""

HURRIED = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}
"""Seconds that a web request waits for the broker: for each step of talking to it."""


def celery_app(settings: Settings, *, hurried: bool = False) -> Celery:
    """The application that workers run, or with `hurried` one that only publishes."""
    app = Celery("idp", broker=settings.broker_url, set_as_current=not hurried)
    app.conf.update(
        # A routing key of its own for each: without one, all would be bound to the same key.
        task_queues=[
            Queue(name, Exchange(DEFAULT), routing_key=name)  # type: ignore[no-untyped-call]
            for name in QUEUES
        ],
        task_default_queue=DEFAULT,
        task_routes=({name: {"queue": queue} for name, queue in ROUTES.items()},),
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_retry_on_worker_lost=True,
        task_ignore_result=True,  # progress is in the job's row
        task_soft_time_limit=SOFT_TIME_LIMIT,
        task_time_limit=TIME_LIMIT,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=200,
        worker_max_memory_per_child=400_000,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        worker_soft_shutdown_timeout=20,
        worker_enable_soft_shutdown_on_idle=True,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_transport_options(hurried),
        timezone="Asia/Bangkok",
        enable_utc=True,
        beat_schedule_filename=str(settings.data_dir / "beat-schedule"),
    )
    return app


def _transport_options(hurried: bool) -> dict[str, Any]:
    options: dict[str, Any] = {
        "visibility_timeout": 900,  # more than TIME_LIMIT, or running tasks are delivered again
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 2,
        "health_check_interval": 25,
        **(HURRIED if hurried else PATIENT),
    }
    if hurried:
        # Without these the transport tries to connect for ever, whatever `retry=False` says.
        options |= {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}
    return options


def nudge(task_name: str, *ids: int, settings: Settings | None = None) -> bool:
    """Wake a worker for `task_name`; to be called after the commit. False when the broker took nothing.

    Never raises and never tries twice: the task's row waits for the next sweep.
    """
    try:
        publisher = _publisher(settings or load_settings())
        publisher.send_task(task_name, args=ids, retry=False, ignore_result=True)
    except Exception as error:  # any fault of the broker: the row is there, the sweep will find it
        log.warning("not nudged: %s %s: %s: %s", task_name, ids, type(error).__name__, error)
        return False
    return True


@cache
def _publisher(settings: Settings) -> Celery:
    return celery_app(settings, hurried=True)
