"""The schedule, the queues and the tasks fit together."""

import pytest

from idp.adapters.queue import QUEUES, ROUTES, TIME_LIMIT
from workers.schedule import SCHEDULE


@pytest.fixture(scope="module")
def app():
    from workers.app import app

    app.loader.import_default_modules()
    return app


def test_every_scheduled_task_exists(app):
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


def test_every_entry_expires_with_its_interval():
    for entry in SCHEDULE.values():
        assert entry["options"]["expires"] == entry["schedule"]


def test_every_task_goes_to_a_queue_that_workers_take(app):
    assert set(ROUTES.values()) <= set(QUEUES)
    own = [name for name in app.tasks if not name.startswith("celery.")]
    assert len(own) >= len(SCHEDULE)
    for name in own:
        assert app.amqp.router.route({}, name)["queue"].name in QUEUES
    assert app.amqp.router.route({}, "mails.send")["queue"].name == "mail"
    assert app.amqp.router.route({}, "reports.run")["queue"].name == "reports"


def test_no_task_may_run_longer_than_the_broker_waits_for_its_end(app):
    waits = app.conf.broker_transport_options["visibility_timeout"]
    limits = [task.time_limit or TIME_LIMIT for task in app.tasks.values()]
    assert max(limits) < waits


@pytest.mark.parametrize(
    ("arguments", "makes"),
    [
        (["celery", "-A", "workers.app", "worker"], True),
        (["celery", "-A", "workers.app", "worker", "-Q", "mail,reports"], True),
        (["celery", "-A", "workers.app", "worker", "--queues=mail"], False),
        (["celery", "-A", "workers.app", "beat"], False),
        (["pytest"], False),
    ],
)
def test_only_workers_that_take_reports_load_what_prints_them(arguments, makes):
    from workers.app import makes_reports

    assert makes_reports(arguments) is makes
