"""`spean words`: catalogues and scripts kept in their one canonical form.

Never writes a sentence.
"""

from pathlib import Path

import typer

from bot.cli.options import BOT_TOML, Config, DryRun, Json
from bot.cli.output import json_line, say
from bot.cli.scripts import HERE, Folder
from bot.script_words import Changes, format_scripts, format_words, update_words

commands = typer.Typer(no_args_is_help=True, help="The catalogues of words.")


@commands.command()
def fmt(
    folder: Folder = HERE, *, dry_run: DryRun = False, config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """Write catalogues and scripts in their canonical form."""
    del config  # every command takes it; files are formatted without the installation's settings
    for changes in (format_words(folder), format_scripts(folder)):
        _carry_out(changes, folder, dry_run=dry_run, as_json=as_json)


@commands.command()
def update(
    folder: Folder = HERE, *, dry_run: DryRun = False, config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """Give every message id of the scripts a place in both languages; drop what nothing says."""
    del config  # as above
    changes = update_words(folder)
    _carry_out(changes, folder, dry_run=dry_run, as_json=as_json)
    for sign, ids in (("+", changes.added), ("-", changes.dropped)):
        for one in ids:
            say(f"{sign} {one}")


def _carry_out(changes: Changes, folder: Path, *, dry_run: bool, as_json: bool) -> None:
    if not dry_run:
        changes.write(folder)
    for file, data in changes.files.items():
        if as_json:
            json_line({"file": file, "removed": data is None})
        else:
            typer.echo(f"{'remove' if data is None else 'write'} {file}")
