"""Every setting of every process: read once from the environment, checked whole, then frozen."""

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as SourceError

PREFIX = "HOMEWARD_"
DELIMITER = "__"
FOR_TESTS = "HOMEWARD_TEST_"  # what tests are told of the machine they run on; no process reads it
LEAST_SECRET = 32  # characters of what messages are signed with

# Three names that scripts and people already use for Temporal; the longer spelling means the same.
SHORT_NAMES: Mapping[str, str] = {
    "HOMEWARD_TEMPORAL_ADDRESS": "HOMEWARD_TEMPORAL__ADDRESS",
    "HOMEWARD_TEMPORAL_CLI": "HOMEWARD_TEMPORAL__CLI",
    "HOMEWARD_TEMPORAL_SERVER": "HOMEWARD_TEMPORAL__SERVER",
}


class SettingsError(Exception):
    """The settings cannot be used. `code` is that of the first problem; `message` has one line per problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Group(BaseModel):
    """A group of settings that belong to one thing."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DatabaseSettings(Group):
    """Where the rows are."""

    url: SecretStr = Field(description="Address of the database: postgresql+asyncpg://user:password@host:port/name.")
    pool_size: int = Field(10, ge=1, le=200, description="Connections one process keeps open.")

    @field_validator("url")
    @classmethod
    def _is_asyncpg(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith("postgresql+asyncpg://"):
            raise ValueError("must begin with postgresql+asyncpg://")
        return url


class TemporalSettings(Group):
    """Where Temporal is and what of it is ours."""

    address: str = Field("127.0.0.1:7233", pattern=r"^[^\s/]+:\d{1,5}$", description="host:port of the server.")
    namespace: str = Field("homeward", min_length=2, pattern=r"^[A-Za-z0-9_.-]+$", description="Our namespace.")
    task_queue: str = Field("homeward", min_length=1, description="The one task queue of journeys and steps.")
    cli: Path | None = Field(None, description="The Temporal CLI that starts a local server; else looked for on PATH.")
    server: Path | None = Field(
        None, description="The server of Temporal that the bench runs on PostgreSQL; else looked for on PATH."
    )


class KeysSettings(Group):
    """The keys: a file, or the keys themselves (base64 of 32 bytes each)."""

    file: Path | None = Field(None, description="Key file, written by `homeward`, readable by its owner only.")
    keys: dict[str, SecretStr] = Field(
        default_factory=dict, description='Keys without a file, as JSON: {"k1": "<base64>"}.'
    )
    active: str | None = Field(None, description="Id of the key that locks what is new (without a file).")
    index_key: SecretStr | None = Field(None, description="Key of the search index (without a file).")

    @model_validator(mode="after")
    def _file_or_keys(self) -> Self:
        inline = (bool(self.keys), self.active is not None, self.index_key is not None)
        if self.file is None and not all(inline):
            raise ValueError("set HOMEWARD_KEYS__FILE, or all of KEYS, ACTIVE and INDEX_KEY of this group")
        if self.file is not None and any(inline):
            raise ValueError("set either HOMEWARD_KEYS__FILE or KEYS, ACTIVE and INDEX_KEY, not both")
        return self


class ApiSettings(Group):
    """The web process and its sign-in. Hours, tries and minutes are our choice, not the law's."""

    host: str = Field("127.0.0.1", description="Address it listens on.")
    port: int = Field(8080, ge=1, le=65535, description="Port it listens on.")
    public_url: str = Field(
        "http://127.0.0.1:8080", pattern=r"^https?://[^\s/]+", description="Address officers use, for links in mail."
    )
    practice_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/]+/?)?$",
        description="Address of the stack people practise on (`homeward practice`); empty: no link.",
    )
    parts: Path | None = Field(
        None, description="Sign-ins of a practice, which anybody may take without a password; refused at life's pace."
    )
    session_hours: int = Field(10, ge=1, le=24 * 7, description="Hours a sign-in lasts.")
    lockout_tries: int = Field(5, ge=1, description="Wrong passwords in a row that lock an account.")
    lockout_minutes: int = Field(15, ge=1, description="Minutes an account stays locked.")


