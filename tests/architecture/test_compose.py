"""The production arrangement, checked by its structure (a Docker engine is not at hand in tests)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from idp.config import PROJECT_ROOT, Settings, load_settings

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROGRAMS = ("web", "worker", "beat", "migrate")
LASTING = ("web", "worker", "beat", "postgres", "redis")
REFERENCE = re.compile(r"(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}")

FILLED_IN = {
    "IDP_SECRET_KEY": "kq3v9Zt1XwB7mN5rLp0sYd8fHc2gJ6uA",
    "IDP_BASE_URL": "https://idp.example.go.th",
    "IDP_MAIL_URL": "smtps://idp:hunter2@mail.example.go.th:465",
    "IDP_MAIL_FROM": "idp@example.go.th",
    "POSTGRES_PASSWORD": "0123abcd",
    "POSTGRES_APP_PASSWORD": "89efcdab",
    "REDIS_PASSWORD": "4567efab",
}


def substituted(value: object) -> str:
    """`value` as compose would make it from the filled-in .env file."""
    return REFERENCE.sub(
        lambda found: FILLED_IN.get(found[1]) or (found[3] if found[2] == "-" else ""), str(value)
    )


def test_these_are_the_services() -> None:
    assert set(SERVICES) == {*PROGRAMS, *LASTING}


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_service_says_whether_it_is_healthy_and_starts_again(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(check)
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_program_waits_for_the_migration_and_for_healthy_servers(name: str) -> None:
    assert {service: rule["condition"] for service, rule in SERVICES[name]["depends_on"].items()} == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


def test_the_migration_runs_once_on_a_healthy_database() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_runs_as_root_or_may_become_root(name: str) -> None:
    service = SERVICES[name]
    assert str(service["user"]).split(":")[0] not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")


def test_what_must_be_kept_is_on_volumes() -> None:
    mounted = {name: [entry.split(":")[0] for entry in SERVICES[name]["volumes"]] for name in SERVICES}
    assert all(mounted[name] == ["data"] for name in PROGRAMS)
    assert mounted["postgres"] == ["postgres"]
    assert mounted["redis"] == ["redis"]
    assert set(COMPOSE["volumes"]) == {"data", "postgres", "redis"}


def test_only_the_web_is_published_and_on_this_machine_alone_by_default() -> None:
    assert {name for name in SERVICES if "ports" in SERVICES[name]} == {"web"}
    assert substituted(SERVICES["web"]["ports"][0]) == "127.0.0.1:8000:8000"


def test_a_secret_has_no_default_and_is_demanded_by_name() -> None:
    text = (PROJECT_ROOT / "compose.yaml").read_text(encoding="utf-8")
    used = {found[1]: (found[2], found[3]) for found in REFERENCE.finditer(text)}
    assert set(FILLED_IN) <= set(used)
    for name in FILLED_IN:
        assert used[name] == ("?", f"set {name} in .env")
    bucket = {f"IDP_S3_{each}" for each in ("ENDPOINT", "BUCKET", "KEY_ID", "SECRET", "REGION")}
    assert {name for name in used if used[name][0] != "?"} == bucket | {
        "IDP_TRUSTED_HOSTS",
        "IDP_PROXY_HOPS",
        "IDP_PUBLISH",
    }
    assert used["IDP_S3_SECRET"] == ("-", "")


def test_the_example_file_names_every_variable_and_holds_no_secret() -> None:
    lines = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    text = (PROJECT_ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert set(given) == {found[1] for found in REFERENCE.finditer(text)}
    assert not any(given[name] for name in FILLED_IN)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_environment_makes_valid_production_settings(name: str, tmp_path: Path) -> None:
    given = {variable: substituted(value) for variable, value in SERVICES[name]["environment"].items()}
    settings: Settings = load_settings(given)
    assert settings.environment == "production"
    assert settings.database_url == "postgresql://idp_app:89efcdab@postgres/idp"
    assert settings.redis_url == "redis://:4567efab@redis:6379/0"
    assert settings.secure_cookies


def test_only_the_migration_knows_the_owner_of_the_tables() -> None:
    """The others' role cannot change the history: see tests/models/test_database_roles.py."""
    knowing = {name for name in SERVICES if "POSTGRES_PASSWORD" in str(SERVICES[name].get("environment"))}
    assert knowing == {"migrate", "postgres"}
    environment = SERVICES["migrate"]["environment"]
    given = {variable: substituted(value) for variable, value in environment.items()}
    owner = load_settings(given).migration_database_url
    assert owner == "postgresql://idp:0123abcd@postgres/idp"
    assert SERVICES["postgres"]["environment"]["POSTGRES_USER"] == "idp"
    assert all(
        "IDP_MIGRATION_DATABASE_URL" not in SERVICES[name]["environment"]
        for name in ("web", "worker", "beat")
    )


def test_the_image_runs_as_its_own_user_with_locked_packages_from_no_named_place() -> None:
    text = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")
    steps = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith(("#", " "))]
    instructions = [step[0] for step in steps]
    assert [step[1] for step in steps if step[0] == "FROM"] == ["python:3.11-slim"]
    assert [step[1] for step in steps if step[0] == "USER"] == ["idp"]
    assert instructions.index("USER") < instructions.index("CMD")
    assert "HEALTHCHECK" in instructions
    assert "--require-hashes" in text
    assert "://" not in text
