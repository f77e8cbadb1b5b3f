"""`spean words`: catalogues and scripts kept in their one canonical form.

Never writes a sentence.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import BOT_TOML, Config, DryRun, Json
from bot.cli.output import json_line, say
from bot.cli.scripts import HERE, Folder
from bot.script_words import Changes, format_scripts, format_words, update_words
from bot.scripts import read_files
from bot.word_review import document, rows, signatures

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


@commands.command()
def review(
    folder: Folder = HERE,
    *,
    into: Annotated[
        Path | None, typer.Option("--into", metavar="FILE", help="Write it there; what was signed is kept.")
    ] = None,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Every Khmer sentence in one table, for a native reviewer to sign."""
    del config  # as above
    signed = signatures(into.read_text("utf-8")) if into is not None and into.exists() else {}
    found = rows(read_files(folder), signed)
    if as_json:
        for row in found:
            json_line({"id": row.id, "khmer": row.khmer, "english": row.english, "reading": row.reading})
    if into is not None:
        into.write_text(document(found), "utf-8")
    elif not as_json:
        typer.echo(document(found), nl=False)


def _carry_out(changes: Changes, folder: Path, *, dry_run: bool, as_json: bool) -> None:
    if not dry_run:
        changes.write(folder)
    for file, data in changes.files.items():
        if as_json:
            json_line({"file": file, "removed": data is None})
        else:
            typer.echo(f"{'remove' if data is None else 'write'} {file}")
