"""How an address stands with its platform: marks that never go back, grants, and echoes that settle."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.core.contact import Address
from bot.core.window import Grants, Standing
from storage import grants, kept_back, moving, settling, standing
from storage.database import Database
from storage.outbox import Lane, Result
from storage.parts import MESSAGE, WINDOW, Ended
from storage.people import Person
from storage.schema import address
from storage.schema import outbox as table
from storage.seal import Vault
from tests.storage.conftest import Greet
from tests.storage.desk import ACCOUNT, Desk, causes

HOUR = timedelta(hours=1)
PAGE = "messenger:104"


def stands(database: Database, person: Person) -> Standing:
    return database.read_now(lambda conn: standing.of(conn, person.address_id))


def test_marks_never_go_back(database: Database, sophea: Person, now: datetime) -> None:
    for at in (now, now - HOUR, now + HOUR, now):
        database.run_now(lambda conn, at=at: standing.acted(conn, sophea.address_id, at))  # type: ignore[misc]
    for at in (now + HOUR, now):
        database.run_now(lambda conn, at=at: standing.shut(conn, sophea.address_id, at))  # type: ignore[misc]
    assert stands(database, sophea) == Standing(now + HOUR, now + HOUR)


def test_nobody_elses_address_is_touched(
    database: Database, greet: Greet, sophea: Person, now: datetime
) -> None:
    other = greet("93007002")
    database.run_now(lambda conn: standing.acted(conn, sophea.address_id, now))
    assert stands(database, other) == Standing()


def test_receipts_come_in_any_order(database: Database, vault: Vault, sophea: Person, now: datetime) -> None:
    def told(until: datetime, *, read: bool) -> tuple[datetime | None, datetime | None]:
        def work(conn: Connection) -> tuple[datetime | None, datetime | None]:
            standing.received(conn, vault, sophea.where, until, read=read)
            return standing.receipts(conn, sophea.address_id)

        return database.run_now(work)

    assert told(now, read=False) == (now, None)
    assert told(now + HOUR, read=True) == (now + HOUR, now + HOUR)
    assert told(now, read=True) == (now + HOUR, now + HOUR)
    assert told(now + 2 * HOUR, read=False) == (now + 2 * HOUR, now + HOUR)


def test_receipts_of_a_stranger_are_nothing(
    database: Database, vault: Vault, sophea: Person, now: datetime
) -> None:
    where = Address(ACCOUNT, "1")
    database.run_now(lambda conn: standing.received(conn, vault, where, now, read=True))
    marks = select(address.c.delivered_at, address.c.read_at)
    assert [tuple(row) for row in database.read_now(lambda conn: conn.execute(marks).all())] == [(None, None)]
    assert database.read_now(lambda conn: standing.receipts(conn, sophea.address_id)) == (None, None)


def test_a_part_goes_again_when_its_person_acted_meanwhile(desk: Desk, sophea: Person, now: datetime) -> None:
    desk.queue(sophea, "a")
    (row,) = desk.claim()
    met = Result(row, "held", WINDOW, standing=Standing())
    assert desk.database.run_now(lambda conn: standing.weighed(conn, [met])) == [met]
    desk.database.run_now(lambda conn: standing.acted(conn, sophea.address_id, now))
    (again,) = desk.database.run_now(lambda conn: standing.weighed(conn, [met]))
    assert (again.state, again.tried) == ("queued", False)


def test_what_was_kept_back_is_listed_queued_again_and_ended(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a", "b", "c", lane=Lane.STAFF)
    for _ in range(3):
        (row,) = desk.claim()
        desk.end(row, "held", reason=WINDOW)
    there = desk.database.read_now(lambda conn: kept_back.waiting(conn, sophea))
    assert len(there) == 3
    desk.database.run_now(lambda conn: kept_back.over(conn, there[:1], "too old"))

    def go(conn: Connection) -> None:
        ids = [one.id for one in there[:0:-1]]
        for seq, part in enumerate(moving.opened(conn, sophea, ids), 9):
            moving.go(conn, sophea, part, (), seq)

    desk.database.run_now(go)
    assert desk.counts() == {"expired": 1, "queued": 2}
    assert causes(desk.claim()) == ["c"], "in the order that was asked for"


def test_somebody_elses_absence_is_another_matter(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a")
    (row,) = desk.claim()
    desk.end(row, "held", reason="another")
    assert desk.database.read_now(lambda conn: kept_back.waiting(conn, sophea)) == []


# --- echoes ---


@pytest.mark.parametrize("state", ["unknown", "queued", "failed"])
def test_an_echo_settles_what_was_open(
    desk: Desk, vault: Vault, sophea: Person, now: datetime, state: Ended
) -> None:
    desk.queue(sophea, "a")
    (row,) = desk.claim()
    desk.end(row, state, reason="the answer was lost")
    assert _echo(desk, vault, row.id, sophea.where, now)
    assert desk.counts() == {"sent": 1}
    assert not _echo(desk, vault, row.id, sophea.where, now), "the second time there is nothing to settle"
    assert desk.claim() == []


def test_an_echo_that_comes_before_the_answer_is_not_undone_by_it(
    desk: Desk, vault: Vault, sophea: Person, now: datetime
) -> None:
    desk.queue(sophea, "a")
    (row,) = desk.claim()
    assert _echo(desk, vault, row.id, sophea.where, now)
    desk.end(row, "queued", reason="the answer was lost")
    assert desk.counts() == {"sent": 1}


def test_an_echo_of_another_address_or_of_what_never_left_is_nothing(
    desk: Desk, vault: Vault, greet: Greet, sophea: Person, now: datetime
) -> None:
    other = greet("93007002")
    (waits,) = desk.queue(sophea, "a")
    assert not _echo(desk, vault, waits.id, sophea.where, now), "it was never tried"
    (row,) = desk.claim()
    desk.end(row, "unknown")
    assert not _echo(desk, vault, row.id, other.where, now)
    assert not _echo(desk, vault, row.id, Address("telegram:7002", sophea.external), now)
    assert not _echo(desk, vault, row.id + 1, sophea.where, now)
    assert desk.counts() == {"unknown": 1}


def test_an_echo_keeps_the_platforms_id_sealed(
    desk: Desk, vault: Vault, sophea: Person, now: datetime
) -> None:
    desk.queue(sophea, "a")
    (row,) = desk.claim()
    _echo(desk, vault, row.id, sophea.where, now)
    sealed = desk.database.read_now(lambda conn: conn.scalar(select(table.c.message)))
    assert sealed is not None
    assert b"m_echo" not in sealed
    assert row.key.open(MESSAGE, row.cause, sealed) == b"m_echo"


def _echo(desk: Desk, vault: Vault, part: int, where: Address, now: datetime) -> bool:
    return desk.database.run_now(lambda conn: settling.settle(conn, vault, part, where, "m_echo", now))


# --- grants ---


def test_a_page_that_nobody_asked_may_nothing(database: Database) -> None:
    assert database.read_now(lambda conn: grants.of(conn, PAGE)) == Grants()
    assert database.read_now(lambda conn: grants.known(conn, PAGE)).probed_at is None


def test_what_a_probe_found_is_kept_for_that_page(database: Database, now: datetime) -> None:
    given = Grants(frozenset({"fair/km"}), human_agent=True)
    database.run_now(lambda conn: grants.put(conn, PAGE, given, now))
    assert database.read_now(lambda conn: grants.of(conn, PAGE)) == given
    assert database.read_now(lambda conn: grants.known(conn, PAGE)).probed_at == now
    assert database.read_now(lambda conn: grants.of(conn, "messenger:105")) == Grants()


def test_templates_without_the_permission_are_known_but_not_used(database: Database, now: datetime) -> None:
    given = Grants(frozenset({"fair/km"}))
    database.run_now(lambda conn: grants.put(conn, PAGE, given, now, utility=False))
    assert database.read_now(lambda conn: grants.of(conn, PAGE)).templates == frozenset()
    assert database.read_now(lambda conn: grants.known(conn, PAGE)).templates == {"fair/km"}


def test_rulings_come_in_any_order_and_again(database: Database, now: datetime) -> None:
    database.run_now(lambda conn: grants.put(conn, PAGE, Grants(), now, utility=True))
    for key, approved in (("a/km", True), ("b/km", True), ("a/km", False), ("a/km", False), ("b/km", True)):
        database.run_now(lambda conn, key=key, on=approved: grants.ruled(conn, PAGE, key, approved=on))  # type: ignore[misc]
    assert database.read_now(lambda conn: grants.of(conn, PAGE)).templates == {"b/km"}
