"""Every option and argument of every command, wrong in each way that a keyboard allows: one line that says
so, exit code 1 or 2, and a database in which nothing is changed."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from idp.cli import cli, main
from idp.models.engine import close_session, make_session
from tests.cli.test_commands import _clean_environment, add_user
from tests.factories.addresses import everything_written

__all__ = ["_clean_environment"]

LONG, NO_TEXT, NULL = "x" * 100_000, "\udcff", "a\x00b"
HUGE = "9" * 30

ADD = ("user", "add", "--password-stdin", "--login", "x", "--first-name", "a", "--last-name", "b")
OF_WHOM = ("--organisation", "o", "--employee", "1", "--cycle", "c")
REPORT = ("report", "plan", *OF_WHOM, "--out", "{folder}/o.pdf")
OFFICER = ("--role", "hr_officer", "--organisation")

WRONG = (
    *[("audit", "export", name) for name in ("{folder}", "{binary}", "{text}", "{seals}", "", "{text}/x")],
    ("audit", "export", "/proc/none/x"),
    ("audit", "seal", "more"),
    *[
        ("audit", "verify", "--ledger", name)
        for name in ("{folder}/none", "{folder}", "{binary}", "{text}", "{seals}", "")
    ],
    *[("audit", "verify", "--organisation", code) for code in ("none", "", NULL, LONG, NO_TEXT, HUGE)],
    ("frameworks", "list", "more"),
    *[("frameworks", "show", code) for code in ("none", "", NULL, LONG, NO_TEXT)],
    ("frameworks", "show", "none", "--json"),
    *[("serve", "--port", port) for port in ("-1", "70000", HUGE, "1.5", "", "x")],
    *[("demo", "--seed", seed) for seed in ("x", "1.5", "")],
    *[("demo", "--out", folder) for folder in ("{text}", "/proc/none/x", "{text}/x")],
    REPORT,
    *[(*REPORT, option, value) for option in OF_WHOM[::2] for value in (NULL, LONG)],
    (*REPORT, "--employee", NO_TEXT),
    (*REPORT, "--out", "{folder}"),
    ("report", "poem", *REPORT[2:]),
    *[(*ADD, "--login", login) for login in ("", " ", "two words", NULL, LONG, NO_TEXT)],
    *[
        (*ADD, option, value)
        for option in ("--first-name", "--last-name", "--title", "--email")
        for value in (NULL, LONG, NO_TEXT)
    ],
    *[(*ADD, *OFFICER, code) for code in ("none", "", NULL, LONG, NO_TEXT)],
    (*ADD, "--role", "king"),
    (*ADD, "--role", "deployment_admin", "--organisation", "none"),
    *[
        ("user", command, login)
        for command in ("reset-password", "disable", "enable")
        for login in ("", "nobody", "two words", NULL, LONG, NO_TEXT)
    ],
)
ELSEWHERE = (
    ("seed", "--database", "mysql://somewhere/x"),
    ("seed", "--database", "no address"),
    ("seed", "--database", "sqlite:///{text}"),
    ("migrate", "--database", "sqlite:///{folder}"),
    ("migrate", "--database", LONG),
    ("audit", "seal", "--database", "sqlite:////proc/none/x.sqlite3"),
    ("user", "disable", "x", "--database", "postgresql://127.0.0.1:1/none"),
    ("serve", "--database", "postgresql://host:notaport/x"),
)


@pytest.fixture
def names(tmp_path: Path) -> dict[str, str]:
    """A folder and files that are none of what a command reads."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, content in (("binary", b"\xff\xfe\x00"), ("text", b"hello\n"), ("seals", b"null\n[1]\n")):
        (tmp_path / name).write_bytes(content)
    return {"folder": str(folder), **{name: str(tmp_path / name) for name in ("binary", "text", "seals")}}


def shown(arguments: tuple[str, ...]) -> str:
    return (
        " ".join(each if len(each) < 40 else each[:8] for each in arguments)
        .encode("ascii", "replace")
        .decode()
    )


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(arguments) in (1, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("idp: ") and told.err.count("\n") == 1
    assert "Traceback" not in told.err


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    session = make_session(url)
    found = everything_written(session)
    close_session(session)
    return found


@pytest.fixture(scope="module")
def kept(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database that no command here may change."""
    path = tmp_path_factory.mktemp("kept") / "kept.sqlite3"
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite:///{path}"
    before = rows(url)
    yield url
    assert rows(url) == before


@pytest.mark.parametrize("arguments", WRONG, ids=shown)
def test_a_wrong_option_is_one_line_and_changes_nothing(
    arguments: tuple[str, ...],
    kept: str,
    names: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("long enough to do\n"))
    before = rows(kept)
    refused([each.format(**names) for each in arguments] + ["--database", kept], capsys)
    assert rows(kept) == before


@pytest.mark.parametrize("arguments", ELSEWHERE, ids=shown)
def test_a_wrong_database_is_one_line(
    arguments: tuple[str, ...], names: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    refused([each.format(**names) for each in arguments], capsys)


@pytest.mark.parametrize("value", [NULL, LONG, NO_TEXT])
def test_what_one_database_would_take_and_the_other_not(
    value: str, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """PostgreSQL takes no U+0000 and keeps to the lengths of its columns."""
    before = rows(database_url)
    for arguments in (
        ("frameworks", "show", value),
        ("audit", "verify", "--organisation", value),
        ("user", "disable", value),
        (*REPORT, "--employee", value),
        (*ADD, "--first-name", value),
        (*ADD, *OFFICER, value),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO("long enough to do\n"))
        refused([*arguments, "--database", database_url], capsys)
    assert rows(database_url) == before


def test_a_log_in_that_is_there_is_not_added_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add_user(database_url, monkeypatch, "long enough to do") == 0
    before = rows(database_url)
    capsys.readouterr()
    assert add_user(database_url, monkeypatch, "long enough to do") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert rows(database_url) == before


def test_every_command_and_option_is_tried() -> None:
    """Of a flag there is nothing to be typed; `--database` is tried for all commands at once."""
    tried = [*WRONG, *ELSEWHERE]
    for words, command in commands(cli, ()):
        of_this = [each for each in tried if each[: len(words)] == words]
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.is_flag:
                name = parameter.opts[0]
                assert name == "--database" or any(name in each for each in of_this), (words, name)
            elif isinstance(parameter, click.Argument):
                assert of_this, (words, parameter.name)


def commands(group: click.Group, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name), command
