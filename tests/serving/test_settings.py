"""The settings: one place, checked at start, with a line for each problem."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from idp import runtime_files
from idp.config import MINIMUM_SECRET_LENGTH, SECRET_FIELDS, ConfigurationError, Settings, load_settings

SECRET = "kq3v9Zt1XwB7mN5rLp0sYd8fHc2gJ6uA"


IN_BUCKET = {
    "IDP_S3_ENDPOINT": "https://objects.example.go.th",
    "IDP_S3_BUCKET": "idp-documents",
    "IDP_S3_KEY_ID": "IDPKEY",
    "IDP_S3_SECRET": "kQ7-Zt1XwB7mN5rLp0sYd8fHc2gJ6uA",
}


def production(**changes: str) -> dict[str, str]:
    given = {
        "IDP_ENVIRONMENT": "production",
        "IDP_SECRET_KEY": SECRET,
        "IDP_BASE_URL": "https://idp.example.go.th",
        "IDP_MAIL_URL": "smtp://mail.example.go.th:25",
    } | changes
    return {name: value for name, value in given.items() if value}


def problems_of(environ: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environ)
    return str(caught.value).splitlines()


def test_the_embedded_default_needs_nothing_but_a_folder(tmp_path: Path) -> None:
    settings = load_settings({"IDP_DATA_DIR": str(tmp_path)})
    assert settings.environment == "embedded"
    assert settings.database_url == f"sqlite:///{tmp_path}/idp.sqlite3"
    assert settings.mail_url == f"folder:{tmp_path}/mail"
    assert settings.storage_dir == tmp_path / "documents"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.trusted_hosts == ("127.0.0.1", "localhost")
    assert settings.has_private_redis
    assert not settings.secure_cookies


def test_the_embedded_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = load_settings({"IDP_DATA_DIR": str(tmp_path)}).secret_key
    assert len(first) >= MINIMUM_SECRET_LENGTH
    assert load_settings({"IDP_DATA_DIR": str(tmp_path)}).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = load_settings({"IDP_DATA_DIR": str(tmp_path)})
    with pytest.raises(ValidationError):
        settings.port = 1


def test_a_variable_nobody_reads_is_an_error() -> None:
    assert problems_of({"IDP_DATABSE_URL": "sqlite://"}) == [
        "IDP_DATABSE_URL: is not a setting of this product"
    ]


def test_variables_of_the_tests_and_of_others_are_left_alone(tmp_path: Path) -> None:
    load_settings({"IDP_DATA_DIR": str(tmp_path), "IDP_TEST_WITHOUT": "redis", "PATH": "/bin"})


def test_every_problem_has_its_own_line() -> None:
    found = problems_of({"IDP_PORT": "eighty", "IDP_LOG_LEVEL": "LOUD", "IDP_NOBODY": "1"})
    assert [line.split(":")[0] for line in sorted(found)] == ["IDP_LOG_LEVEL", "IDP_NOBODY", "IDP_PORT"]


@pytest.mark.parametrize("field", ["database_url", "migration_database_url", "redis_url", "mail_url"])
@pytest.mark.parametrize("address", ["redis://a:hunter2@host:port", "smtp://a:hunter2@[::1"])
def test_an_address_that_cannot_be_read_is_named(field: str, address: str) -> None:
    (line,) = problems_of({f"IDP_{field.upper()}": address})
    assert line == f"IDP_{field.upper()}: the host or the port cannot be read"


@pytest.mark.parametrize("field", ["database_url", "migration_database_url", "redis_url", "mail_url"])
def test_an_address_of_an_unknown_kind_is_refused_without_showing_its_password(field: str) -> None:
    (line,) = problems_of({f"IDP_{field.upper()}": "ftp://somchai:hunter2@host"})
    assert line.startswith(f"IDP_{field.upper()}: must begin with")
    assert "hunter2" not in line


@pytest.mark.parametrize("field", sorted(SECRET_FIELDS))
def test_a_secret_can_come_from_a_file(field: str, tmp_path: Path) -> None:
    others = {} if field != "s3_secret" else {k: v for k, v in IN_BUCKET.items() if k != "IDP_S3_SECRET"}
    value = {
        "s3_secret": IN_BUCKET["IDP_S3_SECRET"],
        "secret_key": SECRET,
        "database_url": "postgresql://somchai:hunter2@db/idp",
        "migration_database_url": "postgresql://owner:hunter2@db/idp",
        "redis_url": "redis://:hunter2@redis:6379/0",
        "mail_url": "smtps://somchai:hunter2@mail:465",
    }[field]
    kept = tmp_path / "kept"
    kept.write_text(value + "\n")
    given = {f"IDP_{field.upper()}_FILE": str(kept), "IDP_DATA_DIR": str(tmp_path)}
    settings = load_settings(given | others)
    assert getattr(settings, field) == value
    assert "hunter2" not in repr(settings) and IN_BUCKET["IDP_S3_SECRET"] not in repr(settings)
    assert SECRET not in repr(settings)


@pytest.mark.parametrize("missing", sorted(IN_BUCKET))
def test_an_object_storage_is_given_whole_or_not_at_all(missing: str, tmp_path: Path) -> None:
    given = IN_BUCKET | {"IDP_DATA_DIR": str(tmp_path)}
    assert load_settings(given).s3_region == "us-east-1"
    assert problems_of({name: value for name, value in given.items() if name != missing}) == [
        f"{missing}: must be set too"
    ]


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("IDP_S3_SECRET", "minioadmin"),
        ("IDP_S3_SECRET", "changeme-please"),
        ("IDP_S3_SECRET", "IDPKEY"),
        ("IDP_S3_ENDPOINT", "http://objects.example.go.th"),
        ("IDP_S3_ENDPOINT", "https://a:hunter2@objects.example.go.th"),
        ("IDP_S3_ENDPOINT", "https://objects:port"),
        ("IDP_S3_ENDPOINT", "ftp://objects"),
        ("IDP_S3_BUCKET", "../documents"),
        ("IDP_S3_BUCKET", "Upper"),
        ("IDP_S3_REGION", "a b"),
    ],
)
def test_an_object_storage_that_cannot_be_meant_is_named_without_its_secret(changed: str, value: str) -> None:
    (line,) = problems_of(IN_BUCKET | {changed: value})
    assert line.startswith(f"{changed}: ") and value not in line


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9000", "http://minio:9000", "https://s3.example.org"])
def test_an_object_storage_beside_the_program_needs_no_encryption(endpoint: str, tmp_path: Path) -> None:
    assert load_settings(IN_BUCKET | {"IDP_S3_ENDPOINT": endpoint, "IDP_DATA_DIR": str(tmp_path)}).s3_bucket


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(SECRET)
    assert problems_of({"IDP_SECRET_KEY": SECRET, "IDP_SECRET_KEY_FILE": str(kept)}) == [
        "IDP_SECRET_KEY_FILE: IDP_SECRET_KEY is set too; keep one of them"
    ]


def test_a_secret_file_that_is_missing_is_named(tmp_path: Path) -> None:
    (line,) = problems_of({"IDP_SECRET_KEY_FILE": str(tmp_path / "nowhere")})
    assert line.startswith("IDP_SECRET_KEY_FILE: cannot be read:")


def test_production_starts_with_what_it_needs() -> None:
    settings = load_settings(production())
    assert settings.secure_cookies
    assert "idp.example.go.th" in settings.trusted_hosts


@pytest.mark.parametrize("missing", ["IDP_SECRET_KEY", "IDP_BASE_URL", "IDP_MAIL_URL"])
def test_production_refuses_to_start_without(missing: str) -> None:
    assert problems_of(production(**{missing: ""})) == [f"{missing}: must be set in production"]


@pytest.mark.parametrize(
    "secret", ["short", "a" * 64, "change-me-change-me-change-me-change-me", "my-secret-" * 5]
)
def test_production_refuses_a_weak_or_default_secret(secret: str) -> None:
    found = problems_of(production(IDP_SECRET_KEY=secret))
    assert all(line.startswith("IDP_SECRET_KEY:") and secret not in line for line in found)


def test_plain_http_is_for_this_machine_alone() -> None:
    (line,) = problems_of(production(IDP_BASE_URL="http://idp.example.go.th"))
    assert line.startswith("IDP_BASE_URL: must begin with https://")
    assert not load_settings(production(IDP_BASE_URL="http://localhost:8000")).secure_cookies


def test_children_given_the_variables_read_equal_settings(tmp_path: Path) -> None:
    for settings in (load_settings({"IDP_DATA_DIR": str(tmp_path)}), load_settings(production())):
        assert load_settings(settings.environment_variables()) == settings


def test_an_override_wins_over_the_environment(tmp_path: Path) -> None:
    given = {"IDP_DATA_DIR": str(tmp_path), "IDP_DATABASE_URL": "sqlite:///one"}
    assert load_settings(given, database_url="sqlite:///two").database_url == "sqlite:///two"
    assert load_settings(given, database_url=None).database_url == "sqlite:///one"


def test_a_default_base_url_follows_the_port_and_a_given_one_stays(tmp_path: Path) -> None:
    embedded = load_settings({"IDP_DATA_DIR": str(tmp_path)})
    assert embedded.listening_on("127.0.0.1", 9000).base_url == "http://127.0.0.1:9000"
    assert load_settings(production()).listening_on("0.0.0.0", 9000).base_url == "https://idp.example.go.th"


def test_the_old_name_of_postgresql_is_understood(tmp_path: Path) -> None:
    settings = load_settings({"IDP_DATA_DIR": str(tmp_path), "IDP_DATABASE_URL": "postgres://db/idp"})
    assert settings.database_url == "postgresql://db/idp"


@pytest.mark.parametrize("depth", [0, 5, 20])
def test_the_socket_path_is_never_too_long(depth: int, tmp_path: Path) -> None:
    data_dir = tmp_path.joinpath(*["ที่เก็บข้อมูล"] * depth)
    socket = Settings(data_dir=data_dir).redis_socket
    assert len(bytes(socket)) <= runtime_files.LONGEST_SOCKET_PATH
    assert Settings(data_dir=data_dir).redis_socket == socket
    assert Settings(data_dir=data_dir / "other").redis_socket != socket


def test_a_private_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "run").symlink_to(elsewhere)
    with pytest.raises(PermissionError):
        runtime_files.make_private_dir(tmp_path / "run")


def test_redis_is_named_as_each_library_wants_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    socket = settings.redis_socket
    assert settings.broker_url == f"redis+socket://{socket}"
    assert settings.redis_client_url == f"unix://{socket}"
    assert settings.limiter_url == f"redis+unix://{socket}"
    outside = Settings(data_dir=tmp_path, redis_url="redis://redis:6379/0")
    assert {outside.broker_url, outside.redis_client_url, outside.limiter_url} == {"redis://redis:6379/0"}
