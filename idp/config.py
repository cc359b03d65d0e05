"""The deployment's settings: read once from the environment, validated, then never changed.

Every setting is a variable ``IDP_<NAME>``. The values that carry a secret may instead come from a file named
by ``IDP_<NAME>_FILE`` (as container platforms hand them over). Organisations' own rules are not here: they
are dated rows in the database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from idp import runtime_files
from idp.bucket_settings import LOOPBACK_HOSTS, bucket_problems

PREFIX: Final = "IDP_"
PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
SECRET_FIELDS: Final = frozenset(
    {"secret_key", "database_url", "migration_database_url", "redis_url", "mail_url", "s3_secret"}
)
"""Fields that may be given as ``IDP_<NAME>_FILE``."""

MINIMUM_SECRET_LENGTH: Final = 32
PLACEHOLDER_SECRETS: Final = ("change", "secret", "default", "example", "password", "insecure")
DATABASE_SCHEMES: Final = frozenset({"sqlite", "postgresql", "postgresql+psycopg"})
REDIS_SCHEMES: Final = frozenset({"redis", "rediss", "redis+socket"})
MAIL_SCHEMES: Final = frozenset({"smtp", "smtps", "folder"})


class ConfigurationError(Exception):
    """The environment does not make valid settings; the text has one line for each problem."""


def _split_list(value: object) -> object:
    """Accept ``a, b`` for a tuple, as environment variables have no lists."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


