"""The same seed makes the same demonstration, on any day and on both databases; another seed another one."""

from pathlib import Path
from typing import Any

import pytest

from idp.demo import run_demo
from tests.demo.conftest import settings_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("same again")]  # built once, by one process


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


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, bytes]]:
    return build(tmp_path_factory.mktemp("first"))


def test_two_runs_with_one_seed_differ_in_nothing_but_the_seconds(
    tmp_path: Path, first: tuple[dict[str, Any], dict[str, bytes]]
) -> None:
    summary, files = build(tmp_path)
    assert summary == first[0]
    assert files.keys() == first[1].keys()
    assert files == first[1]


def test_another_seed_makes_another_year(
    tmp_path: Path, first: tuple[dict[str, Any], dict[str, bytes]]
) -> None:
    summary, _ = build(tmp_path, seed=2)
    assert summary["organisations"][0]["employees"] == first[0]["organisations"][0]["employees"]
    assert summary["organisations"] != first[0]["organisations"]


def test_postgresql_holds_the_same_demonstration(
    tmp_path: Path, postgres_url: str, first: tuple[dict[str, Any], dict[str, bytes]]
) -> None:
    summary, files = build(tmp_path, database_url=postgres_url)
    assert summary == first[0]
    assert [name for name in files if name.endswith(".pdf")] == [
        name for name in first[1] if name.endswith(".pdf")
    ]
