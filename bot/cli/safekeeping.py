"""What `spean doctor` says of keeping and forgetting: the key on paper, backups, purge, audit, consents.

Never changes anything, and never names a person.
"""

import stat
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import scripts
from bot.cli.checks import Check
from bot.cli.keys import EXPORTED, ROTATED
from bot.cli.output import counted
from bot.clock import SystemClock
from bot.config import Settings
from bot.core.contact import LANGUAGES
from bot.runner import terms
from storage import audit, backup, consents, leftovers, purge, releases, rotation, settings
from storage.database import Database
from storage.erasure import ErasureLog
from storage.seal import Vault

BACKED_UP = timedelta(days=7)  # a backup older than this is worth a word
PURGED = timedelta(days=2)


def safekeeping(chosen: Settings, database: Database, vault: Vault) -> Iterator[Check]:
    """Everything about it, of a store that opens with this key."""
    now = SystemClock().now()
    yield _paper(database)
    yield from _rotation(database, vault)
    yield _backup(database, now)
    yield from _leftovers(chosen)
    yield _purge(database, now)
    yield _erasures(chosen, database)
    yield _audit(database)
    yield from _consents(database)


def _paper(database: Database) -> Check:
    written, rotated = database.read_now(
        lambda conn: (settings.get(conn, EXPORTED), settings.get(conn, ROTATED))
    )
    if written is None or (rotated is not None and written < rotated):
        why = "is on no paper" if written is None else "on paper is the one from before the last rotation"
        return Check("warning", "master key", f"the master key {why}", "spean keys export, and write it down")
    return Check("good", "master key", f"written down on {written[:10]}")


def _rotation(database: Database, vault: Vault) -> Iterator[Check]:
    left = database.read_now(lambda conn: rotation.behind(conn, vault))
    if left:
        what = f"a rotation broke off: the old key wraps the keys of {counted(left, 'person', 'people')}"
        yield Check("fault", "master key", what, "stop the server, then spean keys rotate")
    if lost := database.read_now(lambda conn: rotation.damaged(conn, vault)):
        what = f"damaged: {lost}; nobody can read what these people wrote"
        yield Check("warning", "people's keys", what, "a backup from before may have them whole")


def _backup(database: Database, now: datetime) -> Check:
    last = database.read_now(backup.last)
    if last is None:
        return Check("warning", "backup", "there is none yet", "spean backup, every day, to another machine")
    if now - last > BACKED_UP:
        return Check(
            "warning", "backup", f"the last is {(now - last).days} days old", "spean backup, every day"
        )
    return Check("good", "backup", f"the last is of {last:%Y-%m-%d}")


def _leftovers(chosen: Settings) -> Iterator[Check]:
    if left := leftovers.found(chosen.storage.url, chosen.storage.backup_folder):
        what = f"{', '.join(map(str, left))}: left by a restore that broke off"
        cure = "a whole store with people erased since: the next start, or any other command, deletes it"
        yield Check("warning", "restore", what, cure)


def _purge(database: Database, now: datetime) -> Check:
    ran = database.read_now(purge.last)
    if ran is None or now - ran.at > PURGED:
        what = "never done yet" if ran is None else f"not done for {(now - ran.at).days} days"
        return Check("warning", "purge", what, "a running server does it every day; or spean purge")
    return Check("good", "purge", f"done on {ran.at:%Y-%m-%d}")


def _erasures(chosen: Settings, database: Database) -> Check:
    path = chosen.erasures_log
    erased = database.read_now(lambda conn: audit.count(conn, audit.ERASED))
    if not path.exists():
        if not erased:
            return Check("warning", str(path), "there is no erasures log yet", "the next start makes it")
        cure = "put it back from its copy: no backup can be restored without it"
        gone = counted(erased, "person", "people")
        return Check("fault", str(path), f"the erasures log is missing; erased: {gone}", cure)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Check("fault", str(path), "others may read the erasures log", f"chmod 600 {path}")
    try:
        entries = len(ErasureLog(path).entries())
    except ValueError:
        return Check("fault", str(path), "the erasures log cannot be read", "put it back from its copy")
    if entries < erased:
        what = f"it has {entries} entries, the store knows of {erased} erasures"
        return Check("fault", str(path), what, "put the right one back from its copy")
    return Check("good", str(path), f"{entries} entries; keep a copy beside the key's")


def _audit(database: Database) -> Check:
    proof = database.read_now(audit.verify)
    if proof.broken is not None:
        cure = "somebody changed the store behind Spean's back: keep a copy, find out who can write it"
        return Check("fault", "audit", f"line {proof.broken} does not follow from the one before", cure)
    return Check("good", "audit", f"{proof.lines} lines hold; the last is {proof.head.hex()[:16] or 'none'}")


def _consents(database: Database) -> Iterator[Check]:
    live, standing = database.read_now(lambda conn: (releases.live(conn), consents.standing(conn)))
    if live is None or not standing:
        return
    release = scripts.reopen_release(database.read_now(lambda conn: releases.get(conn, live)))
    older = 0
    for (purpose, text, language, version), number in standing.items():
        said = next((one for one in LANGUAGES if one == language), None)
        if said is None or not version or terms.version(release, purpose, text, said) != version:
            older += number
    if older:
        cure = "they still stand; whoever answers these people may ask them anew"
        yield Check("warning", "consents", f"given to older words than today's: {older}", cure)
    else:
        yield Check("good", "consents", f"{sum(standing.values())}, all to today's words")
