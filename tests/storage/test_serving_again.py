"""A PostgreSQL that went away and came back: who serves says so again before anything is written."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from storage import settings
from storage.database import Database
from storage.faults import StoreBusy, StoreDown

CUT = text(  # and waits until they are gone, with their locks
    "SELECT bool_and(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
READ_ONLY = "ALTER DATABASE spean_tests SET default_transaction_read_only = "


@pytest.fixture
def serving(postgres_store_url: str) -> Iterator[Database]:
    one = Database.open(postgres_store_url, serve=True)
    yield one
    one.close_now()


def cut(url: str) -> None:
    """Every connection breaks, and the store is away for a moment that somebody notices."""
    other = Database.open(url)
    assert other.run_now(lambda conn: conn.scalar(CUT)), "they are gone"
    other.close_now()


def notice(database: Database) -> None:
    """Something was under way when the connection broke."""

    def breaks(conn: object) -> None:
        del conn
        raise_from_the_driver()

    with pytest.raises(StoreDown):
        database.run_now(breaks)


def raise_from_the_driver() -> None:
    import psycopg  # noqa: PLC0415 - the driver's own error, as a broken connection gives it

    raise psycopg.OperationalError("server closed the connection unexpectedly")


def write(database: Database) -> None:
    database.run_now(lambda conn: settings.put(conn, "a", "b"))


def test_who_serves_is_alone_again_after_an_outage(serving: Database, postgres_store_url: str) -> None:
    cut(postgres_store_url)
    Database.open(postgres_store_url, alone=True).close_now()  # its lock went with its connection
    notice(serving)
    write(serving)
    with pytest.raises(StoreBusy):
        Database.open(postgres_store_url, alone=True)


def test_who_ends_gives_its_place_up_before_the_server_sees_it_gone(
    serving: Database, postgres_store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restore, or the next server, may begin in the same instant."""
    lingering: list[Engine] = []

    def linger(engine: Engine) -> None:
        lingering.append(engine)

    with monkeypatch.context() as slow:
        slow.setattr(Engine, "dispose", linger)
        serving.close_now()
    assert lingering, "its connections are still there"
    Database.open(postgres_store_url, alone=True).close_now()
    for engine in lingering:
        engine.dispose()


def test_nothing_is_written_beside_who_restores_since(serving: Database, postgres_store_url: str) -> None:
    cut(postgres_store_url)
    notice(serving)
    restoring = Database.open(postgres_store_url, alone=True)
    with pytest.raises(StoreBusy):
        write(serving)
    restoring.close_now()
    write(serving)


def test_a_copy_that_cannot_be_written_is_named(postgres_store_url: str) -> None:
    owner = Database.open(postgres_store_url)
    owner.rebuild_now(lambda conn: conn.exec_driver_sql(f"{READ_ONLY}on"))
    try:
        database = Database.open(postgres_store_url)
        with pytest.raises(StoreDown, match="cannot be written"):
            write(database)
        database.close_now()
    finally:
        owner.rebuild_now(lambda conn: conn.exec_driver_sql("SET TRANSACTION READ WRITE"))
        owner.rebuild_now(lambda conn: conn.exec_driver_sql(f"{READ_ONLY}off"))
        owner.close_now()
