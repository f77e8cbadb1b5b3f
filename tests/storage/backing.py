"""An installation that is backed up and restored.

Never leaves its own folder and database.
"""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from bot.core.contact import Address
from storage import (
    audit,
    backup,
    erasure,
    media,
    outbox,
    people,
    restore,
    settings,
    submissions,
)
from storage.database import Database
from storage.erasure import ErasureLog
from storage.keys import KeyRing
from storage.outbox import Draft
from storage.people import Person
from storage.restore import Plan, Proven
from storage.schema import contact, metadata
from storage.seal import Vault

DAY = timedelta(days=1)
WHERE = [Address("telegram:7001", external) for external in ("1", "2", "3")]


class Site:
    """An installation: a store, its key and log, its backups."""

    def __init__(self, url: str, folder: Path, now: datetime) -> None:
        self.url, self.folder, self.now = url, folder, now
        self.ring = KeyRing.of(b"k" * 32)
        self.vault = Vault(self.ring)
        self.log = ErasureLog(folder / "erasures.log")
        self.log.begin()
        self.database = Database.open(url)
        self.database.run_now(lambda conn: settings.check_key(conn, self.vault))
        self.people = [self.greet(where) for where in WHERE]

    def greet(self, where: Address) -> Person:
        def live(conn: Connection) -> Person:
            person = people.greet(conn, self.vault, where, "km", self.now)
            submissions.open_(conn, person, 1, "intake", "r1", self.now)
            outbox.add(conn, person, [Draft(f"c{where.external}", 0, b"{}")], first_seq=1, now=self.now)
            media.store(conn, person, name="a", mime="b", data=b"c" * 300_000, now=self.now)
            return person

        return self.database.run_now(live)

    def backup(self, later: timedelta = timedelta()) -> Path:
        return backup.make(self.database, self.folder / "backups", self.now + later)

    def erase(self, person: Person, later: timedelta) -> None:
        at = self.now + later
        self.log.append(self.database.read_now(lambda conn: erasure.entry(conn, person.contact.id, at)))

        def work(conn: Connection) -> None:
            erasure.erase(conn, person.contact.id, at)
            audit.record(conn, None, audit.ERASED, f"contact {person.contact.id}", at)

        self.database.run_now(work)

    def plan(self, path: Path, later: timedelta = DAY, vault: Vault | None = None) -> Plan:
        return Plan(path, vault or self.vault, self.log, 30 * DAY, self.now + later)

    def restore(self, path: Path, later: timedelta = DAY) -> Proven:
        self.database.close_now()
        try:
            return restore.restore(self.plan(path, later), self.url, self.folder)
        finally:
            self.database = Database.open(self.url)

    def prove(self, path: Path, **how: object) -> Proven:
        return restore.prove(self.plan(path, **how), self.folder)  # type: ignore[arg-type]

    def ids(self) -> list[int]:
        return list(self.database.read_now(lambda conn: conn.scalars(select(contact.c.id)).all()))


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    def read(conn: Connection) -> dict[str, list[tuple[object, ...]]]:
        return {
            name: sorted(map(tuple, conn.execute(select(table))), key=repr)
            for name, table in metadata.tables.items()
        }

    return database.read_now(read)
