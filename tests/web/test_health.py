"""The health page answers without a log-in and says nothing about anybody."""

import pytest

from tests.factories.website import Website


def test_it_is_well_while_the_database_answers(website: Website) -> None:
    response = website.anonymous().get("/healthz")
    assert response.status_code == 200
    assert response.json == {"status": "ok", "database": "ok"}


def test_it_is_not_well_without_its_database(website: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "idp.web.health.text", lambda _statement: __import__("sqlalchemy").text("SELECT broken")
    )
    response = website.anonymous().get("/healthz")
    assert response.status_code == 503
    assert response.json == {"status": "failing", "database": "failing"}
