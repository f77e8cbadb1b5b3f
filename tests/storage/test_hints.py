"""Hints between processes: heard after a commit, never without one, and again after the connection broke."""

from collections.abc import Iterator
from queue import Queue

import pytest
from sqlalchemy import Connection, text

from storage import hints
from storage.database import Database
from storage.hints import MISSED, Ear

PATIENCE = 10.0  # seconds
OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND query LIKE :listening"
)


class Heard:
    """What an ear heard, and what broke."""

    def __init__(self, url: str) -> None:
        self.hints: Queue[str] = Queue()
        self.broken: Queue[str] = Queue()
        self.ear = Ear(url, self.hints.put, self.broken.put)

    def next(self) -> str:
        return self.hints.get(timeout=PATIENCE)


@pytest.fixture
def heard(postgres_store_url: str) -> Iterator[Heard]:
    one = Heard(postgres_store_url)
    assert one.next() == MISSED
    yield one
    one.ear.close()


@pytest.fixture
def store(postgres_store_url: str) -> Iterator[Database]:
    one = Database.open(postgres_store_url)
    yield one
    one.close_now()


def test_what_was_committed_is_heard_and_nothing_else(heard: Heard, store: Database) -> None:
    def breaks(conn: Connection) -> None:
        hints.give(conn, ["parts telegram:1"])
        raise LookupError

    with pytest.raises(LookupError):
        store.run_now(breaks)
    store.run_now(lambda conn: hints.give(conn, ["parts telegram:7001", "page 00ff"]))
    assert [heard.next(), heard.next()] == ["parts telegram:7001", "page 00ff"]
    assert heard.hints.empty()


def test_a_broken_connection_is_made_again_and_says_that_something_may_be_missed(
    heard: Heard, store: Database
) -> None:
    store.run_now(lambda conn: conn.execute(OTHERS, {"listening": "LISTEN%"}).all())
    assert heard.next() == MISSED
    assert heard.broken.get(timeout=PATIENCE) in {"AdminShutdown", "OperationalError"}
    store.run_now(lambda conn: hints.give(conn, ["parts telegram:7001"]))
    assert heard.next() == "parts telegram:7001"


def test_a_file_has_nobody_else_to_tell(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    database.run_now(lambda conn: hints.give(conn, ["page 00ff"]))
    database.close_now()
