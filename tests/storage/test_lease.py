"""Leases: one holder at a time, by the store's own clock."""

import threading

from sqlalchemy import Connection, text

from storage import lease
from storage.database import Database
from tests.storage.racing import until_somebody_waits

POLL = "poll telegram:7001"


def taken(database: Database, holder: str, seconds: float = 60) -> bool:
    return database.run_now(lambda conn: lease.take(conn, POLL, holder, seconds))


def renewed(database: Database, holder: str) -> bool:
    return database.run_now(lambda conn: lease.renew(conn, POLL, holder, 60))


def test_one_holds_it_and_may_take_it_again(database: Database) -> None:
    assert taken(database, "a")
    assert not taken(database, "b")
    assert taken(database, "a")
    assert renewed(database, "a")
    assert not renewed(database, "b")


def test_what_is_given_back_is_free_at_once(database: Database) -> None:
    taken(database, "a")
    database.run_now(lambda conn: lease.release(conn, POLL, "b"))  # not theirs
    assert not taken(database, "b")
    database.run_now(lambda conn: lease.release(conn, POLL, "a"))
    assert taken(database, "b")
    assert not renewed(database, "a")


def test_what_ran_out_is_anybodys_until_somebody_took_it(database: Database) -> None:
    taken(database, "a", seconds=0)
    assert renewed(database, "a")
    taken(database, "a", seconds=0)
    assert taken(database, "b")
    assert not renewed(database, "a")
    assert not taken(database, "a")


def test_other_things_are_held_apart(database: Database) -> None:
    taken(database, "a")
    assert database.run_now(lambda conn: lease.take(conn, "downloads", "b", 60))
    database.run_now(lease.free)
    assert taken(database, "b")


def test_of_two_who_take_it_in_the_same_instant_one_has_it(two: tuple[Database, Database]) -> None:
    one, other = two
    found: list[bool] = []
    second = threading.Thread(target=lambda: found.append(taken(other, "b")))

    def first(conn: Connection) -> None:
        assert lease.take(conn, POLL, "a", 60)
        second.start()
        until_somebody_waits(conn)

    taken(one, "c", seconds=0)  # an older one, which both find run out
    one.run_now(first)
    second.join(10)
    assert found == [False]
    holder = one.read_now(lambda conn: conn.scalar(text("SELECT holder FROM lease")))
    assert holder == "a"
