"""Commands: what they print, and one line with exit code 2 where the person at the keyboard was wrong."""

import json
import secrets
from pathlib import Path

import click
import pytest
from sqlalchemy import select

from idp.cli import main
from idp.commands.serving import ready_database
from idp.config import load_settings
from idp.migration import newest_revision
from idp.models import Person, RoleGrant, UserAccount
from idp.models.engine import close_session, make_session
from idp.rules.terms import Role
from idp.services.passwords import verify_password

COMMANDS = (
    (),
    ("audit",),
    ("audit", "seal"),
    ("audit", "export"),
    ("audit", "verify"),
    ("serve",),
    ("migrate",),
    ("seed",),
    ("demo",),
    ("frameworks",),
    ("frameworks", "list"),
    ("frameworks", "show"),
    ("report",),
    ("user",),
    ("user", "add"),
    ("user", "reset-password"),
    ("user", "disable"),
    ("user", "enable"),
)
TAKES_A_DATABASE = [each for each in COMMANDS if each not in {(), ("audit",), ("frameworks",), ("user",)}]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine's; everything kept goes to the test's folder."""
    import os

    for name in list(os.environ):
        if name.startswith("IDP_") and not name.startswith("IDP_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("IDP_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def library(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the seeds."""
    import shutil

    path = tmp_path_factory.mktemp("library") / "seeded.sqlite3"
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite:///{path}"
    assert main(["seed", "--database", url]) == 0
    return url


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Usage: idp")
    assert len(shown.splitlines()) > 4


@pytest.mark.parametrize("command", TAKES_A_DATABASE, ids=" ".join)
def test_every_command_takes_a_database(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    main([*command, "--help"])
    assert "--database URL" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["frameworks", "show"],
        ["frameworks", "list", "--nothing"],
        ["seed", "--database", "mysql://somewhere/x"],
        ["migrate", "--database", "postgresql://127.0.0.1:1/none"],
        ["migrate", "--database", "sqlite:////proc/none/x.sqlite3"],
        ["migrate", "--database", "postgresql://host:notaport/x"],
        ["migrate", "--database", "postgresql://[::1/x"],
        ["serve", "--port", "70000"],
        ["serve", "--port", "x"],
        ["report", "plan"],
        ["report", "poem", "--organisation", "x", "--employee", "1", "--cycle", "c", "--out", "x.pdf"],
        ["user", "add", "--login", "x"],
        ["user", "add", "--login", "x", "--first-name", "x", "--last-name", "x", "--role", "auditor"],
        ["user", "add", "--login", "x", "--first-name", "x", "--last-name", "x", "--organisation", "o"],
    ],
    ids=" ".join,
)
def test_a_mistake_is_one_line_and_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("idp: ") and captured.err.count("\n") == 1


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IDP_PORT", "x")
    monkeypatch.setenv("IDP_NOTHING", "x")
    assert main(["migrate"]) == 2
    line = capsys.readouterr().err
    assert "IDP_PORT" in line and "IDP_NOTHING" in line and line.count("\n") == 1


def test_a_database_without_tables_is_told_what_to_do(
    blank_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["frameworks", "list", "--database", blank_database_url]) == 2
    error = capsys.readouterr().err
    assert "idp migrate" in error and error.count("\n") == 1


def test_migrate_makes_the_embedded_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert (tmp_path / "data" / "idp.sqlite3").exists()
    assert f"at {newest_revision()}" in capsys.readouterr().out
    assert main(["migrate"]) == 0


