"""Hints between processes on PostgreSQL: something waits in the store, look now rather than in a second.

Never carries a word or an id of a person, nor is relied on: one may be lost, who waits looks anyway.
"""

import threading
from collections.abc import Callable, Iterable

import psycopg
from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

CHANNEL = "spean"
MISSED = ""  # heard at every new connection: hints may have been lost
HEARTBEAT = 0.5  # seconds between looks whether to stop
PAUSE, LONGEST = 0.25, 5.0  # seconds before a lost connection is made again, doubled at every failure


def give(conn: Connection, hints: Iterable[str]) -> None:
    """Tell every process that listens, at the commit. On SQLite there is nobody else."""
    if conn.dialect.name != "postgresql":
        return
    for hint in hints:
        conn.execute(select(func.pg_notify(CHANNEL, hint)))


class Ear:
    """A connection of its own that listens, in a thread of its own, and is made again when it breaks."""

    def __init__(self, url: str, heard: Callable[[str], None], broken: Callable[[str], None]) -> None:
        """`heard` gets each hint, `broken` the kind of what went wrong; both in the thread."""
        self._engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
        self._heard = heard
        self._broken = broken
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="spean-hints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and wait until nothing more is heard."""
        self._stop.set()
        self._thread.join()
        self._engine.dispose()

    def _listen(self) -> None:
        pause = 0.0
        while not self._stop.wait(pause):
            try:
                with self._engine.connect() as conn:
                    pause = PAUSE
                    self._hear(conn.execution_options(isolation_level="AUTOCOMMIT"))
            except (DBAPIError, psycopg.Error) as error:
                pause = min(LONGEST, max(PAUSE, pause * 2))
                self._broken(type(getattr(error, "orig", error)).__name__)

    def _hear(self, conn: Connection) -> None:
        conn.exec_driver_sql(f"LISTEN {CHANNEL}")
        self._heard(MISSED)
        driver = conn.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("only PostgreSQL tells")
        while not self._stop.is_set():
            for notice in driver.notifies(timeout=HEARTBEAT):
                self._heard(notice.payload)
