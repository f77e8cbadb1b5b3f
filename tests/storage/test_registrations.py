"""Who comes, on which seat; and the order of those who wait."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.core.activity import Party
from storage import activities, registrations, seats
from storage.database import Database
from storage.people import Person
from storage.registrations import Booked, Refused
from storage.schema import registration
from tests.storage.hall import HOUR, WEEK, Hall


@pytest.fixture
def hall(database: Database, greet: Callable[[str], Person], now: datetime) -> Hall:
    return Hall(database, greet, now)


# --- seats ---


def test_a_party_is_kept_as_it_is_with_its_needs_sealed(hall: Hall, database: Database) -> None:
    person = hall.who("a")
    party = Party(2, 1, "bakan", childcare=True, mobility=True)

    def ask(conn: Connection) -> Booked | Refused:
        whose = conn, person.key, person.contact.id, hall.fair.id, "bus", party
        return registrations.register(*whose, remind="call", ticket="T1", now=hall.now)  # type: ignore[arg-type]

    became = database.run_now(ask)
    assert isinstance(became, Booked)
    mine = became.registration
    assert (mine.party, mine.seat, mine.remind, mine.ticket) == (party, "held", "call", "T1")
    (needs,) = database.read_now(lambda conn: conn.scalars(select(registration.c.needs)).all())
    assert needs is not None
    assert b"childcare" not in needs
    (listed,) = database.read_now(lambda conn: registrations.by_activity(conn, hall.fair.id))
    assert not listed.registration.party.childcare, "without a key needs stay shut"


def test_full_is_full_and_children_sit_too(hall: Hall) -> None:
    hall.asks("a", 7)
    hall.asks("b", 3)
    assert isinstance(hall.asks("c"), Booked)
    assert hall.seats("a", "b", "c") == ["held", "held", "waiting"]


def test_a_bus_can_be_full_while_the_hall_is_not(hall: Hall) -> None:
    hall.asks("a", 3, "bus")
    hall.asks("b", 2, "bus")
    hall.asks("c", 1, "bus")
    hall.asks("d", 2)
    assert hall.seats("a", "b", "c", "d") == ["held", "waiting", "held", "held"]


def test_maybe_and_cannot_take_no_seat(hall: Hall) -> None:
    hall.asks("a", 10, "maybe")
    hall.asks("b", 10)
    hall.asks("a", 10, "cannot")
    assert hall.seats("a", "b") == ["none", "held"]


def test_where_nobody_counts_everybody_has_a_seat(hall: Hall) -> None:
    hall.fair = hall.publish(replace(hall.sheet, capacity=None))
    hall.asks("a", 500)
    hall.asks("b", 4, "bus")
    hall.asks("c", 1, "bus")
    assert hall.seats("a", "b", "c") == ["held", "held", "waiting"]


# --- who waits ---


def test_a_freed_seat_is_offered_to_the_first_whom_it_is_enough_for(hall: Hall) -> None:
    hall.asks("a", 8)
    hall.asks("b", 2)
    for name, size in (("c", 5), ("d", 2), ("e", 1)):
        hall.asks(name, size)
    hall.asks("b", coming="cannot")
    assert hall.seats("c", "d", "e") == ["waiting", "offered", "waiting"]
    number = hall.who("d").contact.id
    assert hall.due(seats.OFFER) == [(f"{hall.fair.id}:{number}:1", hall.now)]
    lapses = [due for key, due in hall.due(seats.LAPSE) if key.startswith(f"{hall.fair.id}:{number}:")]
    assert lapses == [hall.now + timedelta(hours=24)]


def test_an_offer_is_taken_or_goes_to_the_next(hall: Hall) -> None:
    hall.asks("a", 10)
    for name in ("b", "c", "d"):
        hall.asks(name, 10)
    hall.asks("a", coming="cannot")
    hall.answers("b", taken=False)
    assert hall.seats("b", "c") == ["none", "offered"]
    hall.now += timedelta(hours=24)
    hall.settles()
    assert hall.seats("c", "d") == ["none", "offered"]
    hall.answers("d", taken=True)
    assert hall.seat("d") == "held"
    hall.answers("c", taken=True)
    assert hall.seat("c") == "waiting", "too late, and there is no other"
    assert hall.answers("nobody", taken=True) is None


def test_a_seat_is_offered_no_later_than_three_hours_before(hall: Hall) -> None:
    hall.asks("a", 10)
    hall.asks("b", 1)
    hall.asks("c", 1, "bus")
    hall.now = hall.sheet.starts_at - 5 * HOUR
    hall.asks("a", 8)
    assert hall.seats("b", "c") == ["offered", "waiting"], "the bus leaves two hours before"
    person = hall.who("b")
    mine = hall.database.read_now(
        lambda conn: registrations.of(conn, person.key, person.contact.id, hall.fair.id)
    )
    assert mine is not None
    assert mine.offered_until == hall.sheet.starts_at - 3 * HOUR
    hall.asks("c", 1, "bus")
    assert hall.seat("c") == "held", "who asks gets what is free"


def test_whoever_waits_longer_goes_before_whoever_asks_now(hall: Hall) -> None:
    hall.asks("a", 10)
    hall.asks("b", 1)
    hall.says(replace(hall.sheet, capacity=11))
    hall.asks("c", 1)
    assert hall.seats("b", "c") == ["offered", "waiting"]


def test_less_room_takes_nobodys_seat(hall: Hall) -> None:
    hall.asks("a", 6)
    hall.says(replace(hall.sheet, capacity=4))
    hall.asks("b", 1)
    assert hall.seats("a", "b") == ["held", "waiting"]


def test_an_edit_lets_the_agenda_look_at_the_seats_again(hall: Hall, database: Database) -> None:
    before = len(hall.due(seats.LAPSE))
    database.run_now(
        lambda conn: activities.change(conn, hall.fair.id, hall.now, sheet=replace(hall.sheet, capacity=9))
    )
    assert [due for _, due in hall.due(seats.LAPSE)][before:] == [hall.now]


# --- changing one's mind ---


def test_whoever_asks_for_more_than_there_is_keeps_what_they_have(hall: Hall) -> None:
    hall.asks("a", 2)
    hall.asks("b", 6)
    became = hall.asks("a", 5)
    assert isinstance(became, Booked)
    assert (became.room, became.registration.party.adults) == (4, 2)
    again = hall.asks("a", 4)
    assert isinstance(again, Booked)
    assert (again.room, again.registration.party.adults, again.registration.seat) == (None, 4, "held")
    assert again.registration.ticket == "Ta"


def test_a_waiting_party_keeps_its_place_when_it_changes(hall: Hall) -> None:
    hall.asks("a", 10)
    hall.asks("b", 5)
    hall.asks("c", 3)
    hall.asks("b", 3)
    hall.asks("a", 7)
    assert hall.seats("b", "c") == ["offered", "waiting"]


def test_whoever_came_back_waits_as_the_last(hall: Hall) -> None:
    hall.asks("a", 10)
    hall.asks("b", 1)
    hall.asks("c", 1)
    hall.asks("b", coming="maybe")
    hall.asks("b", 1)
    hall.asks("a", 9)
    assert hall.seats("c", "b") == ["offered", "waiting"]


def test_what_is_not_open_takes_nobody(hall: Hall, database: Database) -> None:
    assert hall.asks("a", 1, "bus", "elsewhere") is Refused.BUS
    hall.now = hall.sheet.starts_at - HOUR
    assert hall.asks("a", 1, "bus") is Refused.BUS, "it has left"
    hall.now = hall.sheet.ends_at
    assert hall.asks("a") is Refused.CLOSED
    hall.now = hall.sheet.starts_at - WEEK
    database.run_now(lambda conn: activities.change(conn, hall.fair.id, hall.now, state="cancelled"))
    assert hall.asks("a") is Refused.CLOSED


def test_a_party_of_nobody_is_no_party(hall: Hall) -> None:
    with pytest.raises(ValueError, match="nobody"):
        hall.asks("a", 0)


def test_of_whoever_is_forgotten_nothing_is_left_and_the_seat_goes_on(hall: Hall, database: Database) -> None:
    hall.asks("a", 10)
    hall.asks("b", 2)
    gone = hall.who("a").contact.id
    database.run_now(lambda conn: registrations.forget(conn, gone, hall.now))
    assert database.read_now(lambda conn: registrations.of_person(conn, None, gone)) == []
    hall.settles()
    assert hall.seat("b") == "offered"


# --- counting ---


def test_staff_read_who_comes(hall: Hall, database: Database) -> None:
    hall.asks("a", 2, "bus")
    hall.asks("b", 3)
    hall.asks("c", 9)
    counted = database.read_now(lambda conn: registrations.counts(conn, hall.fair.id))
    assert [(one.coming, one.seat, one.stop, one.parties, one.adults) for one in counted] == [
        ("bus", "held", "bakan", 1, 2),
        ("come", "held", "", 1, 3),
        ("come", "waiting", "", 1, 9),
    ]
    listed = database.read_now(lambda conn: registrations.by_activity(conn, hall.fair.id, limit=2))
    rest = database.read_now(
        lambda conn: registrations.by_activity(conn, hall.fair.id, after=listed[-1].contact_id)
    )
    assert [one.line for one in (*listed, *rest)] == [None, None, 1]
