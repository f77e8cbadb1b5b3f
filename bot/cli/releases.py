"""`spean script`: the Releases that the store holds, and which one is live.

Never makes live what `spean check` refuses.
"""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot import scripts
from bot.cli.options import BOT_TOML, Config, DryRun, Json, Yes
from bot.cli.output import agreed, counted, say, table
from bot.cli.readable import local
from bot.cli.refused import Refused
from bot.cli.scripts import HERE, Folder
from bot.cli.signing import By, With, both, signed, some
from bot.cli.store import Store, opened
from bot.core.faq_law import legal_changes
from bot.runner.publishing import live_book, publish
from storage import audit, releases
from storage.staff import Scope

commands = typer.Typer(no_args_is_help=True, help="Releases of dialogs and words.")

SHORT = 12  # characters of a digest that people read
Digest = Annotated[str, typer.Argument(help="The beginning of a Release's digest (spean script list).")]


@commands.command("list")
def list_(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """List Releases, the latest first."""
    with opened(config) as store:
        live, kept = store.read(lambda conn: (releases.live(conn), releases.list_(conn)))
        zone = store.settings.bot.timezone
    rows = [(digest if as_json else digest[:SHORT], local(at, zone), digest == live) for digest, at in kept]
    table(("digest", "kept_at", "live"), rows, as_json=as_json)


@commands.command("import")
def import_(
    folder: Folder = HERE,
    by: By = "",
    other: With = "",
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
) -> None:
    """Check the files of a folder and make them the live Release; who signs: as for publish.

    Nobody need sign for the first one, nor where nobody real is reached.
    """
    files = _files(folder)
    release = scripts.compile_release(files)
    with opened(config) as store:
        live = store.read(releases.live)
        free = live is None or store.settings.sample
        signed_by = _named_staff(store, by, other) if free else _signed(store, release, (by, other))
        if dry_run:
            say(f"{release.digest[:SHORT]} would become live")
            return
        if live not in (None, release.digest) and not agreed(
            f"Put {release.digest[:SHORT]} in place of {live[:SHORT] if live else ''}?", yes=yes
        ):
            raise typer.Exit(1)
        _make_live(store, release.digest, files, "script.import", signed_by)
    typer.echo(release.digest)


@commands.command()
def export(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder to write dialogs/ and locales/ to.")
    ],
    digest: Annotated[str, typer.Option(help="Another Release than the live one.")] = "",
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
) -> None:
    """Write a Release's files; files that are there and differ are overwritten only when agreed."""
    with opened(config) as store:
        files = store.read(lambda conn: releases.get(conn, _named(conn, digest)))
    changed = [
        name
        for name, data in files.items()
        if (folder / name).is_file() and (folder / name).read_bytes() != data
    ]
    if dry_run:
        say(f"{counted(len(files), 'file', 'files')} would be written, {len(changed)} of them over others")
        return
    if changed and not agreed(f"Overwrite {counted(len(changed), 'file', 'files')} in {folder}?", yes=yes):
        raise typer.Exit(1)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@commands.command("publish")
def publish_(
    digest: Digest,
    by: By = "",
    other: With = "",
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
) -> None:
    """Make a Release that the store holds the live one; two members of staff, if a legal answer changes."""
    with opened(config) as store:
        wanted = store.read(lambda conn: _named(conn, digest))
        _switch(store, wanted, "script.publish", (by, other), yes=yes, dry_run=dry_run)


@commands.command()
def rollback(
    by: By = "", other: With = "", *, yes: Yes = False, dry_run: DryRun = False, config: Config = BOT_TOML
) -> None:
    """Go back to the Release that was kept before the live one; who signs: as for publish."""
    with opened(config) as store:
        live, kept = store.read(
            lambda conn: (releases.live(conn), [name for name, _ in releases.list_(conn)])
        )
        older = kept[kept.index(live) + 1 :] if live in kept else []
        if not older:
            raise Refused("the store", "there is no earlier Release", "spean script list shows what it holds")
        _switch(store, older[0], "script.rollback", (by, other), yes=yes, dry_run=dry_run)


def _switch(
    store: Store, digest: str, action: str, signers: tuple[str, str], *, yes: bool, dry_run: bool
) -> None:
    files = store.read(lambda conn: releases.get(conn, digest))
    release = scripts.compile_release(files)
    signed_by = _signed(store, release, signers)
    if dry_run:
        say(f"{digest[:SHORT]} would become live")
        return
    if not agreed(f"Make {digest[:SHORT]} live?", yes=yes):
        raise typer.Exit(1)
    _make_live(store, digest, files, action, signed_by)


def _signed(store: Store, wanted: scripts.Release, signers: tuple[str, str]) -> tuple[Scope, ...]:
    """Who answers for it: two, where a legal answer becomes another than the live one. Raises Refused."""
    by, other = signers
    if legal := legal_changes(store.read(live_book), wanted.book):
        return both(store, by, other, some(legal))
    return _named_staff(store, by, other)


def _named_staff(store: Store, by: str, other: str) -> tuple[Scope, ...]:
    """Who is named, where nobody need be. Raises Refused."""
    named = ((by, "--by"), (other, "--with"))
    return tuple(signed(store, name, option) for name, option in named if name)


def _make_live(
    store: Store, digest: str, files: scripts.Files, action: str, by: tuple[Scope, ...] = ()
) -> None:
    who = by[0].staff_id if by else None
    what = f"{digest[:SHORT]} with staff {by[1].staff_id}" if len(by) > 1 else digest[:SHORT]

    def work(conn: Connection) -> None:
        publish(conn, digest, files, store.now)
        audit.record(conn, who, action, what, store.now)

    store.run(work)


def _files(folder: Path) -> scripts.Files:
    if not (folder / "dialogs").is_dir():
        raise Refused(
            str(folder),
            "there is no folder dialogs/ in it",
            "name the folder that holds dialogs/ and locales/",
        )
    return scripts.read_files(folder)


def _named(conn: Connection, digest: str) -> str:
    """The one Release whose digest begins so; the live one for an empty name. Raises Refused."""
    if not digest and (live := releases.live(conn)) is not None:
        return live
    found = [name for name, _ in releases.list_(conn) if digest and name.startswith(digest)]
    if len(found) != 1:
        what = "several Releases begin so" if found else "there is no such Release"
        raise Refused(f"Release {digest}".strip(), what, "spean script list shows what the store holds")
    return found[0]
