"""PostgreSQL's door: a pool of connections, each used by one thread at a time.

Never awaits, and never hides a failure: only what lost a race is run again.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from psycopg import errors
from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from storage.faults import StoreBusy, StoreDown, StoreFault, StoreFull
from storage.piece import Piece, deliver

T = TypeVar("T")
Work = Callable[[Connection], T]

THREADS = 8
TRIES = 5
ASIDE = 0.02  # seconds, doubled at every try: whoever lost a race must not meet the same ones again
SERVING = 0x5350_4E00  # the advisory lock: shared by those who serve
READ_ONLY = errors.ReadOnlySqlTransaction
RACES = (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure)


def _step_aside(turn: int) -> None:
    time.sleep(random.uniform(0, ASIDE * 2**turn))  # noqa: S311 - no secret


def _leave(conn: Connection) -> None:
    """Give its lock up now: the server takes a moment to see that a connection has gone."""
    try:
        conn.execute(select(func.pg_advisory_unlock_all()))
    except DBAPIError:
        conn.invalidate()  # it broke, and its lock went with it
    conn.close()


class PostgresDoor:
    """Any number of processes may have one each."""

    dialect = "postgresql"

    def __init__(self, url: str, *, serve: bool = False, alone: bool = False) -> None:
        self._engine = create_engine(
            url, pool_size=THREADS, max_overflow=2, pool_pre_ping=True, hide_parameters=True
        )
        self._where = make_url(url).render_as_string(hide_password=True)
        self._threads = ThreadPoolExecutor(THREADS, "spean-store")
        self._asked: set[Future[None]] = set()
        self._serves, self._alone = serve, alone
        self._serving: Connection | None = None
        self._doubted = False  # a connection broke: perhaps the one that says that we serve
        self._asserting = threading.Lock()
        try:
            with self._faults():
                self._serving = self._served()
        except StoreFault:
            self.close()
            raise

    def submit(self, piece: Piece) -> None:
        """Queue a write transaction."""
        future = self._threads.submit(self._answer, piece)
        self._asked.add(future)
        future.add_done_callback(self._asked.discard)

    def submit_read(self, work: Work[T]) -> "Future[T]":
        """Queue a reading of one consistent snapshot."""
        return self._threads.submit(self._read, work)

    def rebuild(self, work: Work[T]) -> T:
        """Run a migration."""
        with self._faults(), self._engine.begin() as conn:
            return work(conn)

    def settle(self) -> None:
        """Wait for every write transaction that was queued so far."""
        wait(tuple(self._asked))

    def sweep(self) -> bool:
        """Nothing to do: PostgreSQL's own vacuum takes away what was deleted, within minutes."""
        return True

    def close(self) -> None:
        """Finish what waits and close every connection."""
        self._threads.shutdown()
        if self._serving is not None:
            _leave(self._serving)
            self._serving = None
        self._engine.dispose()

    def _served(self) -> Connection:
        """A connection that says, as long as it lives, that this process serves, or must be alone."""
        conn = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        locks = ((self._serves, func.pg_try_advisory_lock_shared), (self._alone, func.pg_try_advisory_lock))
        for wanted, take in locks:
            if wanted and not conn.scalar(select(take(SERVING))):
                conn.close()
                raise StoreBusy(f"{self._where} is served by another process: stop that one first")
        return conn

    def _serve_again(self) -> None:
        """Say once more, after an outage, that this process serves; a restore may have begun in between."""
        with self._asserting, self._faults():
            if self._doubted:
                before, self._serving = self._serving, self._served()
                if before is not None:
                    before.invalidate()  # else the pool would keep its lock
                    before.close()
                self._doubted = False

    def _read(self, work: Work[T]) -> T:
        snapshot = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with self._faults(), snapshot.begin() as conn:
            return work(conn)

    def _answer(self, piece: Piece) -> None:
        try:
            piece.result = self._write(piece.work)
        except Exception as error:  # noqa: BLE001 - handed to whoever asked for the work
            piece.error = error
        deliver((piece,))

    def _write(self, work: Work[T]) -> T:
        if self._doubted:
            self._serve_again()
        for turn in range(TRIES - 1):
            try:
                return self._once(work)
            except RACES:
                _step_aside(turn)  # two first messages, or two claims: look again at what stands now
            except DBAPIError as error:
                if not isinstance(error.orig, RACES):
                    raise
                _step_aside(turn)
        return self._once(work)

    def _once(self, work: Work[T]) -> T:
        with self._faults(), self._engine.begin() as conn:
            try:
                return work(conn)
            except READ_ONLY as error:
                raise self._copy() from error
            except DBAPIError as error:
                if isinstance(error.orig, READ_ONLY):
                    raise self._copy() from error
                raise

    def _copy(self) -> StoreFault:
        return StoreDown(f"{self._where} cannot be written: it is a copy. Let storage.url name the first")

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            fault = self._fault(error.orig)
            if fault is None:
                raise
            raise fault from error
        except psycopg.Error as error:
            fault = self._fault(error)
            if fault is None:
                raise
            raise fault from error

    def _fault(self, error: BaseException | None) -> StoreFault | None:
        if isinstance(error, errors.DiskFull):
            return StoreFull(f"{self._where} has no room to write: free some disk space. Nothing was lost")
        if isinstance(error, RACES) or not isinstance(error, psycopg.OperationalError):
            return None
        self._doubted = True
        return StoreDown(f"{self._where} does not answer ({error}). Start it, or mend storage.url")
