"""SQLite's door: one writer thread that groups transactions, and readers that can only read.

Never awaits, and writes or checkpoints only under `<file>.write-lock` (SQLite < 3.51.3 may lose a WAL else).
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar, cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from storage.faults import StoreBusy, StoreCorrupt, StoreDown, StoreFault, StoreFull
from storage.lock import LockFile
from storage.piece import Piece, deliver

T = TypeVar("T")
Work = Callable[[Connection], T]

GROUP = 64  # pieces in one transaction at most
GROUP_SECONDS = 0.02
READERS = 4
BUSY_MS = 10_000
SWEEP_SECONDS = 0.1
SETTINGS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": BUSY_MS,
}


class SqliteDoor:
    """All writing goes through one thread, reading through a few of its own."""

    dialect = "sqlite"

    def __init__(self, path: Path, *, serve: bool, group: bool) -> None:
        self.path = path
        self._most = GROUP if group else 1
        _make_file(path)
        self._serve_lock = LockFile(path.with_name(f"{path.name}.serve-lock"))
        if serve and not self._serve_lock.take():
            self._serve_lock.close()
            raise StoreBusy(f"{path} is already served by another process: stop that one first")
        self._write_lock = LockFile(path.with_name(f"{path.name}.write-lock"))
        try:
            with self._write_lock.held(), _faults(path):
                self._writer = _writing_engine(path, checkpoint=serve).connect()
        except StoreFault:
            self._leave()
            raise
        self._reading = _reading_engine(path)
        self._readers = ThreadPoolExecutor(READERS, "spean-reader")
        self._queue: SimpleQueue[Piece | None] = SimpleQueue()
        self._thread = Thread(target=self._write, name="spean-writer", daemon=True)
        self._thread.start()

    def submit(self, piece: Piece) -> None:
        """Queue a write transaction."""
        self._queue.put(piece)

    def submit_read(self, work: Work[T]) -> "Future[T]":
        """Queue a reading of one consistent snapshot."""
        return self._readers.submit(self._read, work)

    def rebuild(self, work: Work[T]) -> T:
        """Run a migration on a connection of its own, foreign keys off, checked before the commit."""
        lock = LockFile(self._write_lock.path)
        engine = _writing_engine(self.path, checkpoint=False)
        try:
            with lock.held(), _faults(self.path), engine.connect() as conn:
                _raw(conn).execute("PRAGMA foreign_keys=OFF")
                with conn.begin():
                    result = work(conn)
                    broken = conn.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if broken is not None:
                        raise StoreFault(
                            f"the migration would break a reference of {broken[0]}: nothing changed"
                        )
                return result
        finally:
            engine.dispose()
            lock.close()

    def settle(self) -> None:
        """Wait for every write transaction that was queued so far: one comes after the other."""
        last = Piece(lambda _conn: None, None)
        self.submit(last)
        cast("Future[None]", last.future).result()

    def sweep(self) -> bool:
        """Empty the WAL into the file, so that nothing deleted stays in either; False: somebody reads."""
        lock = LockFile(self._write_lock.path)
        try:
            with lock.held(), _faults(self.path):
                raw = sqlite3.connect(self.path, timeout=SWEEP_SECONDS, isolation_level=None)
                try:
                    busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                finally:
                    raw.close()
        finally:
            lock.close()
        return not busy

    def copy(self, to: Path) -> None:
        """Write one moment of the store into an empty file, without what was deleted; nobody waits for it."""
        with _faults(self.path):
            raw = sqlite3.connect(_read_only(self.path), uri=True, isolation_level=None)
            try:
                raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
                raw.execute("VACUUM INTO ?", (str(to),))
            finally:
                raw.close()

    def close(self) -> None:
        """Finish what waits, close every connection, let the locks go."""
        self._queue.put(None)
        self._thread.join()
        self._readers.shutdown()
        self._reading.dispose()
        with self._write_lock.held():
            self._writer.close()
            self._writer.engine.dispose()
        self._leave()

    def _leave(self) -> None:
        self._write_lock.close()
        self._serve_lock.close()

    def _read(self, work: Work[T]) -> T:
        with _faults(self.path), self._reading.connect() as conn, conn.begin():
            return work(conn)

    def _write(self) -> None:
        while (piece := self._queue.get()) is not None:
            group = [piece]
            if not self._together(group):
                for each in group:
                    self._alone(each)
            deliver(group)

    def _together(self, group: list[Piece]) -> bool:
        """Run the first piece and what queues meanwhile in one transaction; False: none of it stands."""
        end = time.monotonic() + GROUP_SECONDS
        try:
            with self._write_lock.held(), self._writer.begin():
                for piece in group:  # grows while it is walked
                    piece.result = piece.work(self._writer)
                    if len(group) < self._most and time.monotonic() < end:
                        self._take_next(group)
        except StoreBusy as busy:  # waiting again for each would stall everybody
            for piece in group:
                piece.error = busy
        except Exception:  # noqa: BLE001 - each piece then runs alone and gets its own error
            return False
        return True

    def _take_next(self, group: list[Piece]) -> None:
        try:
            piece = self._queue.get_nowait()
        except Empty:
            return
        if piece is None:
            self._queue.put(None)  # the end stays the end
        else:
            group.append(piece)

    def _alone(self, piece: Piece) -> None:
        try:
            with _faults(self.path), self._write_lock.held(), self._writer.begin():
                piece.result = piece.work(self._writer)
        except Exception as error:  # noqa: BLE001 - handed to whoever asked for the work
            piece.error = error


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreDown(
            f"cannot open {path}: {error.strerror}. Mend storage.url or the file's rights"
        ) from error


def _writing_engine(path: Path, *, checkpoint: bool) -> Engine:
    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
        try:
            _settle(path, raw, checkpoint=checkpoint)
        except BaseException:
            raw.close()
            raise
        return raw

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool, hide_parameters=True)
    event.listen(engine, "begin", lambda conn: _raw(conn).execute("BEGIN IMMEDIATE"))
    return engine


def _settle(path: Path, raw: sqlite3.Connection, *, checkpoint: bool) -> None:
    """Set what durability rests on, and read it back."""
    raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
    if not checkpoint:
        raw.execute("PRAGMA wal_autocheckpoint=0")
    raw.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opens the WAL, so that closing empties it
    for name, wanted in SETTINGS.items():
        found = raw.execute(f"PRAGMA {name}").fetchone()[0]
        if found != wanted:
            raise StoreDown(f"{path}: {name} is {found!r} where {wanted!r} is needed. Use a local disk")


def _read_only(path: Path) -> str:
    return f"file:{quote(str(path.absolute()))}?mode=ro"


def _reading_engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(
            _read_only(path),
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        raw.execute("PRAGMA wal_autocheckpoint=0")
        return raw

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine, "begin", lambda conn: _raw(conn).execute("BEGIN"))
    return engine


def _raw(conn: Connection) -> Any:  # noqa: ANN401 - sqlite3.Connection, untyped in SQLAlchemy
    return conn.connection.dbapi_connection


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    """Say what is wrong with the file in our own words; other errors pass."""
    try:
        yield
    except DBAPIError as error:
        fault = _fault(path, error.orig)
        if fault is None:
            raise
        raise fault from error
    except sqlite3.Error as error:
        fault = _fault(path, error)
        if fault is None:
            raise
        raise fault from error


def _fault(path: Path, error: BaseException | None) -> StoreFault | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            cure = "It was left as it is: keep a copy and restore the last backup"
            return StoreCorrupt(f"{path} is damaged or no Spean store ({error}). {cure}")
        case sqlite3.SQLITE_FULL:
            return StoreFull(f"no room to write {path}: free some disk space. Nothing was lost")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(f"{path} is locked by another program: close it and try again")
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            return StoreDown(f"cannot read or write {path} ({error}). Mend the disk or the file's rights")
        case _:
            return None
