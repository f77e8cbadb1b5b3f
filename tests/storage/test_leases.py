"""Leases: who may still say how a part ended, and what one damaged part costs."""

import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, func, select, text

from storage import outbox
from storage.outbox import Lane, Result
from storage.people import Person
from tests.storage.conftest import Greet
from tests.storage.desk import ACCOUNT, MINUTE, Desk, causes


def rescued(desk: Desk) -> None:
    desk.now += 2 * MINUTE
    desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now))


def test_a_result_of_an_expired_lease_settles_nobody_elses(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a")
    late = desk.claim("w1")[0]
    rescued(desk)
    desk.end(late)  # waits again: not theirs any more
    assert desk.counts() == {"queued": 1}
    other = desk.claim("w2")[0]
    assert (other.worker, other.tries) == ("w2", 2)
    desk.end(late, "failed", reason="too late")
    assert desk.counts() == {"sending": 1}
    desk.end(other)
    desk.end(late, "failed", reason="too late")
    assert desk.counts() == {"sent": 1}


def test_a_result_of_an_earlier_try_of_ones_own_settles_nothing(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a")
    late = desk.claim("w1")[0]
    rescued(desk)
    again = desk.claim("w1")[0]
    desk.end(late, "failed")
    assert desk.counts() == {"sending": 1}
    desk.end(again)
    assert desk.counts() == {"sent": 1}


def test_results_that_fit_stand_beside_those_that_do_not(desk: Desk, greet: Greet) -> None:
    desk.queue(greet("1"), "a")
    late = desk.claim("w1")[0]
    rescued(desk)
    desk.queue(greet("2"), "b")
    mine = desk.claim("w2")
    results = [Result(late, "failed"), *(Result(row, "sent") for row in mine)]
    desk.database.run_now(lambda conn: outbox.finish(conn, results, desk.now))
    assert desk.counts() == {"sent": 2}


def test_what_was_never_tried_goes_back_without_a_try(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a")
    for _ in range(3):
        row = desk.claim()[0]
        assert row.tries == 1
        desk.end(row, "queued", reason="behind an earlier part", tried=False)
    desk.end(desk.claim()[0], "queued", reason="timeout")
    assert desk.claim()[0].tries == 2


def test_what_ended_counts_as_tried_whatever_is_said(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a", lane=Lane.REMINDER)
    row = desk.claim()[0]
    desk.end(row, "unknown", tried=False)
    desk.end(row)  # the answer came after all
    assert desk.counts() == {"sent": 1}


def test_a_damaged_part_fails_alone(desk: Desk, sophea: Person, greet: Greet) -> None:
    desk.queue(sophea, "a1", "a2")
    desk.queue(greet("2"), "b")
    desk.spoil("a1")
    assert causes(desk.claim()) == ["b"]
    assert causes(desk.claim()) == ["a2"]
    found = desk.database.read_now(outbox.counts)
    assert found == {(ACCOUNT, "failed"): 1, (ACCOUNT, "sending"): 2}
    reason = text("SELECT reason, lease_by FROM outbox WHERE state = 'failed'")
    assert desk.database.read_now(lambda conn: conn.execute(reason).one()) == ("damaged", None)


def test_what_stands_behind_damaged_parts_is_taken_at_once(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a", "b", "c")
    desk.spoil("a")
    desk.spoil("b")
    assert causes(desk.claim(contact_id=sophea.contact.id)) == ["c"]


def test_a_damaged_key_fails_its_persons_parts_only(desk: Desk, sophea: Person, greet: Greet) -> None:
    desk.queue(sophea, "a1", "a2")
    desk.queue(greet("2"), "b")
    spoil = text("UPDATE contact SET data_key = :junk WHERE id = :who")
    cells = {"junk": b"junk", "who": sophea.contact.id}
    desk.database.run_now(lambda conn: conn.execute(spoil, cells).rowcount)
    assert causes(desk.claim()) == ["b"]
    assert desk.claim() == []
    assert desk.counts() == {"failed": 2, "sending": 1}


def test_sent_parts_are_not_counted(desk: Desk, greet: Greet) -> None:
    for name in ("1", "2", "3", "4"):
        desk.queue(greet(name), name)
    one, other, *_ = desk.claim(limit=3)
    desk.end(one)
    desk.end(other, "failed", reason="x")
    assert desk.database.read_now(outbox.counts) == {
        (ACCOUNT, "failed"): 1,
        (ACCOUNT, "sending"): 1,
        (ACCOUNT, "queued"): 1,
    }


def test_pages_with_something_fresh_are_known(desk: Desk, greet: Greet) -> None:
    def waiting(account: str = ACCOUNT) -> set[int]:
        return set(desk.database.read_now(lambda conn: outbox.waiting(conn, account, desk.now)))

    old, fresh, fetched = greet("1"), greet("2"), greet("3")
    desk.queue(old, "a")
    desk.now += MINUTE
    desk.queue(fresh, "b", "c")
    desk.queue(fetched, "d")
    desk.end(desk.claim(contact_id=fetched.contact.id)[0])
    assert waiting() == {fresh.contact.id}
    assert waiting("webchat:1") == set()
    desk.now -= MINUTE
    assert waiting() == {old.contact.id, fresh.contact.id}


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (lambda conn, desk: outbox.told(conn, desk.vault, 1, 5, 10), "ix_outbox_contact_id"),
        (lambda conn, desk: outbox.waiting(conn, ACCOUNT, desk.now), "ix_outbox_fresh"),
        (lambda conn, _: outbox.counts(conn), "ix_outbox_ended"),
        (lambda conn, _: outbox.counts(conn), "ix_outbox_unsent"),
    ],
)
def test_what_is_asked_every_second_reads_an_index(
    desk: Desk, sophea: Person, asked: Callable[[Connection, Desk], object], index: str
) -> None:
    desk.queue(sophea, *map(str, range(200)))  # a page that was closed long ago
    desk.now += MINUTE
    desk.database.run_now(lambda conn: conn.exec_driver_sql("ANALYZE").close())

    def scans(conn: Connection) -> int:
        return int(conn.scalar(select(func.pg_stat_get_xact_numscans(text(f"'{index}'::regclass")))) or 0)

    def reads_it(conn: Connection) -> bool:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")  # for there are few rows
            before = scans(conn)
            asked(conn, desk)
            return scans(conn) > before
        raw = conn.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        queries: list[str] = []
        raw.set_trace_callback(queries.append)
        asked(conn, desk)
        raw.set_trace_callback(None)
        return any(index in str(row) for one in queries for row in raw.execute(f"EXPLAIN QUERY PLAN {one}"))

    assert desk.database.read_now(reads_it)
