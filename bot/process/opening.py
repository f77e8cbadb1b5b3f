"""Opening the store to serve it: its key, its tables at this version, and the scripts.

Never upgrades what other processes serve, and nothing that it has not backed up first.
"""

from dataclasses import dataclass
from pathlib import Path

import structlog

from bot import scripts
from bot.clock import Clock
from bot.config.settings import Settings
from bot.runner.publishing import Imported, import_files
from storage import backup, erasure, leftovers, migrate, settings
from storage.database import Database
from storage.erasure import ErasureLog
from storage.faults import SchemaBehind
from storage.seal import Vault

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Opened:
    """A store to be served. `imported`: what came of the scripts; `backup`: written before an upgrade."""

    database: Database
    vault: Vault
    imported: Imported
    backup: Path | None


def opened(config: Settings, root: Path, clock: Clock, *, upgrade: bool) -> Opened:
    """Open it with the scripts of `root`. Raises what `bot.cli.complaint` explains.

    `upgrade`: bring old tables to this version; else refuse them (SchemaBehind).
    """
    if left := leftovers.sweep(config.storage.url, config.storage.backup_folder):
        log.warning("left by a restore that broke off, deleted", files=[path.name for path in left])
    written = _upgraded(config, clock) if upgrade else None
    database = Database.open(config.storage.url, serve=True)
    try:
        migrate.require_current(database)
        vault = settings.unlock(database, config.storage.master_key_file)
        database.run_now(lambda conn: settings.check_key(conn, vault))
        erasure.ready(database, ErasureLog(config.erasures_log))
        imported = import_files(database, scripts.read_files(root), clock.now(), sample=config.sample)
    except BaseException:
        database.close_now()
        raise
    return Opened(database, vault, imported, written)


def _upgraded(config: Settings, clock: Clock) -> Path | None:
    """Bring the tables up; the backup of what was there before, if anything was."""
    probe = Database.open(config.storage.url)
    try:
        if migrate.current(probe) == migrate.head():
            return None
    finally:
        probe.close_now()
    database = Database.open(config.storage.url, alone=True)
    try:
        found, now = migrate.current(database), clock.now()
        if found is None:
            migrate.upgrade(database)
            return None
        if not migrate.knows(found):
            raise SchemaBehind(
                f"the store was made by a later version (tables {found}): start that version of Spean"
            )
        settings.unlock(database, config.storage.master_key_file)  # nothing is changed without its key
        written = backup.make(database, config.storage.backup_folder, now)
        migrate.upgrade(database)
        database.run_now(lambda conn: backup.remember(conn, written, now))
    finally:
        database.close_now()
    log.info("tables brought to this version", version=migrate.head(), backup=str(written))
    return written
