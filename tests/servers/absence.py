"""When a server's program is not on this machine, the test fails, unless the absence is declared."""

from __future__ import annotations

import os
from typing import Final, NoReturn

import pytest

VARIABLE: Final = "IDP_TEST_WITHOUT"
KNOWN: Final = frozenset({"postgresql", "redis", "chromium"})


def declared_absent() -> frozenset[str]:
    """The servers named in IDP_TEST_WITHOUT. Raises pytest.UsageError for a name that means nothing."""
    named = frozenset(part.strip() for part in os.environ.get(VARIABLE, "").split(",") if part.strip())
    if unknown := named - KNOWN:
        raise pytest.UsageError(
            f"{VARIABLE}: {', '.join(sorted(unknown))}: known are {', '.join(sorted(KNOWN))}"
        )
    return named


def skip_if_declared_absent(server: str) -> None:
    """Skip the asking test when the machine's owner said that `server` is not there."""
    if server in declared_absent():
        pytest.skip(f"{VARIABLE} names {server}")


def missing(server: str, package: str) -> NoReturn:
    """Fail the asking test in one line."""
    pytest.fail(
        f"{server} is missing: install the package {package}, or set {VARIABLE}={server} to skip its tests",
        pytrace=False,
    )
