"""A broker that is down or frozen costs a request a moment, never its success."""

from __future__ import annotations

import os
import signal
import threading

import pytest
import redis

from idp.adapters.queue import nudge
from idp.config import load_settings


@pytest.fixture
def settings(tmp_path, redis_url):
    return load_settings({}, data_dir=tmp_path, redis_url=redis_url)


def test_a_nudge_reaches_its_queue(settings):
    assert nudge("reports.run", 7, settings=settings)
    with redis.Redis.from_url(settings.redis_client_url) as client:
        assert [client.llen(name) for name in ("mail", "reports", "bulk", "default")] == [0, 1, 0, 0]


def test_a_broker_that_is_not_there_is_shrugged_off(tmp_path):
    settings = load_settings({}, data_dir=tmp_path, redis_url=f"redis+socket://{tmp_path}/none.sock")
    assert not nudge("reports.run", 7, settings=settings)


def test_a_frozen_broker_does_not_hold_the_request(settings, redis_server):
    with redis.Redis.from_url(settings.redis_client_url) as client:
        process_id = client.info("server")["process_id"]
    answers: list[bool] = []
    request = threading.Thread(
        target=lambda: answers.append(nudge("mails.send", settings=settings)), daemon=True
    )
    os.kill(process_id, signal.SIGSTOP)
    try:
        request.start()
        request.join(20)  # a hang would be for ever; how long it takes is not the question here
        assert answers == [False]
    finally:
        os.kill(process_id, signal.SIGCONT)
