"""Seats are never given twice, and nobody waits while one that is enough for them is free."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from bot.core.activity import Coming, Party
from storage import activities, people, registrations
from storage.database import Database
from storage.people import Person
from storage.registration_rows import Listed
from storage.seal import Vault
from tests.storage.desk import ACCOUNT
from tests.storage.hall import HOUR, Hall
from tests.storage.racing import until_somebody_waits

STEPS = 60
NAMES = "abcdefghijklmno"
COMING: tuple[Coming, ...] = ("come", "come", "bus", "bus", "maybe", "cannot")
TAKES = ("held", "offered")


def listed(hall: Hall) -> list[Listed]:
    return hall.database.read_now(lambda conn: registrations.by_activity(conn, hall.fair.id))


def never_more_than_there_are(hall: Hall, room: int) -> tuple[int, int]:
    """By adding up; how many seats are free, and how many in the bus."""
    all_, bus = room, 4
    for one in listed(hall):
        if one.registration.seat in TAKES:
            all_ -= one.registration.party.size
            bus -= one.registration.party.size if one.registration.coming == "bus" else 0
    assert all_ >= 0
    assert bus >= 0
    return all_, bus


def nobody_waits_in_vain(hall: Hall, room: int) -> None:
    left, in_bus = never_more_than_there_are(hall, room)
    for one in listed(hall):
        party, waits = one.registration.party, one.registration.seat == "waiting"
        assert (one.line is not None) == waits
        fits = party.size <= left and (not party.stop or party.size <= in_bus)
        assert not (waits and fits), f"contact {one.contact_id} waits beside {left} free seats"


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_do_the_seats_add_up(
    database: Database, greet: Callable[[str], Person], now: datetime, seed: int
) -> None:
    hall, chance, room = Hall(database, greet, now), Random(seed), 10  # noqa: S311 - to be had again
    for _ in range(STEPS):
        name = chance.choice(NAMES)
        match chance.choice(("asks", "asks", "asks", "asks", "takes", "leaves", "waits", "more room")):
            case "asks":
                hall.asks(name, chance.randint(1, 5), chance.choice(COMING))
            case "takes":
                hall.answers(name, taken=True)
            case "leaves":
                hall.answers(name, taken=False)
            case "waits":
                hall.now += timedelta(hours=chance.choice((1, 5)))
                hall.settles()
            case _:
                room = min(room + 1, 14)
                hall.says(replace(hall.sheet, capacity=room))
        nobody_waits_in_vain(hall, room)
    assert len(Counter(one.registration.seat for one in listed(hall))) >= 2, "the chances were too few"


def test_two_processes_give_no_seat_twice(
    two: tuple[Database, Database], vault: Vault, now: datetime
) -> None:
    """Thirty parties of one or two ask at the same time for ten seats, four of them in the bus."""

    def greet(external: str) -> Person:
        where = people.Address(ACCOUNT, external)
        return two[0].run_now(lambda conn: people.greet(conn, vault, where, "km", now))

    hall, start, crowd = Hall(two[0], greet, now), threading.Barrier(6), [f"{nth:02}" for nth in range(30)]
    for name in crowd:
        hall.who(name)

    def asks(nth: int) -> None:
        start.wait()
        for at, name in enumerate(crowd[nth::6]):
            person, coming = hall.who(name), ("come", "bus")[at % 2]
            whose = person.key, person.contact.id, hall.fair.id, coming, Party(1 + at % 2, stop="bakan")
            two[nth % 2].run_now(
                lambda conn, whose=whose: registrations.register(  # type: ignore[misc]
                    conn, *whose, remind="app", ticket="", now=now
                )
            )

    threads = [threading.Thread(target=asks, args=(nth,)) for nth in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(listed(hall)) == 30
    nobody_waits_in_vain(hall, 10)
    lines = [one.line for one in listed(hall) if one.line is not None]
    assert len(lines) == len(set(lines)), "each has a place of their own"


def test_an_edit_waits_for_whoever_is_registering(
    two: tuple[Database, Database], vault: Vault, now: datetime
) -> None:
    """Less room and a registration at the same time: the registration is reckoned with one of both."""

    def greet(external: str) -> Person:
        where = people.Address(ACCOUNT, external)
        return two[0].run_now(lambda conn: people.greet(conn, vault, where, "km", now))

    hall = Hall(two[0], greet, now)
    hall.asks("00", 5)
    person = hall.who("01")
    locked, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        def work(conn: object) -> None:
            activities.lock(conn, hall.fair.id)  # type: ignore[arg-type]
            locked.set()
            go_on.wait(10)
            sheet = replace(hall.sheet, capacity=5)
            activities.change(conn, hall.fair.id, now, sheet=sheet)  # type: ignore[arg-type]

        two[0].run_now(work)

    editing = threading.Thread(target=slow)
    editing.start()
    locked.wait(10)
    whose = person.key, person.contact.id, hall.fair.id, "come", Party(2)
    asking = threading.Thread(
        target=lambda: two[1].run_now(
            lambda conn: registrations.register(conn, *whose, remind="app", ticket="", now=now)  # type: ignore[arg-type]
        )
    )
    asking.start()
    two[0].read_now(until_somebody_waits)
    go_on.set()
    for one in (editing, asking):
        one.join()
    assert hall.seat("01") == "waiting"


def test_what_is_offered_on_the_last_day_has_an_end(
    database: Database, greet: Callable[[str], Person], now: datetime
) -> None:
    hall = Hall(database, greet, now)
    hall.asks("a", 10)
    hall.asks("b", 10)
    hall.now = hall.sheet.starts_at - 2 * HOUR
    hall.asks("a", coming="cannot")
    assert hall.seat("b") == "waiting", "too late to be asked; whoever comes finds room"