class WorkerSettings(Group):
    """How much one worker does at once."""

    workflow_slots: int = Field(12, ge=2, description="Workflow tasks at once.")
    local_slots: int = Field(12, ge=1, description="Steps (local activities) at once.")
    activity_slots: int = Field(
        12, ge=1, description="Agency activities being opened at once; a waiting one holds none."
    )
    max_cached_workflows: int = Field(
        1000, ge=2, description="Journeys kept in memory; others are read back when woken."
    )
    draft_days: int = Field(
        30, ge=1, le=3650, description="Days a draft nobody touched is kept; our choice, not the law's."
    )


class RelaySettings(Group):
    """How commands leave the outbox."""

    concurrency: int = Field(4, ge=1, le=100, description="Commands sent at once.")
    poll_seconds: float = Field(5, gt=0, le=300, description="Seconds between looks when no news arrives.")
    max_attempts: int = Field(20, ge=1, description="Tries before a command is set aside for `homeward doctor`.")


class MailSettings(Group):
    """The mail server. No host: no mail is sent."""

    host: str = Field("", description="SMTP server; empty turns mail off.")
    port: int = Field(587, ge=1, le=65535, description="Its port.")
    sender: str = Field("", description="Address that mail comes from.")
    starttls: bool = Field(True, description="Demand an encrypted connection.")
    username: str = Field("", description="Account on the mail server, if it asks for one.")
    password: SecretStr | None = Field(None, description="Password of that account.")
    timeout_seconds: float = Field(10, gt=0, le=120, description="Seconds until a silent server counts as down.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host and "@" not in self.sender:
            raise ValueError("HOMEWARD_MAIL__SENDER must be a mail address when a mail server is set")
        if bool(self.username) != (self.password is not None):
            raise ValueError("set both HOMEWARD_MAIL__USERNAME and HOMEWARD_MAIL__PASSWORD, or neither")
        if self.username and not self.starttls:
            raise ValueError(
                "a mail password is sent over an encrypted connection only: set HOMEWARD_MAIL__STARTTLS=true"
            )
        return self


class WebhookSettings(Group):
    """A gateway that takes signed messages, for a province's SMS or Zalo. No address: none is sent."""

    url: str = Field("", description="Address of the gateway; empty turns it off.")
    secret: SecretStr | None = Field(
        None, description="Secret that each message is signed with, 32 characters or more."
    )
    timeout_seconds: float = Field(10, gt=0, le=120, description="Seconds until a silent gateway counts as down.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.url) != (self.secret is not None):
            raise ValueError("set both HOMEWARD_WEBHOOK__URL and HOMEWARD_WEBHOOK__SECRET, or neither")
        if self.secret is not None and len(self.secret.get_secret_value()) < LEAST_SECRET:
            raise ValueError(f"HOMEWARD_WEBHOOK__SECRET must have {LEAST_SECRET} characters or more")
        if self.url and not _private(self.url):
            raise ValueError("HOMEWARD_WEBHOOK__URL must begin with https:// (http:// to this machine only)")
        return self


class LogSettings(Group):
    """What is written about the running of the system."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level written.")
    format: Literal["json", "console"] = Field("json", description="json for machines, console for people.")


class Settings(BaseSettings):
    """All settings. Built from what it is given; only `load_settings` reads an environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=DELIMITER, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database: DatabaseSettings
    temporal: TemporalSettings = TemporalSettings()
    keys: KeysSettings
    api: ApiSettings = ApiSettings()
    worker: WorkerSettings = WorkerSettings()
    relay: RelaySettings = RelaySettings()
    mail: MailSettings = MailSettings()
    webhook: WebhookSettings = WebhookSettings()
    logs: LogSettings = LogSettings()
    clock_scale: int = Field(
        1,
        ge=1,
        le=43200,
        validate_default=True,
        description="How many times faster than life case time runs; 1 outside rehearsals.",
    )

    @field_validator("clock_scale")
    @classmethod
    def _no_parts_at_lifes_pace(cls, scale: int, others: ValidationInfo) -> int:
        api = others.data.get("api")
        if scale == 1 and api is not None and api.parts is not None:
            raise ValueError("must be more than 1 where HOMEWARD_API__PARTS is set: that is for a practice alone")
        return scale

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (the library calls by keyword)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the same)
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the same)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the same)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what the caller passes: a test's settings never pick up the machine's environment."""
        return (init_settings,)


class _GivenEnvironment(EnvSettingsSource):
    """Reads the names given to it instead of the process's environment."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in env.items() if value}
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return dict(self._given)


