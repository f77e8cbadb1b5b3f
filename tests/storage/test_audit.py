"""The audit only grows, and whoever changes it behind our back breaks its chain."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.database import Database
from storage.schema import audit as table
from tests.storage.conftest import Hire


def written(database: Database, now: datetime, *actions: str, staff_id: int | None = None) -> None:
    for action in actions:
        database.run_now(lambda conn, action=action: audit.record(conn, staff_id, action, "case 7", now))  # type: ignore[misc]


def test_lines_are_read_back_with_names_and_the_chain_holds(
    database: Database, now: datetime, hire: Hire
) -> None:
    dara = hire("dara")
    written(database, now, "case.show", staff_id=dara.staff_id)
    written(database, now + timedelta(microseconds=7), "purge")
    assert [
        (one.by, one.action, one.what) for one in database.read_now(lambda conn: audit.latest(conn, 9))
    ] == [
        (None, "purge", "case 7"),
        ("dara", "case.show", "case 7"),
    ]
    proof = database.read_now(audit.verify)
    assert (proof.lines, proof.broken, len(proof.head)) == (2, None, 32)
    assert database.read_now(lambda conn: audit.count(conn, "purge")) == 1


def test_nobody_changes_or_deletes_a_line(database: Database, now: datetime) -> None:
    written(database, now, "case.show")
    for change in (update(table).values(action="x"), delete(table)):
        with pytest.raises(DBAPIError, match="the audit only grows"):
            database.run_now(lambda conn, change=change: conn.execute(change))  # type: ignore[misc]
    assert database.read_now(audit.verify).lines == 1


@pytest.mark.parametrize(
    "harm", ["UPDATE audit SET what = 'case 8' WHERE id = 2", "DELETE FROM audit WHERE id = 2"]
)
def test_a_line_changed_or_taken_out_behind_our_back_breaks_the_chain(
    sqlite_url: str, now: datetime, harm: str
) -> None:
    database = Database.open(sqlite_url)
    written(database, now, "a", "b", "c")
    database.close_now()
    raw = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    raw.executescript(f"DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; {harm}")
    raw.close()
    database = Database.open(sqlite_url)
    proof = database.read_now(audit.verify)
    database.close_now()
    assert (proof.lines, proof.broken) == (1, 3 if "DELETE" in harm else 2)


def test_lines_from_before_the_chain_are_passed_over(database: Database, now: datetime) -> None:
    def older(conn: Connection) -> None:
        conn.execute(insert(table).values(staff_id=None, action="old", what="", at=now))

    database.run_now(older)
    written(database, now, "new")
    proof = database.read_now(audit.verify)
    assert (proof.lines, proof.broken) == (1, None)
    database.run_now(older)
    assert database.read_now(audit.verify).broken == 3


def test_many_at_once_still_write_one_chain(database: Database, now: datetime) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda nth: written(database, now, f"a{nth}", "b"), range(24)))
    proof = database.read_now(audit.verify)
    assert (proof.lines, proof.broken) == (48, None)


def test_a_broken_transaction_leaves_no_line(database: Database, now: datetime) -> None:
    def fail(conn: Connection) -> None:
        audit.record(conn, None, "a", "", now)
        conn.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(DBAPIError):
        database.run_now(fail)
    written(database, now, "b")
    assert database.read_now(audit.verify) == database.read_now(audit.verify)
    assert database.read_now(audit.verify).lines == 1