class Settings(BaseModel):
    """Everything a process of this product needs to know about where it runs. Immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: Literal["embedded", "production"] = Field(
        default="embedded",
        description="embedded: everything has a default. production: secrets and addresses must be given.",
    )
    data_dir: Path = Field(
        default=PROJECT_ROOT / "var",
        description="Folder of everything that is kept: database, documents, logs, the private Redis.",
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="sqlite:///PATH or postgresql://...; default: idp.sqlite3 in data_dir.",
    )
    migration_database_url: str = Field(
        default="",
        repr=False,
        description="The same database as the owner of its tables, for idp migrate; default: database_url.",
    )
    redis_url: str = Field(
        default="",
        repr=False,
        description="redis://, rediss:// or redis+socket:///PATH; default: one that idp serve starts.",
    )
    secret_key: str = Field(
        default="",
        repr=False,
        description="Signs tokens; 32 characters or more. Embedded default: made in data_dir/secret_key.",
    )
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address that the web server listens on."
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port that the web server listens on; 0: any free one."
    )
    base_url: str = Field(default="", description="Address that people type, without a path; used in mails.")
    trusted_hosts: Annotated[tuple[str, ...], BeforeValidator(_split_list)] = Field(
        default=(),
        description="Host names answered to, separated by commas; default: that of base_url, and loopback.",
    )
    proxy_hops: int = Field(
        default=0, ge=0, le=5, description="Reverse proxies in front whose X-Forwarded-* count."
    )
    mail_url: str = Field(
        default="",
        repr=False,
        description="smtp://USER:PASSWORD@HOST:PORT, smtps://..., or folder:PATH; default: data_dir/mail.",
    )
    mail_from: str = Field(
        default="idp@localhost", pattern=r"^[^\s@]+@[^\s@]+$", description="Sender address of every mail."
    )
    storage_dir: Path = Field(
        default=PROJECT_ROOT / "var" / "documents",
        description="Folder of stored documents, of drafts where s3_bucket is set; default: in data_dir.",
    )
    s3_endpoint: str = Field(
        default="", description="Object storage for documents instead of the folder: https://HOST."
    )
    s3_bucket: str = Field(default="", description="Its bucket, which must exist; nobody else reads it.")
    s3_region: str = Field(
        default="us-east-1", pattern=r"^[a-z0-9-]+$", description="Its region; most such servers have one."
    )
    s3_key_id: str = Field(default="", description="The access key of this product there.")
    s3_secret: str = Field(default="", repr=False, description="The secret of that access key.")
    upload_megabytes: int = Field(
        default=10, ge=1, le=100, description="Largest file that people may hand in, such as a scan."
    )
    antivirus_command: str = Field(
        default="",
        description="Command that scans a file named by its last word, as clamdscan does; default: none.",
    )
    session_hours: int = Field(default=8, ge=1, le=168, description="Hours until an idle login ends.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level logged."
    )
    web_workers: int = Field(default=2, ge=1, le=64, description="Web server processes.")
    web_threads: int = Field(default=4, ge=1, le=64, description="Threads of each web server process.")
    worker_concurrency: int = Field(default=1, ge=1, le=64, description="Background worker processes.")

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Complete what depends on another setting; empty text counts as not given."""
        values = {name: value for name, value in given.items() if value not in ("", None)}
        data_dir = Path(values.get("data_dir", cls.model_fields["data_dir"].default)).expanduser().absolute()
        values["data_dir"] = data_dir
        values.setdefault("database_url", f"sqlite:///{data_dir / 'idp.sqlite3'}")
        values.setdefault("storage_dir", data_dir / "documents")
        values["storage_dir"] = Path(values["storage_dir"]).expanduser().absolute()
        if values.get("environment") != "production":
            values.setdefault("mail_url", f"folder:{data_dir / 'mail'}")
            values.setdefault("base_url", f"http://{_typed_host(values)}:{values.get('port', 8000)}")
        values["base_url"] = str(values.get("base_url", "")).rstrip("/")
        for name in ("database_url", "migration_database_url"):
            if str(values.get(name, "")).startswith("postgres://"):
                values[name] = "postgresql" + str(values[name]).removeprefix("postgres")
        return values

    @model_validator(mode="after")
    def _check(self) -> Self:
        problems = [*self._address_problems(), *self._storage_problems(), *self._production_problems()]
        if problems:
            raise ValueError("\n".join(problems))
        if not self.trusted_hosts:
            own = urlsplit(self.base_url).hostname or ""
            # A frozen model may still complete itself while it is being validated.
            object.__setattr__(self, "trusted_hosts", tuple(sorted({own, "localhost", "127.0.0.1"} - {""})))
        return self

    def _address_problems(self) -> list[str]:
        problems = []
        for name, schemes in (
            ("database_url", DATABASE_SCHEMES),
            ("migration_database_url", DATABASE_SCHEMES),
            ("redis_url", REDIS_SCHEMES),
            ("mail_url", MAIL_SCHEMES),
        ):
            value = getattr(self, name)
            # The value itself may hold a password: name only what is allowed.
            if not _has_a_readable_port(value):
                problems.append(f"{_variable(name)}: the host or the port cannot be read")
            elif value and urlsplit(value).scheme not in schemes:
                problems.append(f"{_variable(name)}: must begin with one of {', '.join(sorted(schemes))}")
        if self.base_url:
            base = urlsplit(self.base_url)
            if base.scheme not in ("http", "https") or not base.hostname or base.path or base.query:
                problems.append(f"{_variable('base_url')}: must be https://HOST without a path")
            elif base.scheme == "http" and base.hostname not in LOOPBACK_HOSTS:
                problems.append(
                    f"{_variable('base_url')}: must begin with https:// (http is for this machine alone)"
                )
        return problems

    def _storage_problems(self) -> list[str]:
        found = bucket_problems(self.s3_endpoint, self.s3_bucket, self.s3_key_id, self.s3_secret)
        return [f"{_variable(name)}: {problem}" for name, problem in found]

    def _production_problems(self) -> list[str]:
        problems = []
        secret = self.secret_key
        if self.environment == "production":
            problems += [
                f"{_variable(name)}: must be set in production"
                for name in ("secret_key", "base_url", "mail_url")
                if not getattr(self, name)
            ]
            if secret and any(word in secret.lower() for word in PLACEHOLDER_SECRETS):
                problems.append(f"{_variable('secret_key')}: is a placeholder; make one of your own")
        if secret and (len(secret) < MINIMUM_SECRET_LENGTH or len(set(secret)) < 8):
            problems.append(
                f"{_variable('secret_key')}: must have at least {MINIMUM_SECRET_LENGTH} random characters"
            )
        return problems

    @property
    def has_private_redis(self) -> bool:
        """True when no Redis is named, so that `idp serve` starts one of its own on a unix socket."""
        return not self.redis_url

    @property
    def socket_dir(self) -> Path:
        """Folder of unix sockets: inside data_dir, or a short private one when that path is too long."""
        return runtime_files.socket_dir(self.data_dir)

    @property
    def redis_socket(self) -> Path:
        """The private Redis' unix socket."""
        return self.socket_dir / "redis.sock"

    @property
    def broker_url(self) -> str:
        """Redis as Celery writes it."""
        return self.redis_url or f"redis+socket://{self.redis_socket}"

    @property
    def redis_client_url(self) -> str:
        """Redis as the redis library writes it (``unix://`` for a socket)."""
        return self.broker_url.replace("redis+socket://", "unix://", 1)

    @property
    def limiter_url(self) -> str:
        """Redis as the throttling library writes it (``redis+unix://`` for a socket)."""
        return self.broker_url.replace("redis+socket://", "redis+unix://", 1)

    @property
    def secure_cookies(self) -> bool:
        """Cookies are for https alone, except when the product is used over http on the machine itself."""
        return self.base_url.startswith("https://")

    def environment_variables(self) -> dict[str, str]:
        """The same settings as variables, for child processes: loading them gives equal settings."""
        return {
            _variable(name): ",".join(value) if isinstance(value, tuple) else str(value)
            for name, value in self
            if value not in ("", None)
        }

    def listening_on(self, host: str, port: int) -> Settings:
        """The same settings for another address to listen on; a default base_url follows it."""
        values = self.model_dump() | {"host": host, "port": port}
        if self.base_url == f"http://{_typed_host({'host': self.host})}:{self.port}":
            values["base_url"] = ""
            values["trusted_hosts"] = ()
        return Settings.model_validate(values)


