"""`homeward`: every command, and one line where one cannot be carried out."""

import sys
from importlib import import_module
from pkgutil import iter_modules

import typer

from activities.casework.context import ClockDiffers
from activities.settings import SettingsError
from activities.temporal import TemporalUnavailable
from deploy import commands
from deploy.local.errors import StackError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Homeward: journeys of returned people, carried by agencies on time and in confidence.",
)
for module in sorted(iter_modules(commands.__path__), key=lambda each: each.name):
    import_module(f"deploy.commands.{module.name}").register(app)


def main() -> None:
    """Run a command; what is known to go wrong is told in one line, with the way out."""
    try:
        app()
    except (SettingsError, StackError, ClockDiffers, TemporalUnavailable) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
