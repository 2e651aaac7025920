"""`homeward`: every command, and one line where one cannot be carried out."""

import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated

import typer

from deploy import commands
from deploy.refusals import told
from deploy.version import version

COMMANDS = tuple(sorted(each.name for each in iter_modules(commands.__path__)))


def program(asked: str = "") -> typer.Typer:
    """The command line with the one command that was asked for, so that a process starts soon; with every one otherwise."""
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(homeward)
    named = asked.replace("-", "_")
    for name in [named] if named in COMMANDS else COMMANDS:
        import_module(f"deploy.commands.{name}").register(app)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"homeward {version()}")
        raise typer.Exit


def homeward(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Homeward: journeys of returned people, carried by agencies on time and in confidence.

    Settings come from the environment: deploy/docs/settings.md lists them. A command that cannot be carried out says why
    in one line that begins with a stable code, and exits 1; wrong usage exits 2. How to run it all: deploy/docs/runbook.md.
    """


def main() -> None:
    """Run a command; what is known to go wrong is told in one line, with the way out."""
    try:
        program(sys.argv[1] if len(sys.argv) > 1 else "")()
    except Exception as error:
        line = told(error)
        if line is None:
            raise
        sys.exit(line)


if __name__ == "__main__":
    main()
