"""What must stand in one place stands in no other: states, the clock, the file of a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table

import idp.models
from idp.config import PROJECT_ROOT
from idp.models.base import Base

CODE = sorted(path for folder in ("idp", "workers") for path in (PROJECT_ROOT / folder).rglob("*.py"))
TEMPLATES = PROJECT_ROOT / "templates"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())
WITH_A_WORKFLOW = {"assessment", "plan", "cycle", "record"}
READS_THE_CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today")}


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8")))


def here(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix()


def assigned(node: ast.AST) -> list[ast.expr]:
    """The targets of an assignment, those of a tuple one by one."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    else:
        return []
    return [
        each for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])
    ]


def test_only_the_transitions_set_the_state_of_an_assessment_a_plan_or_a_cycle() -> None:
    places = {
        here(path)
        for path in CODE
        for node in nodes(path)
        for target in assigned(node)
        if isinstance(target, ast.Attribute)
        and target.attr == "state"
        and isinstance(target.value, ast.Name)
        and target.value.id in WITH_A_WORKFLOW
    }
    assert places == {"idp/services/transitions.py"}


def test_only_its_adapter_reads_the_clock() -> None:
    places = {
        here(path)
        for path in CODE
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in READS_THE_CLOCK
    }
    assert places == {"idp/adapters/clock.py"}


def test_no_sql_is_put_together_from_texts() -> None:
    calls = [
        (here(path), node)
        for path in CODE
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "text"
        and node.args
    ]
    assert calls
    assert [place for place, call in calls if not isinstance(call.args[0], ast.Constant)] == []


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=str)
def test_a_row_of_an_organisation_refers_to_it(table: Table) -> None:
    assert idp.models
    if "organisation_id" in table.columns:
        tables = {key.column.table.name for key in table.columns["organisation_id"].foreign_keys}
        assert tables == {"organisation"}


@pytest.mark.parametrize("page", PAGES)
def test_every_template_is_used(page: str) -> None:
    sources = [*CODE, *(TEMPLATES / other for other in PAGES if other != page)]
    # The forms have a loader of their own, which begins in their folder.
    name = re.compile(f"[\"']{re.escape(page.removeprefix('pdf/'))}[\"']")
    assert any(name.search(source.read_text("utf-8")) for source in sources)
