"""Failed log-ins are counted for the whole deployment in Redis, and in memory while Redis is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from idp.app import create_app
from idp.config import load_settings
from idp.database import db
from tests.factories.prepared import take_limiter
from tests.factories.website import Website


@contextmanager
def process(website: Website, folder: Path, redis_url: str) -> Iterator[Flask]:
    """One of the web server's processes over the website's database."""
    settings = load_settings({}, database_url=website.url, data_dir=str(folder), redis_url=redis_url)
    app = create_app(settings, clock=website.clock, testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    take_limiter(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def guess(app: Flask) -> int:
    return app.test_client().post("/login", data={"login": "somchai", "password": "guess"}).status_code


def test_all_processes_count_together(website: Website, tmp_path: Path, redis_url: str) -> None:
    with process(website, tmp_path, redis_url) as one:
        assert [guess(one) for _try in range(10)] == [422] * 10
    with process(website, tmp_path, redis_url) as another:
        assert guess(another) == 429


def test_without_its_redis_a_process_counts_by_itself(website: Website, tmp_path: Path) -> None:
    with process(website, tmp_path, f"redis+socket://{tmp_path}/absent.sock") as alone:
        assert [guess(alone) for _try in range(11)] == [422] * 10 + [429]