def _typed_host(values: Mapping[str, Any]) -> str:
    """The host to type into a browser on this machine for the address listened on."""
    host = str(values.get("host") or "127.0.0.1")
    return host if host in LOOPBACK_HOSTS and ":" not in host else "127.0.0.1"


def _has_a_readable_port(address: str) -> bool:
    """Whether an address names a host and a port that are such, or none."""
    try:
        urlsplit(address).port  # noqa: B018  (reading it is the check)
    except ValueError:
        return False
    return True


def _variable(field: str) -> str:
    return PREFIX + field.upper()


def load_settings(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read the settings from `environ` (default: the process' own), `overrides` (None: not given) on top.

    On the embedded default the secret is made once and kept in data_dir/secret_key (mode 600).
    Raises ConfigurationError naming every problem, one per line.
    """
    environ = os.environ if environ is None else environ
    values, problems = _read(environ)
    values |= {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += _lines(error)
    if problems:
        raise ConfigurationError("\n".join(problems))
    if settings.environment == "embedded" and not settings.secret_key:
        try:
            secret = runtime_files.kept_secret(settings.data_dir / "secret_key")
        except OSError as error:
            raise ConfigurationError(f"IDP_DATA_DIR: cannot be written: {error}") from error
        settings = Settings.model_validate(settings.model_dump() | {"secret_key": secret})
    return settings


def settings_of_program() -> Settings:
    """The settings of a program that somebody else's command starts (gunicorn, celery).

    Wrong ones end it with one line for each problem and exit code 2, instead of a traceback.
    """
    try:
        return load_settings()
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from error


def _read(environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Collect the fields given by variables and by files; name variables nobody reads."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable.startswith(f"{PREFIX}TEST_"):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name in Settings.model_fields:
            values.setdefault(name, value)
        elif name.removesuffix("_file") in SECRET_FIELDS:
            field = name.removesuffix("_file")
            if environ.get(_variable(field)):
                problems.append(f"{variable}: {_variable(field)} is set too; keep one of them")
            try:
                values[field] = Path(value).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{variable}: cannot be read: {error}")
        else:
            problems.append(f"{variable}: is not a setting of this product")
    return values, problems


def _lines(error: ValidationError) -> list[str]:
    """One line for each problem, with the variable's name and without the value, which may be a secret."""
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False):
        message = problem["msg"].removeprefix("Value error, ")
        if problem["loc"]:
            lines.append(f"{_variable(str(problem['loc'][0]))}: {message}")
        else:
            lines += message.splitlines()
    return lines
