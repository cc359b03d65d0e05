"""The same seed makes the same demonstration, on any day and on both databases; another seed another one."""

from pathlib import Path
from typing import Any

import pytest

from idp.demo import run_demo
from tests.demo.conftest import settings_in

pytestmark = pytest.mark.slow


def build(folder: Path, seed: int = 1, database_url: str = "") -> tuple[dict[str, Any], dict[str, bytes]]:
    """The summary without its seconds, and every other file."""
    summary = run_demo(
        settings_in(folder / "data", database_url),
        out=folder / "out",
        seed=seed,
        organisations=["office"],
        forms_each=1,
        quiet=True,
    )
    del summary["seconds"]
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted((folder / "out").rglob("*"))
        if path.is_file() and path.name != "summary.json"
    }
    return summary, files


def test_two_runs_with_one_seed_differ_in_nothing_but_the_seconds(tmp_path: Path) -> None:
    first, first_files = build(tmp_path / "a")
    second, second_files = build(tmp_path / "b")
    assert first == second
    assert first_files.keys() == second_files.keys()
    assert first_files == second_files


def test_another_seed_makes_another_year(tmp_path: Path) -> None:
    first, _ = build(tmp_path / "a")
    second, _ = build(tmp_path / "b", seed=2)
    assert first["organisations"][0]["employees"] == second["organisations"][0]["employees"]
    assert first["organisations"] != second["organisations"]


def test_postgresql_holds_the_same_demonstration(tmp_path: Path, postgres_url: str) -> None:
    on_sqlite, _ = build(tmp_path / "a")
    on_postgresql, _ = build(tmp_path / "b", database_url=postgres_url)
    assert on_sqlite == on_postgresql
