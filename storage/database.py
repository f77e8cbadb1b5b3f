"""The one door to the store: a piece of work is a plain function of a Connection, run in one transaction.

Never lets a transaction wait for the network: work is not a coroutine.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.faults import StoreCorrupt, StoreDown
from storage.piece import Piece
from storage.postgres import PostgresDoor
from storage.sqlite import SqliteDoor

T = TypeVar("T")
Work = Callable[[Connection], T]

DAMAGES = 20  # of a file, told at most


class Database:
    """Work may run twice, touches nothing but its Connection, and lasts under 50 ms."""

    def __init__(self, door: SqliteDoor | PostgresDoor) -> None:
        self._door = door
        self.dialect = door.dialect
        self.unswept = False

    @classmethod
    def open(cls, url: str, *, serve: bool = False, alone: bool = False, group: bool = True) -> "Database":
        """Open `sqlite:///path` (made if missing) or `postgresql+psycopg://…`; raises StoreFault.

        `serve`: the one process that serves a SQLite file; commands beside it read and write without.
        `alone`: a command during which nobody may serve the store, on either database.
        `group`: let the SQLite writer commit several pieces at once.
        """
        try:
            parts = make_url(url)
        except ArgumentError as error:
            raise StoreDown("storage.url is no database address") from error
        match parts.drivername:
            case "sqlite" if parts.database:
                return cls(SqliteDoor(Path(parts.database), serve=serve or alone, group=group))
            case "postgresql+psycopg":
                return cls(PostgresDoor(url, serve=serve, alone=alone))
            case _:
                raise StoreDown(
                    "storage.url must begin with sqlite:/// (and a file) or postgresql+psycopg://"
                )

    async def run(self, work: Work[T]) -> T:
        """Run a write transaction."""
        piece = Piece(work, asyncio.get_running_loop())
        self._door.submit(piece)
        return await cast("asyncio.Future[T]", piece.future)

    def run_now(self, work: Work[T]) -> T:
        """Run a write transaction, blocking: for commands."""
        piece = Piece(work, None)
        self._door.submit(piece)
        return cast("Future[T]", piece.future).result()

    async def read(self, work: Work[T]) -> T:
        """Run work that only reads, on one snapshot."""
        return await asyncio.wrap_future(self._door.submit_read(work))

    def read_now(self, work: Work[T]) -> T:
        """Run work that only reads, blocking: for commands."""
        return self._door.submit_read(work).result()

    def damage_now(self) -> tuple[str, ...]:
        """Read every page and tell what is wrong, blocking; a server of its own looks after its own pages."""
        if self.dialect != "sqlite":
            return ()
        try:
            return self.read_now(_quick_check)
        except StoreCorrupt:  # so damaged that SQLite cannot tell where
            return ("it cannot be read to its end",)

    def copy_now(self, to: Path) -> None:
        """Copy a SQLite store as it is at one moment into an empty file; writers go on."""
        if not isinstance(self._door, SqliteDoor):
            raise TypeError("only a file can be copied: pour the rows of another store")
        self._door.copy(to)

    def rebuild_now(self, work: Work[T]) -> T:
        """Run a migration."""
        return self._door.rebuild(work)

    async def settled(self) -> None:
        """Return when all that was asked for so far is done, also what nobody waits for any more."""
        await asyncio.to_thread(self._door.settle)

    async def sweep(self) -> None:
        """Make sure that what was deleted is out of the store's files; `unswept` afterwards: ask again."""
        await asyncio.to_thread(self.sweep_now)

    def sweep_now(self) -> None:
        """As `sweep`, blocking: for commands."""
        self.unswept = not self._door.sweep()

    async def close(self) -> None:
        """Finish what waits, then close."""
        await asyncio.to_thread(self._door.close)

    def close_now(self) -> None:
        """Finish what waits, then close, blocking."""
        self._door.close()


def _quick_check(conn: Connection) -> tuple[str, ...]:
    found = conn.exec_driver_sql(f"PRAGMA quick_check({DAMAGES})").scalars()
    return tuple(str(one) for one in found if one != "ok")
