"""`spean version` and `spean config show`: what runs here.

Never opens the store.
"""

import os
import platform
import sqlite3
from importlib.metadata import version as version_of
from pathlib import Path

import tomlkit
import typer

from bot.cli.options import BOT_TOML, Config, Json
from bot.cli.output import json_line
from bot.config import load, shown

config_commands = typer.Typer(no_args_is_help=True, help="The settings of this installation.")


def version(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Print the versions of Spean and of what it stands on."""
    del config  # every command takes it; versions do not depend on it
    versions = {
        "spean": version_of("spean"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version_of(name) for name in ("aiohttp", "python-telegram-bot", "sqlalchemy")},
    }
    if as_json:
        json_line(versions)
        return
    for name, number in versions.items():
        typer.echo(f"{name} {number}")


@config_commands.command("show")
def config_show(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Print the effective settings, secrets hidden."""
    values = shown(load(Path(config), os.environ))
    if as_json:
        json_line(values)
    else:
        typer.echo(tomlkit.dumps(values), nl=False)