def known_settings() -> Iterator[tuple[str, FieldInfo]]:
    """Every setting as its environment name (the short one where there is one) and its field."""
    short = {full: name for name, full in SHORT_NAMES.items()}
    for group, outer in Settings.model_fields.items():
        model = outer.annotation
        if isinstance(model, type) and issubclass(model, Group):
            for name, field in model.model_fields.items():
                full = f"{PREFIX}{group}{DELIMITER}{name}".upper()
                yield short.get(full, full), field
        else:
            yield f"{PREFIX}{group}".upper(), outer


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `env` (the process's environment when None); an empty value counts as not set.

    Raises `SettingsError` with one line per problem: `setting_unknown`, `setting_twice`, `setting_missing`
    or `setting_invalid`. No line ever repeats a value.
    """
    given = os.environ if env is None else env
    ours = {name: value for name, value in given.items() if name.startswith(PREFIX) and not name.startswith(FOR_TESTS)}
    known = {name for name, _ in known_settings()} | set(SHORT_NAMES.values())
    problems = [_unknown(name, known) for name in sorted(ours.keys() - known)]
    for short, full in SHORT_NAMES.items():
        if ours.get(short) and ours.get(full) and ours[short] != ours[full]:
            problems.append(("setting_twice", f"{short} and {full} are the same setting with two values: keep one"))
    named = {SHORT_NAMES.get(name, name): value for name, value in ours.items() if name in known and value}
    try:
        settings = Settings(**_GivenEnvironment(named)())
    except SourceError:
        problems.append(("setting_invalid", "HOMEWARD_KEYS__KEYS must be JSON: an object of key id to base64"))
    except ValidationError as error:
        problems += [_invalid(detail) for detail in error.errors(include_url=False, include_input=False)]
    if problems:
        raise SettingsError(problems[0][0], "\n".join(text for _, text in problems))
    return settings


def _private(url: str) -> bool:
    """Nobody on the way can read what goes to this address: https, or this machine itself."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in {"localhost", "127.0.0.1", "::1"})
    )


def _unknown(name: str, known: set[str]) -> tuple[str, str]:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0)[0]
    return (
        "setting_unknown",
        f"{name} is not a setting; the nearest is {near} (all are listed in deploy/docs/settings.md)",
    )


def _invalid(detail: ErrorDetails) -> tuple[str, str]:
    """One problem of pydantic's as a code and a line that names the variable."""
    path = [str(part) for part in detail["loc"]]
    if detail["type"] == "missing":
        required = {"database": "HOMEWARD_DATABASE__URL", "keys": "HOMEWARD_KEYS__FILE"}
        name = required.get(path[0], f"{PREFIX}{DELIMITER.join(path)}".upper())
        return "setting_missing", f"{name} is required and has no default"
    name = f"{PREFIX}{DELIMITER.join(path)}".upper()
    name = {full: short for short, full in SHORT_NAMES.items()}.get(name, name)
    return "setting_invalid", f"{name}: {detail['msg'].removeprefix('Value error, ')}"
