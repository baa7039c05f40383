"""The `citong` command: a list of names, each a module loaded only when it is called."""

import atexit
import importlib
import os
from importlib.util import find_spec

import click

COMMANDS = [
    "serve",
    "database",
    "backup",
    "restore",
    "city",
    "administrator",
    "demo",
    "simulate",
    "signals",
    "escort",
    "import",
    "export",
    "ledger",
    "receipt",
    "learn",
    "docs",
    "key",
    "papers",
]
# Words the Python language keeps for itself cannot name a module that others import by statement.
MODULES = {"import": "imports"}


class Commands(click.Group):
    """Finds `command` in citong/cli/<name>.py."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The listed names whose module is there."""
        return [name for name in COMMANDS if find_spec(_module(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The named command, or None."""
        if cmd_name not in COMMANDS or not find_spec(_module(cmd_name)):
            return None
        found: click.Command = importlib.import_module(_module(cmd_name)).command
        return found


def _module(name: str) -> str:
    return f"citong.cli.{MODULES.get(name, name)}"


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and tend a Citong installation."""


def django_ready() -> None:
    """Django is set up on this installation's database; without DATABASE_URL that is the home's embedded one.

    A database that did not run is started for as long as this process lives.
    """
    home_ready()
    import django

    django.setup()


def home_ready() -> None:
    """The environment names home, database and settings, and the database answers."""
    from citong.cli import database
    from citong.cli.home import default_home, open_home

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citong.project.settings")
    home = open_home(default_home())
    os.environ["CITONG_HOME"] = str(home)
    if os.environ.get("DATABASE_URL"):
        return
    if (url := database.running_url(home)) is None:
        url = database.start(home)
        atexit.register(database.stop, home, only=database.running_pid(home))
    os.environ["DATABASE_URL"] = url


if __name__ == "__main__":
    main()
