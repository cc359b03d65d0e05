"""The lock files: complete, checked by hashes, silent about where packages come from, and of one mind."""

from __future__ import annotations

import re
import tomllib

import pytest

from idp.config import PROJECT_ROOT

LOCKS = ("requirements.lock", "requirements-test.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)")


def pins(lock: str) -> dict[str, str]:
    found = (PIN.match(line) for line in (PROJECT_ROOT / lock).read_text(encoding="utf-8").splitlines())
    return {each[1].lower(): each[2] for each in found if each}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_line_names_a_place(lock: str) -> None:
    lines = (PROJECT_ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert len(pins(lock)) > 20
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        assert line.startswith("    --hash=sha256:") or PIN.match(line), line
        if PIN.match(line):
            assert following.startswith("    --hash=sha256:"), line
        assert "://" not in line


def test_what_is_tested_is_what_runs() -> None:
    running, testing = (pins(lock) for lock in LOCKS)
    assert {name: testing.get(name) for name in running} == running


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split(r"[\[<>=!;~ ]", need, maxsplit=1)[0].lower() for need in project["dependencies"]}
    assert named <= set(pins("requirements.lock"))
    named_for_tests = {
        re.split(r"[\[<>=!;~ ]", need, maxsplit=1)[0].lower()
        for need in project["optional-dependencies"]["test"]
    }
    assert named_for_tests <= set(pins("requirements-test.lock"))
