"""How a Release becomes live: imported from files at start, or published; the last good one stays otherwise.

Never makes live what `check` refuses.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.core.book import Book
from bot.core.faq_law import legal_changes
from bot.runner.library import Library, NoRelease
from bot.scripts import BrokenScript, Files, compile_release, digest
from storage import audit, releases, settings
from storage.database import Database

IMPORTED = "script.imported"  # the digest of the files when they were last imported


@dataclass(frozen=True, slots=True)
class Imported:
    """`fresh`: the files became live. `kept`: nothing to do. `broken`, `both-changed`: the store's stays.

    `unsigned`: likewise, since two members of staff must sign for the entries `legal` that would change.
    `broken`: what is wrong with the files, or, `of_store`, with the Release that stays live.
    """

    outcome: Literal["fresh", "kept", "broken", "both-changed", "unsigned"]
    digest: str
    broken: BrokenScript | None = None
    of_store: bool = False
    legal: tuple[str, ...] = ()


def import_files(database: Database, files: Files, now: datetime, *, sample: bool) -> Imported:
    """Compare the files with the last import and make them live if only they changed.

    `sample`: nobody real is reached, so nobody need sign for legal answers. What stays live is proven by this
    version's rules: `broken` says that it misses something (a phrase of a newer version, say) and should be
    mended. Raises BrokenScript when nothing is live yet.
    """
    name = digest(files)
    live, imported = database.read_now(lambda conn: (releases.live(conn), settings.get(conn, IMPORTED)))
    if live is not None and imported == name:
        return _stays(database, Imported("kept", live))
    if live is not None and live not in (imported, name):
        return _stays(database, Imported("both-changed", live))
    if live is None:
        compile_release(files)
    elif (proven := _proven(Imported("fresh", live), files)).broken is not None:
        return proven
    elif not sample and (legal := unsigned(database, files)):
        return _stays(database, Imported("unsigned", live, legal=legal))

    def take(conn: Connection) -> None:
        publish(conn, name, files, now)
        settings.put(conn, IMPORTED, name)
        audit.record(conn, None, "script.import", name[:12], now)

    database.run_now(take)
    return Imported("fresh", name)


def _stays(database: Database, found: Imported) -> Imported:
    files = database.read_now(lambda conn: releases.get(conn, found.digest))
    return _proven(replace(found, of_store=True), files)


def _proven(found: Imported, files: Files) -> Imported:
    try:
        compile_release(files)
    except BrokenScript as broken:
        stays = found.outcome in {"both-changed", "unsigned"}
        return replace(found, outcome=found.outcome if stays else "broken", broken=broken)
    return found


def unsigned(database: Database, files: Files) -> tuple[str, ...]:
    """The legal answers of which files say something else than what is live. Raises BrokenScript."""
    return legal_changes(database.read_now(live_book), compile_release(files).book)


def live_book(conn: Connection) -> Book | None:
    """What answers now; None when nothing is live, or this version cannot read it: all would be new."""
    try:
        return Library().live(conn).book
    except (NoRelease, BrokenScript):
        return None


def publish(conn: Connection, name: str, files: Files, now: datetime) -> None:
    """Keep the files as the Release `name`, live from this transaction on; the next start lets it stay."""
    releases.put(conn, name, files, now)
    releases.set_live(conn, name, now)
