"""The store as commands use it: opened beside a running server, checked, and always closed.

Never serves: `spean run` and `spean chat` do, through `bot.app`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from bot.cli.here import stand
from bot.cli.refused import Refused
from bot.clock import SystemClock
from bot.config import Settings, load
from storage import erasure, leftovers, migrate, settings, staff
from storage.database import Database
from storage.erasure import ErasureLog
from storage.seal import Vault
from storage.staff import Grant, Scope

T = TypeVar("T")


# Whoever has this shell and the master key can read everything; the audit names them as the installation.
OPERATOR = Scope(0, "", frozenset({Grant("admin")}))


@dataclass(frozen=True, slots=True)
class Store:
    """An open store and its key. `now`: when the command began."""

    settings: Settings
    vault: Vault
    database: Database
    now: datetime

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run a write transaction."""
        return self.database.run_now(work)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run work that only reads."""
        return self.database.read_now(work)

    def scope(self, name: str) -> Scope:
        """What `--as` may see; without a name, whoever sits at this shell. Raises Refused."""
        found = self.read(lambda conn: staff.scope(conn, name)) if name else OPERATOR
        if found is None:
            cure = "spean staff list shows who there is, spean staff add makes somebody"
            raise Refused(f"--as {name}", "no such member of staff, or disabled", cure)
        return found


@contextmanager
def opened(config: Path) -> Iterator[Store]:
    """The store of the settings, its tables made at the first use.

    Raises BadSettings, Refused, StoreFault.
    """
    chosen = load(config, os.environ)
    stand(config, chosen)
    leftovers.sweep(chosen.storage.url, chosen.storage.backup_folder)
    database = Database.open(chosen.storage.url)
    try:
        vault = settings.unlock(database, chosen.storage.master_key_file)
        if migrate.current(database) is None:
            migrate.upgrade(database)
        migrate.require_current(database)
        database.run_now(lambda conn: settings.check_key(conn, vault))
        erasure.ready(database, ErasureLog(chosen.erasures_log))
        yield Store(chosen, vault, database, SystemClock().now())
    finally:
        database.close_now()
