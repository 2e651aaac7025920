"""`homeward`: every command, and one line where one cannot be carried out."""

import sys
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules
from socket import gaierror
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from activities.casework.context import ClockDiffers
from activities.security.errors import SecurityError
from activities.settings import SettingsError
from activities.temporal import TemporalUnavailable
from deploy import commands
from deploy.local.errors import StackError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Homeward: journeys of returned people, carried by agencies on time and in confidence.",
)


def _version(asked: bool) -> None:  # typer hands on what was said
    if asked:
        typer.echo(f"homeward {version('homeward')}")
        raise typer.Exit


@app.callback()
def _about(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    """Every command explains itself with --help. Settings come from the environment: deploy/docs/settings.md."""


for module in sorted(iter_modules(commands.__path__), key=lambda each: each.name):
    import_module(f"deploy.commands.{module.name}").register(app)


def main() -> None:
    """Run a command; what is known to go wrong is told with its code and the way out, and exits 1."""
    try:
        app()
    except (StackError, ClockDiffers) as error:
        sys.exit(str(error))
    except (SettingsError, SecurityError, TemporalUnavailable) as error:
        sys.exit(f"{error.code}: {error}")
    except (DBAPIError, ConnectionError, TimeoutError, gaierror) as error:
        sys.exit(
            f"database-away: the database does not let us in ({type(error).__name__}): start it, or correct "
            "HOMEWARD_DATABASE__URL; on a new database run `homeward migrate` first"
        )


if __name__ == "__main__":
    main()
