"""Two at one activity in the same instant, on PostgreSQL: the second waits its turn and nothing breaks."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.core.activity import Party
from storage import activities, erasure, people, registrations, reminders, seats
from storage.database import Database
from storage.people import Person
from storage.seal import Vault
from tests.storage.desk import ACCOUNT
from tests.storage.hall import Hall
from tests.storage.racing import PATIENCE, until_somebody_waits


@pytest.fixture
def hall(two: tuple[Database, Database], vault: Vault, now: datetime) -> Hall:
    def greet(external: str) -> Person:
        where = people.Address(ACCOUNT, external)
        return two[0].run_now(lambda conn: people.greet(conn, vault, where, "km", now))

    return Hall(two[0], greet, now)


def test_two_who_were_just_shown_it_register_at_once(
    hall: Hall, two: tuple[Database, Database], now: datetime
) -> None:
    """What each was shown is noted before their answer, in the same transaction: no deadlock, no retry."""
    shown, tries = threading.Barrier(2, timeout=PATIENCE), {"a": 0, "b": 0}

    def answer(conn: Connection, name: str) -> None:
        tries[name] += 1
        person = hall.who(name)
        whose, ticket = (person.key, person.contact.id, hall.fair.id), f"T{name}"
        activities.tell(conn, person.contact.id, [(hall.fair.id, 2)], now)
        if tries[name] == 1:
            shown.wait()
        registrations.register(conn, *whose, "come", Party(1), remind="app", ticket=ticket, now=now)

    def asks(door: Database, name: str) -> None:
        door.run_now(lambda conn: answer(conn, name))

    hall.who("a")
    hall.who("b")
    threads = [threading.Thread(target=asks, args=one) for one in zip(two, "ab", strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert hall.seats("a", "b") == ["held", "held"]
    assert tries == {"a": 1, "b": 1}, "nobody was turned back by a deadlock"


def test_who_is_shown_it_in_the_moment_of_a_change_is_known_to_whoever_corrects(
    hall: Hall, two: tuple[Database, Database], now: datetime
) -> None:
    """The change waits until that is written: nobody stands between the old words and their correction."""
    later, known = replace(hall.sheet, starts_at=hall.sheet.starts_at + timedelta(hours=1)), []

    def change(conn: Connection) -> None:
        held = activities.lock(conn, hall.fair.id, alone=True)
        assert held is not None
        known.extend(reminders.told(conn, held.id, 0, 9))
        activities.change(conn, held.id, now, sheet=later)

    changing = threading.Thread(target=lambda: two[1].run_now(change))

    def shown(conn: Connection) -> int:
        who = hall.who("a").contact.id
        activities.tell(conn, who, [(hall.fair.id, 2)], now)
        assert activities.behind(conn, {hall.fair.id: 2}) == []
        changing.start()
        until_somebody_waits(conn)
        return who

    who = two[0].run_now(shown)
    changing.join(PATIENCE)
    assert known == [(who, 2)]


def test_an_import_that_hands_it_over_and_changes_it_meets_who_is_just_registering(
    hall: Hall, two: tuple[Database, Database], now: datetime
) -> None:
    """It takes its lock once, as strong as it needs it: no deadlock, nobody is turned back."""
    later, tries = replace(hall.sheet, starts_at=hall.sheet.starts_at + timedelta(hours=1)), [0, 0]
    who = hall.who("a").contact.id
    held = threading.Event()

    def imports(conn: Connection) -> None:
        tries[0] += 1
        activities.hand_to(conn, hall.fair.id, "fair", "battambang", now)
        held.set()
        until_somebody_waits(conn)
        activities.change(conn, hall.fair.id, now, sheet=later)

    importing = threading.Thread(target=lambda: two[1].run_now(imports))

    def registers(conn: Connection) -> None:
        tries[1] += 1
        activities.tell(conn, who, [(hall.fair.id, 2)], now)
        activities.lock(conn, hall.fair.id)

    importing.start()
    assert held.wait(PATIENCE)
    two[0].run_now(registers)
    importing.join(PATIENCE)
    assert tries == [1, 1]


def test_a_freed_seat_passes_over_who_is_being_erased(
    hall: Hall, two: tuple[Database, Database], now: datetime
) -> None:
    hall.asks("a", 10)
    hall.asks("b", 2)
    hall.asks("c", 2)
    room = replace(hall.sheet, capacity=12)
    hall.database.run_now(lambda conn: activities.change(conn, hall.fair.id, now, sheet=room))
    offered: list[tuple[int, ...]] = []

    def settle(conn: Connection) -> tuple[int, ...]:
        held = activities.lock(conn, hall.fair.id)
        assert held is not None
        return seats.settle(conn, held, now)

    settling = threading.Thread(target=lambda: offered.append(two[1].run_now(settle)))

    def erase(conn: Connection) -> None:
        erasure.erase(conn, hall.who("b").contact.id, now)
        settling.start()
        until_somebody_waits(conn)

    two[0].run_now(erase)
    settling.join(PATIENCE)
    assert offered == [(hall.who("c").contact.id,)]
    assert hall.seat("c") == "offered"
