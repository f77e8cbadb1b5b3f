"""The door: nothing is lost, pieces do not harm each other, and what is wrong is said clearly."""

import asyncio
import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import settings
from storage.database import Database
from storage.faults import StoreBusy, StoreCorrupt, StoreDown, StoreFull
from storage.schema import setting


def count_up(conn: Connection) -> int:
    value = int(settings.get(conn, "counter") or "0") + 1
    settings.put(conn, "counter", str(value))
    return value


@pytest.fixture
def lockable(database: Database) -> Database:
    database.run_now(lambda conn: settings.put(conn, "counter", "0"))
    return database


def counted(conn: Connection) -> int:
    if conn.dialect.name == "postgresql":  # what `find` does with a session
        conn.execute(text("SELECT value FROM setting WHERE name = 'counter' FOR UPDATE"))
    return count_up(conn)


def test_four_threads_read_and_write_and_lose_nothing(lockable: Database) -> None:
    def work() -> None:
        for _ in range(50):
            lockable.run_now(counted)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lockable.read_now(lambda conn: settings.get(conn, "counter")) == "200"


def test_two_processes_worth_of_writers_lose_nothing(sqlite_url: str) -> None:
    server, command = Database.open(sqlite_url, serve=True), Database.open(sqlite_url)

    def work(database: Database) -> None:
        for _ in range(50):
            database.run_now(count_up)

    threads = [threading.Thread(target=work, args=(each,)) for each in (server, command)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.read_now(lambda conn: settings.get(conn, "counter")) == "100"
    command.close_now()
    server.close_now()


async def test_a_raising_piece_does_not_harm_those_beside_it(database: Database) -> None:
    def bad(conn: Connection) -> None:
        settings.put(conn, "bad", "half done")
        raise ValueError("as planned")

    def good(name: str) -> asyncio.Future[None] | asyncio.Task[None]:
        return asyncio.ensure_future(database.run(lambda conn: settings.put(conn, name, "done")))

    outcomes = await asyncio.gather(
        good("a"), database.run(bad), good("b"), database.run(bad), good("c"), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [
        type(None),
        ValueError,
        type(None),
        ValueError,
        type(None),
    ]
    stored = await database.read(lambda conn: [settings.get(conn, name) for name in ("a", "b", "c", "bad")])
    assert stored == ["done", "done", "done", None]


async def test_many_pieces_share_one_commit_and_each_gets_its_own_result(sqlite_url: str) -> None:
    database = Database.open(sqlite_url, serve=True)
    commits: list[str] = []
    started, go = threading.Event(), threading.Event()

    def first(conn: Connection) -> int:
        conn.connection.dbapi_connection.set_trace_callback(commits.append)  # type: ignore[union-attr]
        started.set()
        go.wait(5)
        return -1

    waiting = [asyncio.ensure_future(database.run(first))]
    await asyncio.to_thread(started.wait, 5)
    waiting += [asyncio.ensure_future(database.run(count_up)) for _ in range(40)]
    await asyncio.to_thread(lambda: None)  # let every piece reach the queue
    go.set()
    assert await asyncio.gather(*waiting) == [-1, *range(1, 41)]
    assert sum(line.startswith("COMMIT") for line in commits) <= 2  # the 20 ms of the first may be over
    await database.close()


async def test_a_caller_who_gave_up_stops_nobody(database: Database) -> None:
    given_up = asyncio.ensure_future(database.run(lambda conn: settings.put(conn, "a", "1")))
    await asyncio.sleep(0)
    given_up.cancel()
    await database.run(lambda conn: settings.put(conn, "b", "2"))
    assert await database.read(lambda conn: settings.get(conn, "b")) == "2"


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only|cannot read or write"):
        database.read_now(lambda conn: settings.put(conn, "a", "1"))
    assert database.read_now(lambda conn: settings.get(conn, "a")) is None


def test_durability_is_read_back_from_every_writer(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)

    def settled(conn: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "wal_autocheckpoint")
        return [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert database.run_now(settled) == ["wal", 2, 1, 10_000, 0]
    server = Database.open(sqlite_url, serve=True)
    assert server.run_now(settled)[-1] == 1000
    server.close_now()
    database.close_now()


def test_only_one_process_serves_a_file(sqlite_url: str) -> None:
    first = Database.open(sqlite_url, serve=True)
    with pytest.raises(StoreBusy, match="already served"):
        Database.open(sqlite_url, serve=True)
    first.close_now()
    Database.open(sqlite_url, serve=True).close_now()


def test_a_writer_that_never_ends_is_named(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.lock.PATIENCE", 0.05)
    server, command = Database.open(sqlite_url, serve=True), Database.open(sqlite_url)
    writing, over = threading.Event(), threading.Event()

    def long(conn: Connection) -> None:
        settings.put(conn, "a", "1")
        writing.set()
        over.wait(5)

    thread = threading.Thread(target=server.run_now, args=(long,))
    thread.start()
    writing.wait(5)
    with pytest.raises(StoreBusy, match="write-lock"):
        command.run_now(count_up)
    over.set()
    thread.join()
    assert command.run_now(count_up) == 1
    command.close_now()
    server.close_now()


def test_a_file_that_is_no_store_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "spean.db"
    junk = b"this was a photograph " * 400
    path.write_bytes(junk)
    with pytest.raises(StoreCorrupt, match=r"spean\.db is damaged.*restore"):
        Database.open(f"sqlite:///{path}", serve=True)
    assert path.read_bytes() == junk


def test_a_page_that_went_bad_is_named(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "spean.db"
    with closing(sqlite3.connect(path)) as raw:
        page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'setting'").fetchone()[0]
        size = raw.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(os.urandom(size))
    database = Database.open(sqlite_url, serve=True)
    with pytest.raises(StoreCorrupt, match="damaged"):
        database.run_now(count_up)
    database.close_now()


def test_a_full_disk_is_named_and_loses_nothing(sqlite_url: str) -> None:
    database = Database.open(sqlite_url, serve=True)
    database.run_now(count_up)
    database.run_now(lambda conn: conn.exec_driver_sql("PRAGMA max_page_count=1").scalar())
    with pytest.raises(StoreFull, match="free some disk space"):
        database.run_now(lambda conn: settings.put(conn, "big", "x" * 100_000))
    database.run_now(lambda conn: conn.exec_driver_sql("PRAGMA max_page_count=100000").scalar())
    assert database.run_now(count_up) == 2
    database.close_now()


def test_a_folder_or_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StoreDown, match=r"cannot open"):
        Database.open(f"sqlite:///{blocked}/spean.db")
    with pytest.raises(StoreDown, match=r"does not answer") as told:
        Database.open(f"postgresql+psycopg://spean:hushhush@/spean?host={tmp_path}")
    assert "hushhush" not in str(told.value)


@pytest.mark.parametrize("url", ["mysql://x", "sqlite://", "nonsense"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(StoreDown, match=r"storage\.url"):
        Database.open(url)


def test_the_store_belongs_to_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "spean.db"
    Database.open(f"sqlite:///{path}").close_now()
    assert {each.name: each.stat().st_mode & 0o077 for each in path.parent.iterdir()} == {
        "spean.db": 0,
        "spean.db.serve-lock": 0,
        "spean.db.write-lock": 0,
    }
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_error_tells_nothing_of_what_was_written(database: Database) -> None:
    def twice(conn: Connection) -> None:
        for _ in range(2):
            conn.execute(insert(setting).values(name="a", value="+85512345678"))

    with pytest.raises(IntegrityError) as told:
        database.run_now(twice)
    assert "+85512345678" not in str(told.value)
    with pytest.raises(DBAPIError) as read:
        database.read_now(
            lambda conn: conn.execute(text("SELECT :word FROM nowhere"), {"word": "+85512345678"})
        )
    assert "+85512345678" not in str(read.value)
