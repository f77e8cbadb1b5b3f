"""`spean db`: the tables of the store, brought to this version or back.

Never loses rows unasked.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import BOT_TOML, Config, DryRun, Json, Yes
from bot.cli.output import agreed, json_line, say
from bot.config import load
from storage import migrate
from storage.database import Database

commands = typer.Typer(no_args_is_help=True, help="The tables of the store.")

Revision = Annotated[str, typer.Argument(help="The version to go to.")]


@commands.command()
def current(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Print the version of the store and the one this code wants. Exit status 1 when they differ."""
    with _opened(config) as database:
        found, wanted = migrate.current(database), migrate.head()
    if as_json:
        json_line({"current": found, "wanted": wanted})
    else:
        typer.echo(f"current {found or 'none'}\nwanted {wanted}")
    if found != wanted:
        raise typer.Exit(1)


@commands.command()
def upgrade(to: Revision = "head", *, dry_run: DryRun = False, config: Config = BOT_TOML) -> None:
    """Bring the tables to this version."""
    with _opened(config) as database:
        if dry_run:
            say(f"the store would go from {migrate.current(database) or 'none'} to {to}")
            return
        migrate.upgrade(database, to)


@commands.command()
def downgrade(to: Revision, *, yes: Yes = False, dry_run: DryRun = False, config: Config = BOT_TOML) -> None:
    """Take the tables back; what only newer tables hold is lost."""
    with _opened(config) as database:
        what = f"the store from {migrate.current(database) or 'none'} to {to}"
        if dry_run:
            say(f"this would take {what}")
            return
        if not agreed(f"Take {what}? What only newer tables hold is lost.", yes=yes):
            raise typer.Exit(1)
        migrate.downgrade(database, to)


@contextmanager
def _opened(config: Path) -> Iterator[Database]:
    database = Database.open(load(config, os.environ).storage.url)
    try:
        yield database
    finally:
        database.close_now()
