"""`spean backup` and `spean restore`: the whole store in one file, and back.

Never puts the master key or the erasures log into a backup.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from bot.cli.options import BOT_TOML, Config, DryRun, Json, Yes
from bot.cli.output import agreed, counted, json_line, say
from bot.cli.readable import local
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.clock import SystemClock
from bot.config import Settings, load
from storage import backup as backups
from storage import leftovers
from storage import restore as restoring
from storage.database import Database
from storage.erasure import ErasureLog
from storage.faults import StoreCorrupt
from storage.restore import Plan, Proven
from storage.seal import Vault


def backup(
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Instead of [storage] backup_folder; pruned by the next backup there only."
        ),
    ] = None,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Write the whole store into one new file, beside a running server or not."""
    with opened(config) as store:
        folder = out or store.settings.storage.backup_folder
        if dry_run:
            say(f"a backup would be written into {folder}")
            return
        path, expired = _made(store, folder)
    if as_json:
        json_line({"file": str(path), "bytes": path.stat().st_size, "expired": expired})
        return
    typer.echo(str(path))
    say("keep it apart from the master key and erasures.log, which it does not hold")
    for name in expired:
        say(f"{name} had lived its days and is deleted")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Prove that it could be; change nothing.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Put a backup in the store's place; stop the server first. Whoever was erased since is erased again."""
    chosen = load(config, os.environ)
    plan = _plan(chosen, file)
    proven = restoring.prove(plan, _near(chosen))
    _tell(chosen, proven, as_json=as_json)
    if verify or dry_run:
        return
    what = f"Put {file.name} in place of {_where(chosen)}? What was written since is lost."
    if not agreed(what, yes=yes):
        raise typer.Exit(1)
    _save_present(chosen, plan)
    restoring.restore(plan, chosen.storage.url, _near(chosen))
    say("restored; start the server")


def _made(store: Store, folder: Path) -> tuple[Path, list[str]]:
    path = backups.make(store.database, folder, store.now)
    store.run(lambda conn: backups.remember(conn, path, store.now))
    return path, backups.prune(folder, store.now, store.settings.privacy.backup_days)


def _plan(chosen: Settings, file: Path) -> Plan:
    if not file.is_file():
        raise Refused(str(file), "there is no such file", "spean backup prints where it writes")
    return Plan(
        backup=file,
        vault=Vault.open(chosen.storage.master_key_file, make=False),
        log=ErasureLog(chosen.erasures_log),
        keep=chosen.privacy.backup_days,
        now=SystemClock().now(),
    )


def _near(chosen: Settings) -> Path:
    folder = leftovers.place(chosen.storage.url, chosen.storage.backup_folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _where(chosen: Settings) -> str:
    return make_url(chosen.storage.url).render_as_string(hide_password=True)


def _tell(chosen: Settings, proven: Proven, *, as_json: bool) -> None:
    label = proven.label
    if as_json:
        told = asdict(label) | {"made": label.made.isoformat(), "erased_since": proven.erased}
        json_line(told | {"damaged_keys": proven.damaged, "audit_broken": proven.chain.broken})
        return
    people = counted(label.people, "person", "people")
    typer.echo(f"made {local(label.made, chosen.bot.timezone)}, tables {label.schema}, {people}")
    typer.echo("whole, and the master key opens it")
    typer.echo(f"erased since, and to be erased again: {proven.erased}")
    if proven.damaged:
        typer.echo(f"people whose own key is damaged: {proven.damaged}")
    if proven.chain.broken is not None:
        typer.echo(f"its audit does not hold from line {proven.chain.broken} on")


def _save_present(chosen: Settings, plan: Plan) -> None:
    """A backup of what is in place now, if it can be read: somebody may have chosen the wrong file."""
    parts = make_url(chosen.storage.url)
    if parts.drivername == "sqlite" and not Path(parts.database or "").exists():
        return
    try:
        database = Database.open(chosen.storage.url, alone=True)
    except StoreCorrupt:
        say("the present store cannot be read: no backup of it is made")
        return
    try:
        path = backups.make(database, chosen.storage.backup_folder, plan.now)
    finally:
        database.close_now()
    say(f"what was in place is kept in {path}")