def test_the_database_comes_from_the_environment_unless_named(
    monkeypatch: pytest.MonkeyPatch, library: str, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IDP_DATABASE_URL", sqlite_url)
    assert main(["frameworks", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["frameworks", "list", "--json", "--database", library]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 5


def test_seeding_again_changes_nothing(library: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed", "--database", library]) == 0
    assert "already" in capsys.readouterr().out


def test_the_list_counts_the_five_dictionaries(library: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["frameworks", "list", "--json", "--database", library]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["code"] for each in found} == {
        "single-core",
        "civil-service-core",
        "local-government",
        "khlong-khwang-core",
        "bangkok-core",
    }
    assert all(
        set(each) == {"code", "version", "name_th", "name_en", "competencies", "levels", "behaviours"}
        for each in found
    )
    totals = [sum(each[part] for each in found) for part in ("competencies", "levels", "behaviours")]
    assert totals == [42, 216, 521]


def test_a_dictionary_is_shown_in_the_shape_of_its_source(
    library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["frameworks", "show", "khlong-khwang-core", "--json", "--database", library]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["code"] == "khlong-khwang-core" and shown["version"] == 1
    first = shown["competencies"][0]
    assert first["code"] == "c1" and first["name_th"] == "การมุ่งมั่นสู่ความสำเร็จ"
    assert [level["level"] for level in first["levels"]] == [1, 2, 3, 4, 5]
    assert all(isinstance(text, str) for level in first["levels"] for text in level["behaviours"])


def test_a_dictionary_is_shown_as_text_too(library: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["frameworks", "show", "single-core", "--database", library]) == 0
    assert "  1: " in capsys.readouterr().out


def test_an_unknown_dictionary_is_named(library: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frameworks", "show", "nothing", "--database", library]) == 2
    assert "'nothing'" in capsys.readouterr().err


def add_user(url: str, monkeypatch: pytest.MonkeyPatch, password: str, *more: str) -> int:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    named = ("--login", "Admin", "--title", "นาย", "--first-name", "ดูแล", "--last-name", "ระบบ")
    return main(["user", "add", "--database", url, "--password-stdin", *named, *more])


def test_a_user_is_added_with_a_role(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add_user(database_url, monkeypatch, "long enough to do", "--role", "deployment_admin") == 0
    session = make_session(database_url)
    account = session.scalars(select(UserAccount)).one()
    assert account.login == "admin" and verify_password(account.password_hash, "long enough to do")
    assert session.scalars(select(RoleGrant.role)).all() == [Role.DEPLOYMENT_ADMIN]
    close_session(session)
    assert add_user(database_url, monkeypatch, "long enough to do") == 2
    assert capsys.readouterr().err.count("\n") == 1


def the_account(url: str) -> UserAccount:
    session = make_session(url)
    account = session.scalars(select(UserAccount)).one()
    close_session(session)
    return account


def test_a_log_in_is_reset_shut_and_opened_by_who_runs_the_deployment(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add_user(database_url, monkeypatch, "long enough to do") == 0
    capsys.readouterr()
    where = ("--database", database_url)
    assert main(["user", "reset-password", "admin", *where]) == 0
    password = capsys.readouterr().out.strip()
    assert main(["user", "disable", "Admin", *where]) == 0
    account = the_account(database_url)
    assert verify_password(account.password_hash, password)
    assert account.must_change_password and not account.is_active
    assert main(["user", "enable", "admin", *where]) == 0
    assert the_account(database_url).is_active
    capsys.readouterr()
    assert main(["user", "reset-password", "nobody-of-that-name", *where]) == 2
    assert "no log-in" in capsys.readouterr().err


@pytest.mark.parametrize("password", ["short", "password123", "", "x" * 129])
def test_a_user_gets_no_password_that_will_not_do(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    assert add_user(sqlite_url, monkeypatch, password) == 2
    session = make_session(sqlite_url)
    assert session.scalars(select(UserAccount)).all() == []
    close_session(session)


@pytest.mark.parametrize(
    "odd",
    [
        ("--login", ""),
        ("--login", "  "),
        ("--login", "two words"),
        ("--login", "line\nbreak"),
        ("--login", "x" * 121),
        ("--login", "\udcff"),
        ("--first-name", " "),
        ("--last-name", "x" * 101),
        ("--title", "x" * 41),
        ("--email", "not an address"),
    ],
)
def test_a_user_with_odd_names_is_refused_in_one_line(
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    odd: tuple[str, str],
) -> None:
    assert add_user(sqlite_url, monkeypatch, "long enough to do", *odd) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and error.startswith("idp: ")
    session = make_session(sqlite_url)
    assert session.scalars(select(Person)).all() == []
    close_session(session)


def test_a_role_in_an_organisation_that_is_not_there_adds_nobody(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = ("--role", "hr_officer", "--organisation", "nowhere")
    assert add_user(sqlite_url, monkeypatch, "long enough to do", *more) == 2
    session = make_session(sqlite_url)
    assert session.scalars(select(UserAccount)).all() == []
    close_session(session)


def test_serving_readies_an_embedded_database(
    blank_sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings({"IDP_DATA_DIR": str(tmp_path), "IDP_DATABASE_URL": blank_sqlite_url})
    ready_database(settings)
    ready_database(settings)  # a second start changes nothing
    assert main(["frameworks", "list", "--json", "--database", blank_sqlite_url]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(each["code"], each["version"]) for each in listed if each["version"] != 1] == []
    assert len(listed) == 5


def test_serving_in_production_asks_for_the_migration(blank_database_url: str, tmp_path: Path) -> None:
    settings = load_settings(
        {
            "IDP_ENVIRONMENT": "production",
            "IDP_DATA_DIR": str(tmp_path),
            "IDP_DATABASE_URL": blank_database_url,
            "IDP_SECRET_KEY": secrets.token_urlsafe(48),
            "IDP_BASE_URL": "http://localhost:8000",
            "IDP_MAIL_URL": f"folder:{tmp_path}",
        }
    )
    with pytest.raises(click.ClickException, match="run idp migrate first"):
        ready_database(settings)
