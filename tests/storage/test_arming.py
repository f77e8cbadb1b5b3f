"""What comes due again: one entry waits at a time, and a number that was erased is not given to two."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from storage import agenda
from storage.database import Database
from storage.schema import agenda as table

HOUR = timedelta(hours=1)


def test_an_erased_row_makes_no_later_one_vanish(database: Database, now: datetime) -> None:
    for turn in range(3):
        database.run_now(lambda conn, at=turn: agenda.arm(conn, "k", "case:1", None, now + at * HOUR, now))
        (row,) = database.run_now(lambda conn: agenda.due(conn, now + 9 * HOUR, 9))
        database.run_now(lambda conn, number=row.id: agenda.done(conn, number, now))
    database.run_now(lambda conn: conn.execute(delete(table).where(table.c.key == "case:1:1")))
    database.run_now(lambda conn: agenda.arm(conn, "k", "case:1", None, now + HOUR, now))
    assert database.read_now(lambda conn: agenda.armed(conn, "k", "case:1")) == now + HOUR
    keys = database.read_now(lambda conn: list(conn.scalars(select(table.c.key).order_by(table.c.id))))
    assert keys == ["case:1:2", "case:1:3", "case:1:4"]


def test_what_waits_is_moved(database: Database, now: datetime) -> None:
    for hours in (5, 2):
        database.run_now(lambda conn, h=hours: agenda.arm(conn, "k", "case:1", None, now + h * HOUR, now))
    assert database.read_now(lambda conn: agenda.armed(conn, "k", "case:1")) == now + 2 * HOUR
    assert database.read_now(lambda conn: agenda.armed(conn, "k", "case:12")) is None
