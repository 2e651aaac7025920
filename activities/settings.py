"""Every setting of every process: read once from the environment, checked whole, then frozen."""

import difflib
import os
from collections.abc import Iterator, Mapping

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as SourceError

from activities.setting_groups import (
    ApiSettings,
    DatabaseSettings,
    Group,
    KeysSettings,
    LogSettings,
    MailSettings,
    RelaySettings,
    TemporalSettings,
    WebhookSettings,
    WorkerSettings,
)

__all__ = [
    "DELIMITER",
    "FOR_TESTS",
    "PREFIX",
    "SHORT_NAMES",
    "ApiSettings",
    "DatabaseSettings",
    "Group",
    "KeysSettings",
    "LogSettings",
    "MailSettings",
    "RelaySettings",
    "Settings",
    "SettingsError",
    "TemporalSettings",
    "WebhookSettings",
    "WorkerSettings",
    "known_settings",
    "load_settings",
]
PREFIX = "HOMEWARD_"
DELIMITER = "__"
FOR_TESTS = "HOMEWARD_TEST_"  # what tests are told of the machine they run on; no process reads it

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
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what the caller passes: a test's settings never pick up the machine's environment."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
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
