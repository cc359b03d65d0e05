"""The Celery application: `celery -A workers.app worker`, `celery -A workers.app beat`.

A task is one call of a service. Tasks carry ids and may run twice: what is done is told by the rows.
"""

import sys
from collections.abc import Sequence

from idp.adapters.queue import BULK, REPORTS, celery_app
from idp.config import settings_of_program
from workers.schedule import SCHEDULE

settings = settings_of_program()

app = celery_app(settings)
app.conf.update(
    include=[
        "workers.reminders",
        "workers.mails",
        "workers.reports",
        "workers.cycles",
        "workers.extensions",
        "workers.accounts",
        "workers.attachments",
        "workers.audit",
        "workers.typed_drafts",
        "workers.bulk",
        "workers.imports",
        "workers.suggestions",
        "workers.effects",
    ],
    beat_schedule=SCHEDULE,
)


def makes_reports(arguments: Sequence[str]) -> bool:
    """Whether this process is a worker that takes report tasks: without -Q it takes every queue."""
    if "worker" not in arguments:
        return False
    for position, argument in enumerate(arguments):
        if argument in ("-Q", "--queues") and position + 1 < len(arguments):
            return bool({REPORTS, BULK} & set(arguments[position + 1].split(",")))
        if argument.startswith("--queues="):
            return bool({REPORTS, BULK} & set(argument.removeprefix("--queues=").split(",")))
    return True


if makes_reports(sys.argv):
    # Here and not in a signal of the worker: before the fork, so that its children share what is loaded.
    from idp.adapters.pdf import assert_ready, warm_up

    assert_ready()
    warm_up()
