"""Stories of the settings: a wrong one is named before anything starts, and no secret is repeated."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_core import PydanticUndefined

from activities.settings import (
    DatabaseSettings,
    KeysSettings,
    Settings,
    SettingsError,
    known_settings,
    load_settings,
)

ROOT = Path(__file__).parents[1]
LEAST = {
    "HOMEWARD_DATABASE__URL": "postgresql+asyncpg://homeward:s3cret@127.0.0.1/homeward",
    "HOMEWARD_KEYS__FILE": "keys.json",
}


def refused(env: Mapping[str, str]) -> SettingsError:
    """The error these variables earn."""
    with pytest.raises(SettingsError) as error:
        load_settings(env)
    return error.value


def test_a_database_and_keys_are_enough() -> None:
    """Everything else has a sensible value; those two have none, so that no default secret exists."""
    settings = load_settings(LEAST)
    assert settings.database.url.get_secret_value().endswith("/homeward")
    assert settings.temporal.address == "127.0.0.1:7233"
    assert settings.temporal.namespace == settings.temporal.task_queue == "homeward"
    assert settings.worker.max_cached_workflows == 150
    assert settings.mail.host == ""
    assert settings.clock_scale == 1


def test_what_is_missing_is_said_all_at_once() -> None:
    """The administrator mends it in one go."""
    error = refused({})
    assert error.code == "setting_missing"
    assert [line.split()[0] for line in error.message.splitlines()] == [
        "HOMEWARD_DATABASE__URL",
        "HOMEWARD_KEYS__FILE",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("HOMEWARD_WORKER__LOCAL_SLOT", "HOMEWARD_WORKER__LOCAL_SLOTS"),
        ("HOMEWARD_DATABASE_URL", "HOMEWARD_DATABASE__URL"),
        ("HOMEWARD_CLOCKSCALE", "HOMEWARD_CLOCK_SCALE"),
        ("HOMEWARD_TEMPORAL__ADRESS", "HOMEWARD_TEMPORAL__ADDRESS"),
    ],
)
def test_a_misspelt_setting_is_not_ignored(typed: str, meant: str) -> None:
    """It is refused by name, and the nearest real one is named."""
    error = refused({**LEAST, typed: "5"})
    assert error.code == "setting_unknown"
    assert error.message.startswith(f"{typed} is not a setting; the nearest is {meant} ")


def test_other_programs_variables_are_none_of_ours() -> None:
    """Only our own prefix is judged, and of that not what tests are told of their machine."""
    assert (
        load_settings({**LEAST, "PATH": "anywhere", "homeward_x": "1", "HOMEWARD_TEST_POSTGRES": "x"}).clock_scale == 1
    )


def test_an_empty_value_is_no_value() -> None:
    """Container files pass empty values for what nobody set."""
    assert load_settings({**LEAST, "HOMEWARD_MAIL__PORT": ""}).mail.port == 587
    assert refused({**LEAST, "HOMEWARD_DATABASE__URL": ""}).code == "setting_missing"


def test_the_short_and_the_long_names_of_temporal_mean_the_same() -> None:
    """Both are accepted; two different answers are not."""
    short = load_settings({**LEAST, "HOMEWARD_TEMPORAL_ADDRESS": "t:1", "HOMEWARD_TEMPORAL_CLI": "bin/temporal"})
    assert (short.temporal.address, short.temporal.cli) == ("t:1", Path("bin/temporal"))
    server = load_settings({**LEAST, "HOMEWARD_TEMPORAL_SERVER": "bin/temporal-server"})
    assert server.temporal.server == Path("bin/temporal-server")
    assert load_settings({**LEAST, "HOMEWARD_TEMPORAL__ADDRESS": "t:1"}).temporal.address == "t:1"
    both = {**LEAST, "HOMEWARD_TEMPORAL__ADDRESS": "t:1", "HOMEWARD_TEMPORAL_ADDRESS": "t:2"}
    assert refused(both).code == "setting_twice"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOMEWARD_DATABASE__URL", "postgresql://homeward:s3cret@127.0.0.1/homeward"),
        ("HOMEWARD_CLOCK_SCALE", "43201"),
        ("HOMEWARD_CLOCK_SCALE", "0"),
        ("HOMEWARD_WORKER__MAX_CACHED_WORKFLOWS", "1"),
        ("HOMEWARD_TEMPORAL_ADDRESS", "no port"),
        ("HOMEWARD_LOGS__FORMAT", "xml"),
        ("HOMEWARD_API__PUBLIC_URL", "homeward.example"),
        ("HOMEWARD_API__IDLE_MINUTES", "0"),
        ("HOMEWARD_API__IDLE_MINUTES", "121"),
        ("HOMEWARD_API__IDLE_MINUTES", "a while"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable_and_not_repeated(name: str, value: str) -> None:
    """The line says which variable and what it must be; a secret in it is not printed."""
    error = refused({**LEAST, name: value})
    assert error.code == "setting_invalid"
    assert error.message.startswith(f"{name}: ")
    assert len(error.message.splitlines()) == 1
    assert "s3cret" not in error.message


@pytest.mark.parametrize(
    "group",
    [
        {"HOMEWARD_MAIL__HOST": "mail.example"},
        {"HOMEWARD_MAIL__USERNAME": "homeward"},
        {"HOMEWARD_MAIL__USERNAME": "h", "HOMEWARD_MAIL__PASSWORD": "s3cret", "HOMEWARD_MAIL__STARTTLS": "false"},
        {"HOMEWARD_KEYS__ACTIVE": "k1"},
        {"HOMEWARD_KEYS__KEYS": "not json: s3cret"},
    ],
)
def test_settings_that_do_not_fit_together_are_refused(group: dict[str, str]) -> None:
    """Mail without a sender, a password in the clear, keys given twice or unreadable: each is said in a line."""
    error = refused({**LEAST, **group})
    assert error.code == "setting_invalid"
    assert "s3cret" not in error.message
    assert len(error.message.splitlines()) == 1


def test_keys_can_be_given_without_a_file() -> None:
    """All three parts, or none."""
    inline = {
        "HOMEWARD_DATABASE__URL": LEAST["HOMEWARD_DATABASE__URL"],
        "HOMEWARD_KEYS__KEYS": '{"k1": "YQ=="}',
        "HOMEWARD_KEYS__ACTIVE": "k1",
        "HOMEWARD_KEYS__INDEX_KEY": "Yg==",
    }
    assert load_settings(inline).keys.keys["k1"].get_secret_value() == "YQ=="
    del inline["HOMEWARD_KEYS__ACTIVE"]
    assert refused(inline).code == "setting_invalid"


def test_settings_never_change_and_never_show_secrets() -> None:
    """What a process started with is what it runs with, and printing it is harmless."""
    settings = load_settings({**LEAST, "HOMEWARD_MAIL__USERNAME": "h", "HOMEWARD_MAIL__PASSWORD": "s3cret"})
    assert "s3cret" not in repr(settings)
    for frozen, name in ((settings, "clock_scale"), (settings.mail, "port")):
        with pytest.raises(ValidationError):
            setattr(frozen, name, 2)


def test_settings_built_by_hand_ignore_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's settings are what the test says."""
    monkeypatch.setenv("HOMEWARD_CLOCK_SCALE", "7")
    database = DatabaseSettings(url=SecretStr(LEAST["HOMEWARD_DATABASE__URL"]))
    assert Settings(database=database, keys=KeysSettings(file=Path("keys.json"))).clock_scale == 1
    assert load_settings({**LEAST}).clock_scale == 1
    for name, value in LEAST.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("HOMEWARD_TEMPORAL_CLI", raising=False)
    assert load_settings().clock_scale == 7


def test_nothing_is_read_when_the_module_is_imported() -> None:
    """A wrong environment is reported by the process that needs it, in its own words."""
    env = {**os.environ, "HOMEWARD_NONSENSE": "1"}
    subprocess.run([sys.executable, "-c", "import activities.settings"], env=env, cwd=ROOT, check=True)


def test_every_setting_is_documented_with_its_default() -> None:
    """The page lists each setting once, with the value it has when nobody sets it, and no setting that is gone."""
    page = (ROOT / "deploy/docs/settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `(HOMEWARD_\w+)` \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    expected = [(name, _default(field.get_default(call_default_factory=True)), field.description)
                for name, field in known_settings()]  # fmt: skip
    assert sorted(rows) == sorted(expected)


def _default(value: object) -> str:
    """A default as the page writes it."""
    if value is PydanticUndefined:
        return "required"
    if value in ("", None, {}):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
