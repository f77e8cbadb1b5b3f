"""One account's pace, shared by all who send for it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.core import pace as pacing
from bot.core.pace import Limits, Pace, Taken
from storage import pace
from storage.database import Database
from storage.pace import Clock, database_clock
from storage.people import Person
from tests.storage.desk import Desk

ACCOUNT = "telegram:7001"
LIMITS = Limits(25.0)
SECOND = timedelta(seconds=1)


def standing_still(at: datetime) -> Clock:
    return lambda _conn: at


def ask(database: Database, clock: Clock, *, bulk: bool = False) -> Taken:
    return database.run_now(lambda conn: pace.take(conn, ACCOUNT, LIMITS, clock, bulk=bulk))


def happens(database: Database, clock: Clock, how: Callable[[Pace, datetime], Pace]) -> pace.Changed:
    return database.run_now(lambda conn: pace.change(conn, ACCOUNT, LIMITS, clock, how))


def test_an_account_that_never_sent_has_no_pace(database: Database) -> None:
    assert database.read_now(lambda conn: pace.of(conn, ACCOUNT)) is None
    assert database.read_now(pace.all_) == {}


def test_what_was_taken_is_gone_for_everybody(database: Database, now: datetime) -> None:
    here = standing_still(now)
    assert ask(database, here).wait == 0
    assert ask(database, here).wait > 0
    assert ask(database, standing_still(now + SECOND)).wait == 0
    row = database.read_now(lambda conn: pace.of(conn, ACCOUNT))
    assert row is not None
    assert (row.tokens, row.at) == (1.0, now + SECOND)
    assert database.read_now(pace.all_) == {ACCOUNT: row}


def test_a_pause_holds_for_everybody_and_ends(database: Database, now: datetime) -> None:
    ask(database, standing_still(now))
    changed = happens(database, standing_still(now), lambda known, at: pacing.throttled(known, at, 35))
    assert (changed.before.paused_until, changed.at) == (None, now)
    told = ask(database, standing_still(now + 34 * SECOND))
    assert (told.wait, told.until) == (1.0, now + 35 * SECOND)
    assert ask(database, standing_still(now + 35 * SECOND)).wait == 0


def test_a_stop_tells_why_and_lets_one_probe_through(database: Database, now: datetime) -> None:
    happens(database, standing_still(now), lambda known, at: pacing.stopped(known, at, "bad-token"))
    row = database.read_now(lambda conn: pace.of(conn, ACCOUNT))
    assert row is not None
    assert (row.stopped, row.stops) == ("bad-token", 1)
    due = standing_still(now + pacing.PROBE_FIRST)
    assert [ask(database, due).until is None for _ in range(2)] == [True, False]


def test_what_one_process_knows_can_be_written_down_twice(database: Database, now: datetime) -> None:
    known = pacing.throttled(pacing.first(LIMITS, now), now, 60)
    for one in (pacing.first(LIMITS, now), known):
        database.run_now(lambda conn, one=one: pace.put(conn, ACCOUNT, one, now))
    assert database.read_now(lambda conn: pace.of(conn, ACCOUNT)) == known


def test_two_who_race_get_together_what_one_would(database: Database, store_url: str, now: datetime) -> None:
    """Two connections ask forty times each within a second: together at most what one account may."""
    other = database if database.dialect == "sqlite" else Database.open(store_url)
    granted: list[datetime] = []

    def race(door: Database) -> None:
        for turn in range(40):
            at = now + turn * timedelta(milliseconds=25)
            if not ask(door, standing_still(at)).wait:
                granted.append(at)

    racers = [threading.Thread(target=race, args=(door,)) for door in (database, other)]
    for one in racers:
        one.start()
    for one in racers:
        one.join()
    if other is not database:
        other.close_now()
    row = database.read_now(lambda conn: pace.of(conn, ACCOUNT))
    assert row is not None
    assert 20 <= len(granted) <= 1 + 25.5 - row.tokens


def test_the_first_ask_of_two_makes_one_row(database: Database, store_url: str, now: datetime) -> None:
    other = database if database.dialect == "sqlite" else Database.open(store_url)
    start = threading.Barrier(2)
    waits: list[float] = []

    def race(door: Database) -> None:
        start.wait()
        waits.append(ask(door, standing_still(now)).wait)

    racers = [threading.Thread(target=race, args=(door,)) for door in (database, other)]
    for one in racers:
        one.start()
    for one in racers:
        one.join()
    if other is not database:
        other.close_now()
    assert sorted(wait > 0 for wait in waits) == [False, True]


def test_postgresql_tells_the_time_for_all(postgres_store_url: str) -> None:
    database = Database.open(postgres_store_url)
    try:
        early = datetime.now(UTC)
        told = [database.run_now(database_clock) for _ in range(2)]
        assert early - timedelta(minutes=1) < told[0] < told[1] < datetime.now(UTC) + timedelta(minutes=1)
        assert ask(database, database_clock).wait == 0
        held = happens(database, database_clock, lambda known, at: pacing.throttled(known, at, 3600)).after
        assert held.paused_until is not None
        assert ask(database, database_clock).until == held.paused_until
    finally:
        database.close_now()


def test_an_account_of_the_store_may_be_unknown_to_the_pace(database: Database, now: datetime) -> None:
    def both(conn: Connection) -> list[str]:
        pace.put(conn, "messenger:1", pacing.first(LIMITS, now), now)
        pace.put(conn, ACCOUNT, pacing.first(LIMITS, now), now)
        return sorted(pace.all_(conn))

    assert database.run_now(both) == ["messenger:1", ACCOUNT]


def test_what_left_for_a_person_lately_is_known_to_every_process(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, *(f"c{at}" for at in range(10)))
    for _ in range(10):
        row = desk.claim(limit=1)[0]
        desk.end(row)
        desk.now += SECOND

    def read(account: str) -> tuple[datetime, ...]:
        return desk.database.read_now(lambda conn: pace.lately(conn, account, sophea.contact.id))

    found = read(ACCOUNT)
    assert len(found) == pace.REMEMBERED
    assert found == tuple(sorted(found))
    assert found[-1] == desk.now - SECOND
    assert read("messenger:1") == ()
