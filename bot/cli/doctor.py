"""`spean doctor`: what is wrong with this installation, and how to mend it.

Never mends or changes anything: it opens what is there and looks; what the platform lets the Page do is kept.
"""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import typer
from sqlalchemy.engine import make_url

from bot import scripts
from bot.cli.checks import Check
from bot.cli.complaint import EXPECTED, complaints
from bot.cli.options import BOT_TOML, Config, Json
from bot.cli.output import json_line
from bot.cli.page import page
from bot.cli.reviewed import reviewed
from bot.cli.safekeeping import safekeeping
from bot.cli.sending import sending
from bot.cli.signing import EITHER, SIGN, unsigned
from bot.cli.ticking import ticking
from bot.cli.watch import watch
from bot.config import Settings, load
from bot.core.faq_law import legal_changes
from bot.runner.publishing import IMPORTED, live_book
from storage import inbox, migrate, outbox, releases, settings
from storage.database import Database
from storage.seal import Vault

SAFE_SQLITE = (3, 51, 3)  # earlier ones can lose a WAL when two connections checkpoint (facts: reliability)
ROOM = 500 * 1024 * 1024  # bytes
COUNTED, NAMED = 1000, 20  # parked events


def doctor(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Look at settings, key, store, scripts and machine. Exit status 1 when there is a fault."""
    faults = 0
    for check in _checks(config):
        faults += check.state == "fault"
        if as_json:
            json_line(asdict(check))
        else:
            typer.echo(
                " · ".join(part for part in (f"{check.state}: {check.where}", check.what, check.cure) if part)
            )
    if faults:
        raise typer.Exit(1)


def _checks(config: Path) -> Iterator[Check]:
    try:
        chosen = load(config, os.environ)
    except EXPECTED as error:
        yield from _faults(error)
        return
    yield Check("good", str(config), "every setting is understood")
    for look in (_library, _disk, _key, _store, _scripts, _centres):
        yield from _guarded(look, chosen)


def _guarded(look: Callable[[Settings], Iterator[Check]], chosen: Settings) -> Iterator[Check]:
    try:
        yield from look(chosen)
    except EXPECTED as error:
        yield from _faults(error)


def _faults(error: Exception) -> Iterator[Check]:
    for complaint in complaints(error):
        yield Check("fault", complaint.where, complaint.what, complaint.cure)


def _library(chosen: Settings) -> Iterator[Check]:
    if not chosen.storage.url.startswith("sqlite"):
        return
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        cure = "Spean checkpoints under a lock; keep other programs away from the store while it runs"
        yield Check(
            "warning", f"SQLite {sqlite3.sqlite_version}", "older than 3.51.3, which mends a WAL fault", cure
        )
    else:
        yield Check("good", f"SQLite {sqlite3.sqlite_version}", "no known fault")


def _disk(chosen: Settings) -> Iterator[Check]:
    folder = chosen.storage.master_key_file.parent
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    if free < ROOM:
        yield Check(
            "warning", str(folder), f"{free // 2**20} MB are free", "make room: a full disk stops the bot"
        )
    else:
        yield Check("good", str(folder), f"{free // 2**20} MB are free")


def _key(chosen: Settings) -> Iterator[Check]:
    file = chosen.storage.master_key_file
    if not file.exists():
        yield from _no_key(chosen)
        return
    Vault.open(file, make=False)
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Check("fault", str(file), "others may read the master key", f"chmod 600 {file}")
    else:
        yield Check("good", str(file), "only its owner may read it; keep a copy apart from the store")


def _no_key(chosen: Settings) -> Iterator[Check]:
    file = chosen.storage.master_key_file
    with _open(chosen) as database:
        sealed = database is not None and settings.sealed(database)
    if sealed:
        cure = "put it back from its copy: without it nobody can read the store"
        what = f"the master key file {file} is missing"
        yield Check("fault", "[storage] master_key_file", what, cure)
    else:
        yield Check("warning", str(file), "there is no master key yet", "the first start makes it")


def _store(chosen: Settings) -> Iterator[Check]:
    with _open(chosen) as database:
        if database is None:
            yield Check("warning", "[storage] url", "there is no store yet", "the first start makes it")
            return
        if damage := database.damage_now():
            cure = "keep a copy of the file and restore the last backup"
            yield Check("fault", "[storage] url", f"the store is damaged: {_few(damage)}", cure)
            return
        migrate.require_current(database)
        yield Check("good", "[storage] url", f"the store opens, its tables are of version {migrate.head()}")
        if chosen.storage.master_key_file.exists():
            vault = Vault.open(chosen.storage.master_key_file, make=False)
            check = database.read_now(lambda conn: settings.get(conn, "key-check"))
            if check not in (None, vault.blind("key-check", "spean").hex()):
                cure = "put the right key file back; nothing was changed"
                yield Check("fault", "[storage] master_key_file", "this key did not seal the store", cure)
        yield from ticking(chosen, database)
        yield from _events(database)
        yield from _parts(database)
        yield from sending(chosen, database)
        yield from reviewed(chosen, database)
        yield from _opened(chosen, database)


def _opened(chosen: Settings, database: Database) -> Iterator[Check]:
    """What can be said of a store whose key is here."""
    key = chosen.storage.master_key_file
    if not key.exists():
        return
    vault = Vault.open(key, make=False)
    if database.read_now(lambda conn: settings.get(conn, "key-check")) == settings.key_check(vault):
        yield from safekeeping(chosen, database, vault)
        yield from watch(chosen, database)
        yield from page(chosen, database)


def _few(damage: tuple[str, ...]) -> str:
    """What SQLite says, short enough for a line."""
    told = [" ".join(one.split()) for one in damage[:3]]
    return "; ".join([*told, "…"] if len(damage) > 3 else told)


def _events(database: Database) -> Iterator[Check]:
    """What came in and met a bug of ours."""
    parked = database.read_now(lambda conn: inbox.parked(conn, COUNTED))
    if not parked:
        yield Check("good", "inbox", "no event is parked")
        return
    ids = ", ".join(f"{one.id} ({one.reason})" for one in parked[:NAMED])
    more = ", …" if len(parked) > NAMED else ""
    many = f"{COUNTED} or more" if len(parked) == COUNTED else str(len(parked))
    cure = "each of these people has a case: spean case list; give the numbers and the log to an engineer"
    yield Check("warning", "inbox", f"parked because a step failed: {many}: {ids}{more}", cure)


def _parts(database: Database) -> Iterator[Check]:
    """What went out and did not arrive, or perhaps."""
    lost = {
        (account, state): count
        for (account, state), count in sorted(database.read_now(outbox.counts).items())
        if state in {"failed", "unknown"}
    }
    if not lost:
        yield Check("good", "outbox", "no message has failed")
    for (account, state), count in lost.items():
        why = "they may have arrived" if state == "unknown" else "most often the person has blocked the bot"
        cure = f"{why}; spean delivery list tells which"
        yield Check("warning", f"outbox of {account}", f"messages {state}: {count}", cure)


def _scripts(chosen: Settings) -> Iterator[Check]:
    files = scripts.read_files(Path())
    release = scripts.compile_release(files)
    yield Check("good", "dialogs/ and locales/", "no errors found")
    with _open(chosen) as database:
        if database is None:
            return
        live, imported = database.read_now(lambda conn: (releases.live(conn), settings.get(conn, IMPORTED)))
        if live is None or live == release.digest:
            return
        yield from _misses(database.read_now(lambda conn: releases.get(conn, live)))
        book = database.read_now(live_book)
    legal = () if chosen.sample else legal_changes(book, release.book)
    if legal and imported != release.digest:
        yield Check("fault", "dialogs/", f"{unsigned(legal)}; the store's stay live", SIGN)
    elif imported == live:
        yield Check(
            "warning",
            "dialogs/",
            "the files were changed",
            "the next start takes them, or spean script import",
        )
    elif imported != release.digest:
        yield Check("fault", "dialogs/", "files and store were both changed; the store's stay live", EITHER)


def _misses(kept: scripts.Files) -> Iterator[Check]:
    """What this version asks for and the live Release of the store lacks: an older version published it."""
    try:
        scripts.compile_release(kept)
    except scripts.BrokenScript as broken:
        for complaint in complaints(broken):
            yield Check("fault", f"the store's {complaint.where}", complaint.what, EITHER)


def _centres(chosen: Settings) -> Iterator[Check]:
    known = scripts.compile_release(scripts.read_files(Path())).book.centres
    named = {one.id: one.province for one in chosen.centre}
    for missing in sorted(known.keys() - named.keys()):
        yield Check(
            "fault", "[[centre]]", f"{missing} is missing", f'write a [[centre]] with id = "{missing}"'
        )
    for other in sorted(named.keys() - known.keys()):
        yield Check(
            "fault", f"[[centre]] {other}", "dialogs/centres.toml has no such centre", "correct the id"
        )
    for both in sorted(known.keys() & named.keys()):
        if known[both].province != named[both]:
            cure = f'write province = "{known[both].province}"'
            yield Check(
                "fault", f"[[centre]] {both}", "its province is not that of dialogs/centres.toml", cure
            )


@contextmanager
def _open(chosen: Settings) -> Iterator[Database | None]:
    """The store, or None when there is none yet (opening would make it)."""
    parts = make_url(chosen.storage.url)
    if parts.drivername == "sqlite" and not Path(parts.database or "").exists():
        yield None
        return
    database = Database.open(chosen.storage.url)
    try:
        yield database
    finally:
        database.close_now()
