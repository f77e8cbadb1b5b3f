"""What a platform lets nobody send stays of use longer than what is only late."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage.outbox import Lane
from storage.parts import Ended
from storage.people import Person
from storage.schema import outbox
from tests.storage.desk import Desk

DAY = timedelta(days=1)


@pytest.mark.parametrize(("state", "days"), [("held", 6), ("failed", 1), ("sent", 1)])
def test_what_is_held_is_kept_as_long_as_it_is_of_use(
    desk: Desk, sophea: Person, state: Ended, days: int
) -> None:
    now = desk.now
    desk.queue(sophea, "a", lane=Lane.REMINDER, expires=now + DAY, lasts=now + 6 * DAY)
    (row,) = desk.claim()
    desk.end(row, state)
    assert _expires(desk) == now + days * DAY


def test_what_nothing_is_said_of_is_kept_until_it_expires(desk: Desk, sophea: Person) -> None:
    now = desk.now
    desk.queue(sophea, "a", lane=Lane.REMINDER, expires=now + DAY)
    (row,) = desk.claim()
    desk.end(row, "held")
    assert _expires(desk) == now + DAY


def _expires(desk: Desk) -> datetime | None:
    return desk.database.read_now(lambda conn: conn.scalar(select(outbox.c.expires)))
