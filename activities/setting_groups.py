"""The settings by the thing they belong to, each with its bounds."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

LEAST_SECRET = 32  # characters of what messages are signed with


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
    lockout_tries: int = Field(
        5, ge=1, description="Wrong passwords in a row that lock an account, or a device an officer is known on."
    )
    lockout_minutes: int = Field(15, ge=1, description="Minutes it stays locked.")
    idle_minutes: int = Field(
        15, ge=1, le=120, description="Minutes without work after which a screen locks, 1 to 120."
    )
    metrics_token: SecretStr | None = Field(
        None,
        description="Token that a scraper of `/metrics` sends, 32 characters or more; none: only this machine itself is answered.",
    )

    @model_validator(mode="after")
    def _guessed_by_nobody(self) -> Self:
        if self.metrics_token is not None and len(self.metrics_token.get_secret_value()) < LEAST_SECRET:
            raise ValueError(f"HOMEWARD_API__METRICS_TOKEN has {LEAST_SECRET} characters or more")
        return self


class WorkerSettings(Group):
    """How much one worker does at once."""

    workflow_slots: int = Field(12, ge=2, description="Workflow tasks at once.")
    local_slots: int = Field(12, ge=1, description="Steps (local activities) at once.")
    activity_slots: int = Field(
        12, ge=1, description="Agency activities being opened at once; a waiting one holds none."
    )
    max_cached_workflows: int = Field(
        150, ge=2, description="Journeys kept in memory, 0.5 to 1 MB each; others are read back when woken."
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
