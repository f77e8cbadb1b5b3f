"""Restoring a backup: proven first, then forgetting again whom it should not know, then in place at once.

Never starts without the erasures log, and never while anybody serves the store.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select, text
from sqlalchemy.engine import make_url

from storage import audit, backup, erasure, keys, leftovers, migrate, settings
from storage.backup import Label
from storage.database import Database
from storage.erasure import Entry, ErasureLog
from storage.faults import BadBackup, DamagedCell, StoreBusy, StoreCorrupt, WrongKey
from storage.leftovers import ASIDE, READY
from storage.lock import LockFile
from storage.pouring import pour
from storage.schema import contact, metadata
from storage.seal import Vault


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restore needs. `keep`: how long a backup lives."""

    backup: Path
    vault: Vault
    log: ErasureLog
    keep: timedelta
    now: datetime


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proven backup holds. `erased`: erasures since, to be done again. `damaged`: people's keys."""

    label: Label
    erased: int
    damaged: int
    chain: audit.Proof


def prove(plan: Plan, folder: Path) -> Proven:
    """Prove that a backup could be restored now; changes nothing. Raises StoreFault with what is missing."""
    with leftovers.proving(folder), _proven(plan, folder) as (proven, _):
        return proven


def restore(plan: Plan, url: str, store_folder: Path) -> Proven:
    """Put a backup in the store's place. Raises StoreFault; then the store is as it was.

    `store_folder`: on the disk of the store, where the new one is made ready.
    """
    with leftovers.proving(store_folder), _proven(plan, store_folder) as (proven, copy):
        migrate.upgrade(copy)
        copy.run_now(lambda conn: _forget_again(conn, plan))
        copy.sweep_now()
        parts = make_url(url)
        if parts.drivername == "sqlite":
            _swap(copy, Path(parts.database or ""), store_folder)
        else:
            _pour_in(copy, url)
        return proven


@contextmanager
def _proven(plan: Plan, folder: Path) -> Iterator[tuple[Proven, Database]]:
    label = backup.read_label(plan.backup)
    if plan.now - label.made >= plan.keep:
        why = f"it is older than {plan.keep.days} days, after which people are promised to be forgotten"
        raise BadBackup(
            f"{plan.backup}: {why}. Take a younger backup (privacy.backup_days); nothing was changed"
        )
    entries = _erasures(plan)
    with backup.opened(plan.backup, folder) as (proven_label, copy):
        if not migrate.knows(proven_label.schema):
            why = f"a later version of Spean made it (tables {proven_label.schema})"
            raise BadBackup(f"{plan.backup}: {why}. Use that version; nothing was changed")
        damaged = copy.read_now(lambda conn: _keys(conn, plan))
        chain = copy.read_now(audit.verify)
        if len(entries) < proven_label.erased:
            why = f"the erasures log has {len(entries)} entries, the backup knows of {proven_label.erased}"
            raise BadBackup(f"{why}. Put the right {plan.log.path} back; nothing was changed")
        since = sum(one.at > proven_label.made for one in entries)
        yield Proven(proven_label, since, damaged, chain), copy


def _erasures(plan: Plan) -> list[Entry]:
    if not plan.log.path.exists():
        why = f"the erasures log {plan.log.path} is missing: people who were erased would come back"
        raise BadBackup(f"{why}. Put it back from its copy beside the master key's; nothing was changed")
    try:
        return plan.log.entries()
    except ValueError as error:
        why = f"the erasures log {plan.log.path} cannot be read"
        raise BadBackup(
            f"{why}. Put it back from its copy beside the master key's; nothing was changed"
        ) from error


def _keys(conn: Connection, plan: Plan) -> int:
    """How many people's keys are damaged. Raises WrongKey, BadBackup."""
    if settings.get(conn, "key-check") not in {None, settings.key_check(plan.vault)}:
        raise WrongKey(
            "the master key is not the one that sealed this backup. Put the right file in place "
            "(storage.master_key_file); nothing was changed"
        )
    damaged = 0
    for wrapped in conn.scalars(select(contact.c.data_key)):
        if not plan.vault.knows(wrapped):
            why = f"{plan.backup}: its people's keys were wrapped by a master key that was rotated away since"
            raise BadBackup(f"{why}. Put the key file of that time in place; nothing was changed")
        try:
            plan.vault.unwrap(wrapped)
        except DamagedCell:
            damaged += 1
    return damaged


def _forget_again(conn: Connection, plan: Plan) -> None:
    for _ in range(erasure.reapply(conn, plan.log.entries(), plan.now)):
        audit.record(conn, None, audit.ERASED, "again", plan.now)
    audit.record(conn, None, "restore", plan.backup.name, plan.now)


def _swap(copy: Database, path: Path, folder: Path) -> None:
    """Put the copy in the file's place: at any moment there is a whole store, the old one or the new one."""
    ready = path.with_name(path.name + READY)
    ready.unlink(missing_ok=True)
    ready.touch(0o600)
    copy.copy_now(ready)
    aside = path.with_name(path.name + ASIDE)
    with _nobody_else(path):
        _settle_old(path)
        if path.exists():
            aside.unlink(missing_ok=True)
            aside.hardlink_to(path)
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists():  # the old one's, which could not be opened: it must not meet the new file
            wal.replace(aside.with_name(f"{aside.name}-wal"))
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        ready.replace(path)
        keys.sync_folder(folder)
    for left in (aside, aside.with_name(f"{aside.name}-wal")):
        left.unlink(missing_ok=True)


def _settle_old(path: Path) -> None:
    """Bring what the old store's WAL holds into its file, so that no WAL is left behind."""
    if not path.exists():
        return
    try:
        Database.open(f"sqlite:///{path}").close_now()
    except StoreCorrupt:
        return  # which is why somebody restores: its WAL is moved aside with it


@contextmanager
def _nobody_else(path: Path) -> Iterator[None]:
    lock = LockFile(path.with_name(f"{path.name}.serve-lock"))
    try:
        if not lock.take():
            raise StoreBusy(f"{path} is already served by another process: stop that one first")
        yield
    finally:
        lock.close()


def _pour_in(copy: Database, url: str) -> None:
    target = Database.open(url, alone=True)
    try:
        migrate.upgrade(target)
        copy.read_now(lambda source: target.rebuild_now(lambda conn: _replace(source, conn)))
    finally:
        target.close_now()


def _replace(source: Connection, target: Connection) -> None:
    names = ", ".join(f'"{table}"' for table in metadata.tables)
    target.execute(text(f"TRUNCATE {names} CASCADE"))
    pour(source, target)
