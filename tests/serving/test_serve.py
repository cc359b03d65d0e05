"""`idp serve` refuses, in one line, a start that cannot go well."""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from idp.config import Settings
from idp.serving.instance import AlreadyRunning, only_instance
from idp.serving.programs import child_environment, listen, programs
from idp.serving.serve import REFUSED, serve


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", secret_key="kq3v9Zt1XwB7mN5rLp0sYd8fHc2gJ6uA")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def hold(data_dir: Path, held: Event, let_go: Event) -> None:
    with only_instance(data_dir):
        held.set()
        let_go.wait(60)


def test_a_second_instance_on_the_same_folder_is_refused(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.data_dir.mkdir()
    spawn = multiprocessing.get_context("spawn")
    held, let_go = spawn.Event(), spawn.Event()
    first = spawn.Process(target=hold, args=(settings.data_dir, held, let_go))
    first.start()
    try:
        assert held.wait(60)
        assert serve(settings) == REFUSED
        assert capsys.readouterr().err == (
            f"idp: idp is already running on {settings.data_dir} (process {first.pid})\n"
        )
    finally:
        let_go.set()
        first.join(60)
    with only_instance(settings.data_dir):
        pass


def test_the_folder_is_free_again_after_the_holder_was_killed(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held, let_go = spawn.Event(), spawn.Event()
    first = spawn.Process(target=hold, args=(tmp_path, held, let_go))
    first.start()
    assert held.wait(60)
    with pytest.raises(AlreadyRunning), only_instance(tmp_path):
        pass
    first.kill()
    first.join(60)
    with only_instance(tmp_path):
        assert (tmp_path / "serve.lock").read_text() == str(os.getpid())


def test_a_port_in_use_is_one_clear_line(
    settings: Settings, taken_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(settings, taken_port) == REFUSED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"idp: cannot listen on 127.0.0.1 port {taken_port}:")


def test_a_missing_redis_is_one_clear_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert serve(settings, 0) == REFUSED
    assert "redis-server is missing" in capsys.readouterr().err


def test_a_named_redis_means_no_private_one(settings: Settings) -> None:
    settings.data_dir.mkdir()
    outside = settings.model_copy(update={"redis_url": "redis://redis:6379/0"})
    with listen("127.0.0.1", 0) as listening:
        assert [program.name for program in programs(settings, listening)] == [
            "redis",
            "worker",
            "web",
            "beat",
        ]
        assert [program.name for program in programs(outside, listening)] == ["worker", "web", "beat"]


def test_children_get_these_settings_and_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDP_SECRET_KEY_FILE", "/nowhere")
    monkeypatch.setenv("IDP_DATABASE_URL", "sqlite:///another")
    given = child_environment(settings)
    assert "IDP_SECRET_KEY_FILE" not in given
    assert given["IDP_DATABASE_URL"] == settings.database_url
