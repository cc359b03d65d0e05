"""`idp audit`: exit codes, one line for each finding, a ledger that only grows."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from idp.cli import main
from idp.models.engine import make_engine
from idp.rules.relations import SYSTEM
from idp.rules.terms import SubjectType
from idp.services.history import record_history
from tests.factories.sample import CREATED


def write(url: str, times: int) -> None:
    engine = make_engine(url)
    with Session(engine) as session:
        for _ in range(times):
            subject = (SubjectType.ORGANISATION, 1)
            record_history(session, SYSTEM, subject, "set_rules", CREATED, organisation_id=None)
        session.commit()
    engine.dispose()


def run_sql(url: str, *statements: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def free_hand(url: str) -> str:
    """The statement that lets entries be removed."""
    sqlite = url.startswith("sqlite")
    return f"DROP TRIGGER history_entry_{'refuses_delete' if sqlite else 'is_append_only ON history_entry'}"


def test_seal_export_and_verify(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, database = tmp_path / "elsewhere" / "ledger.jsonl", ["--database", database_url]
    write(database_url, 3)
    assert main(["audit", "seal", *database]) == 0
    assert main(["audit", "seal", *database]) == 0
    assert capsys.readouterr().out == "3 entries sealed\nnothing new to seal\n"
    assert main(["audit", "export", str(ledger), *database]) == 0
    write(database_url, 2)
    assert main(["audit", "seal", *database]) == 0
    before = ledger.read_text()
    assert main(["audit", "export", str(ledger), *database]) == 0
    assert ledger.read_text().startswith(before)
    assert [json.loads(line)["entry_count"] for line in ledger.read_text().splitlines()] == [3, 2]
    capsys.readouterr()
    assert main(["audit", "verify", "--ledger", str(ledger), *database]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "5 entries, 0 sets, 2 seals" in shown.err and "all as it was written" in shown.err


def test_what_is_found_is_a_line_each_and_exit_code_1(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, database = tmp_path / "ledger.jsonl", ["--database", database_url]
    write(database_url, 5)
    main(["audit", "seal", *database])
    main(["audit", "export", str(ledger), *database])
    run_sql(database_url, free_hand(database_url), "DELETE FROM history_entry WHERE sequence IN (2, 5)")
    capsys.readouterr()
    assert main(["audit", "verify", "--ledger", str(ledger), *database]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "organisation 1: entry 2 was removed",
        "organisation 1: entry 5 was removed",
    ]
    assert len(lines) == 3
    assert "among the entries 1 to 5 some were removed" in lines[2]


def test_a_ledger_of_another_database_is_left_as_it_is(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, database = tmp_path / "ledger.jsonl", ["--database", database_url]
    write(database_url, 2)
    main(["audit", "seal", *database])
    main(["audit", "export", str(ledger), *database])
    other = ledger.read_text().replace('"entry_count": 2', '"entry_count": 1')
    ledger.write_text(other)
    assert main(["audit", "export", str(ledger), *database]) == 2
    assert "is no ledger of this database: nothing written" in capsys.readouterr().err
    assert ledger.read_text() == other
    assert main(["audit", "verify", "--ledger", str(ledger), *database]) == 1


@pytest.mark.parametrize("line", ["nothing", "{}", "[]", '{"sealed_at": 1}', '{"sealed_at": "2026-01-01"}'])
def test_a_file_that_is_no_ledger_is_named_with_its_line(
    sqlite_url: str, tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_text(line + "\n")
    for command in (["verify", "--ledger", str(ledger)], ["export", str(ledger)]):
        assert main(["audit", *command, "--database", sqlite_url]) == 2
        assert "line 1 is not the line of a seal" in capsys.readouterr().err


def test_an_organisation_that_is_not_there_is_named(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "verify", "--organisation", "nowhere", "--database", sqlite_url]) == 2
    assert "no organisation 'nowhere'" in capsys.readouterr().err
