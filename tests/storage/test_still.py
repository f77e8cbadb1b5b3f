"""What is to leave no more, at the very moment when a sender claims it or gives it back."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, select

from bot.core.contact import Address
from storage import broadcast_still, outbox, people
from storage.database import Database
from storage.outbox import Lane, OutRow, Result
from storage.schema import outbox as table
from storage.seal import Vault
from storage.statement import Params, Statement
from storage.taken_back import take_back
from tests.storage.desk import ACCOUNT, MINUTE, Desk
from tests.storage.racing import PATIENCE, until_somebody_waits


class Way(NamedTuple):
    """How something is kept from leaving, and how it then stands."""

    cause: str
    lane: Lane
    stop: Callable[[Connection, datetime], object]
    stands: str


WAYS = (
    Way("activity:7:-7d:1", Lane.REMINDER, lambda conn, _: take_back(conn, "activity:7:"), "cancelled"),
    Way("broadcast:7:1", Lane.BROADCAST, lambda conn, _: broadcast_still.hold(conn, 7), "queued"),
    Way("broadcast:7:1", Lane.BROADCAST, lambda conn, now: broadcast_still.cancel(conn, 7, now), "cancelled"),
)
still = pytest.mark.parametrize("way", WAYS[1:], ids=["paused", "stopped"])
each_way = pytest.mark.parametrize("way", WAYS, ids=["taken back", "paused", "stopped"])


@pytest.fixture
def desk(two: tuple[Database, Database], vault: Vault, now: datetime) -> Desk:
    """On PostgreSQL, where several are at it in one moment."""
    return Desk(two[0], vault, now)


@pytest.fixture
def alone(database: Database, vault: Vault, now: datetime) -> Desk:
    """On each database."""
    return Desk(database, vault, now)


def waiting(desk: Desk, way: Way) -> None:
    where = Address(ACCOUNT, "93007001")
    person = desk.database.run_now(lambda conn: people.greet(conn, desk.vault, where, "km", desk.now))
    desk.queue(person, way.cause, lane=way.lane)


def meanwhile(
    two: tuple[Database, Database], desk: Desk, way: Way, act: Callable[[Connection], list[OutRow]]
) -> list[OutRow]:
    """A sender acts, and before that is committed somebody stops what it acts on."""
    stopping = threading.Thread(target=lambda: two[1].run_now(lambda conn: way.stop(conn, desk.now)))

    def work(conn: Connection) -> list[OutRow]:
        rows = act(conn)
        stopping.start()
        until_somebody_waits(conn)
        return rows

    rows = two[0].run_now(work)
    stopping.join(PATIENCE)
    return rows


def stands(desk: Desk) -> tuple[str, int]:
    row = desk.database.read_now(lambda conn: conn.execute(select(table.c.state, table.c.tries)).one())
    return row.state, row.tries


@each_way
def test_what_is_claimed_in_that_moment_does_not_leave(
    two: tuple[Database, Database], desk: Desk, way: Way
) -> None:
    waiting(desk, way)
    until = desk.now + MINUTE
    (row,) = meanwhile(
        two, desk, way, lambda conn: outbox.claim(conn, desk.vault, ACCOUNT, "w1", desk.now, until, 9)
    )
    assert stands(desk)[0] == way.stands
    assert desk.begin(row) == [False]
    assert desk.claim("w2") == []


@each_way
def test_what_comes_back_in_that_moment_does_not_leave(
    two: tuple[Database, Database], desk: Desk, way: Way
) -> None:
    waiting(desk, way)
    (row,) = desk.claim()

    def give_back(conn: Connection) -> list[OutRow]:
        outbox.finish(conn, [Result(row, "queued", "429", tried=False)], desk.now)
        return [row]

    meanwhile(two, desk, way, give_back)
    assert stands(desk) == (way.stands, 0)
    assert desk.claim("w2") == []


@each_way
def test_what_is_begun_in_that_moment_leaves_once_and_comes_back_to_nobody(
    two: tuple[Database, Database], desk: Desk, way: Way
) -> None:
    waiting(desk, way)
    (row,) = desk.claim()

    def begin(conn: Connection) -> list[OutRow]:
        assert outbox.begun(conn, row, desk.now)
        return [row]

    meanwhile(two, desk, way, begin)
    assert stands(desk) == ("sending", 1)
    if way.lane == Lane.BROADCAST:  # of an activity, whoever takes back looks again (`planning.stale`)
        desk.end(row, "queued", reason="429", tried=False, not_before=desk.now)
        desk.now += MINUTE
        desk.database.run_now(lambda conn: outbox.expire(conn, desk.now))
        assert desk.claim("w2") == []


@still
def test_what_comes_back_from_the_wire_in_that_moment_does_not_leave(
    two: tuple[Database, Database], desk: Desk, way: Way
) -> None:
    waiting(desk, way)
    (row,) = desk.claim()
    assert desk.begin(row) == [True]

    def answer(conn: Connection) -> list[OutRow]:
        outbox.finish(conn, [Result(row, "queued", "429")], desk.now)
        return [row]

    meanwhile(two, desk, way, answer)
    assert stands(desk) == (way.stands, 1)
    assert desk.claim("w2") == []


@still
def test_what_comes_back_from_the_wire_between_two_statements_does_not_leave(
    alone: Desk, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the platform answered as soon as the first of them was done."""
    waiting(alone, way)
    (row,) = alone.claim()
    assert alone.begin(row) == [True]
    run, ran = Statement.run, []

    def and_then(one: Statement, conn: Connection, params: Params) -> int:
        touched = run(one, conn, params)
        ran.append(one)
        if len(ran) == 1:
            outbox.finish(conn, [Result(row, "queued", "429")], alone.now)
        return touched

    with monkeypatch.context() as patched:
        patched.setattr(Statement, "run", and_then)
        alone.database.run_now(lambda conn: way.stop(conn, alone.now))
    assert ran
    assert alone.claim("w2") == []
