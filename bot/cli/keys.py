"""`spean keys`: the master key on paper, back from paper, and a new one in its place.

Never shows a key unless it was asked to, and never writes over a key file.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import BOT_TOML, Config, DryRun, Json, Yes
from bot.cli.output import agreed, counted, json_line, say
from bot.cli.refused import Refused
from bot.cli.store import opened
from bot.clock import SystemClock
from bot.config import Settings, load
from storage import audit, keys, migrate, paper, rotation, settings
from storage.database import Database
from storage.keys import KeyRing
from storage.paper import BadPaper
from storage.seal import Vault

commands = typer.Typer(no_args_is_help=True, help="The master key.")

EXPORTED, ROTATED = "key.exported", "key.rotated"
SHEET = """The master key of Spean. Whoever has it and the store, or a backup, reads everything.
Write it down twice, keep it in two locked places, never beside a backup, never in a photograph.
The last two letters prove their row. No row has the digits 0, 1 or 8.

{rows}

To use it: spean keys import, then type the rows in."""


@commands.command()
def export(
    *,
    out: Annotated[Path | None, typer.Option(help="A new file; without it standard output.")] = None,
    yes: Yes = False,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Print the master key to be written down; without it, a lost key file loses everything."""
    if out is not None and out.exists():
        raise Refused(str(out), "the file exists", "name a new file")
    with opened(config) as store:
        if not agreed("Show the master key here? Make sure that nobody else looks.", yes=yes):
            raise typer.Exit(1)
        rows = paper.rows(keys.read(store.settings.storage.master_key_file))
        store.run(lambda conn: settings.put(conn, EXPORTED, store.now.isoformat()))
        store.run(lambda conn: audit.record(conn, None, "keys.export", "", store.now))
    if out is None and as_json:
        json_line({"rows": rows})
        return
    sheet = SHEET.format(rows="\n".join(rows))
    if out is None:
        typer.echo(sheet)
        return
    out.touch(0o600, exist_ok=False)
    out.write_text(f"{sheet}\n", "utf-8")
    say(f"written to {out}: print it, then delete the file")


@commands.command("import")
def import_(
    source: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The rows; without it they are typed in.")
    ] = None,
    *,
    config: Config = BOT_TOML,
) -> None:
    """Make the key file again from what was written down, where it is missing."""
    chosen = load(config, os.environ)
    file = chosen.storage.master_key_file
    if file.exists():
        raise Refused(
            str(file), "there is a master key already", "move it away first, if it is the wrong one"
        )
    say("Type the rows, with their numbers; an empty line ends." if source is None else f"reading {source}")
    try:
        ring = paper.read(_typed() if source is None else source.read_text("utf-8").splitlines())
    except BadPaper as bad:
        raise Refused("the rows", str(bad), "compare it with the paper, letter by letter") from bad
    _check(chosen, ring)
    keys.make(file, ring)
    say(f"{file} is there again")


@commands.command()
def rotate(*, yes: Yes = False, dry_run: DryRun = False, config: Config = BOT_TOML) -> None:
    """Put a new master key in the old one's place; stop the server first. Broken off, run it again."""
    chosen = load(config, os.environ)
    file, now = chosen.storage.master_key_file, SystemClock().now()
    database = Database.open(chosen.storage.url, alone=True)
    try:
        migrate.require_current(database)
        vault = settings.unlock(database, file)
        database.run_now(lambda conn: settings.check_key(conn, vault))
        left = database.read_now(lambda conn: rotation.behind(conn, vault))
        if dry_run:
            rest = f"what an earlier rotation left would be wrapped: {counted(left, 'key', 'keys')}"
            say(rest if left else "a new key would be made")
            return
        if not left:
            if not agreed("Make a new master key? What is on paper is of no use then.", yes=yes):
                raise typer.Exit(1)
            keys.write(file, keys.read(file).rotated(now, chosen.privacy.backup_days))
            vault = Vault.open(file, make=False)
        wrapped, damaged = _wrap(database, vault)
        whose = counted(wrapped, "person", "people")
        database.run_now(lambda conn: settings.put(conn, ROTATED, now.isoformat()))
        database.run_now(lambda conn: audit.record(conn, None, "keys.rotate", whose, now))
        database.sweep_now()
    finally:
        database.close_now()
    if left:
        say(f"the rotation that broke off is finished: the keys of {whose}; no other key was made")
    else:
        say(f"there is a new master key, which wraps the keys of {whose}; now: spean keys export")
    if damaged:
        say(f"the keys of {counted(damaged, 'person', 'people')} are damaged and stay as they are")


def _wrap(database: Database, vault: Vault) -> tuple[int, int]:
    wrapped, damaged, last = 0, 0, 0
    while True:
        done = database.run_now(lambda conn, after=last: rotation.wrap_next(conn, vault, after))  # type: ignore[misc]
        wrapped, damaged, last = wrapped + done.wrapped, damaged + done.damaged, done.last
        if not last:
            return wrapped, damaged


def _typed() -> list[str]:
    """Rows up to an empty one from a keyboard; all of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.read().splitlines()
    return list(iter(lambda: sys.stdin.readline().strip(), ""))


def _check(chosen: Settings, ring: KeyRing) -> None:
    """A store that is there must know this key. Raises Refused."""
    database = Database.open(chosen.storage.url)
    try:
        if not settings.sealed(database):
            return
        known = database.read_now(lambda conn: settings.get(conn, "key-check"))
        left = database.read_now(lambda conn: rotation.unknown(conn, Vault(ring)))
    finally:
        database.close_now()
    if known != settings.key_check(Vault(ring)):
        raise Refused("the rows", "they are another installation's key", "find the paper of this one")
    if left:
        cure = "find the paper that was written after it"
        shut = counted(left, "person", "people")
        raise Refused("the rows", f"the key was rotated since: the keys of {shut} do not open", cure)
