"""What somebody wants to hear of: kept once, ended by purpose, gone with them, and only with them."""

import pytest
from sqlalchemy import select

from bot.core.activity import KINDS, Follow
from storage import erasure, outbox, people, registrations, seats, sharing, subscriptions
from storage.outbox import Draft, Lane
from storage.people import Person
from storage.schema import metadata
from storage.schema import outbox as parts
from tests.storage.conftest import Greet
from tests.storage.hall import Hall
from tests.storage.purging import House

FAIRS, NEAR = Follow("fairs", "15"), Follow("fairs", "1501")
JOBS = Follow("jobs", "15", "construction")


@pytest.fixture
def hall(house: House, greet: Greet) -> Hall:
    return Hall(house.database, greet, house.now)


def wants(house: House, whose: Person) -> list[Follow]:
    found: list[Follow] = house.do(subscriptions.of_person, whose.contact.id)
    return found


def test_what_somebody_wants_is_kept_once_and_left_alone(house: House, sophea: Person) -> None:
    who = sophea.contact.id
    assert house.do(subscriptions.follow, who, FAIRS, house.now)
    assert not house.do(subscriptions.follow, who, FAIRS, house.now)
    house.do(subscriptions.follow, who, NEAR, house.now)
    house.do(subscriptions.follow, who, JOBS, house.now)
    assert house.do(subscriptions.leave, who, FAIRS)
    assert not house.do(subscriptions.leave, who, FAIRS)
    assert wants(house, sophea) == [NEAR, JOBS]


def test_a_no_to_one_purpose_ends_that_and_a_no_to_all_ends_all(
    house: House, sophea: Person, greet: Greet
) -> None:
    other = greet("2")
    for whose in (sophea, other):
        for one in (FAIRS, NEAR, JOBS):
            house.do(subscriptions.follow, whose.contact.id, one, house.now)
    assert house.do(subscriptions.end, sophea.contact.id, "fairs") == 2
    assert wants(house, sophea) == [JOBS]
    assert house.do(subscriptions.end, sophea.contact.id) == 1
    assert wants(house, sophea) == []
    assert wants(house, other) == [FAIRS, NEAR, JOBS]


def test_nobody_wants_more_than_can_be_meant(house: House, sophea: Person) -> None:
    for code in range(subscriptions.AT_MOST):
        house.do(subscriptions.follow, sophea.contact.id, Follow("fairs", f"{1500 + code}"), house.now)
    assert not house.do(subscriptions.follow, sophea.contact.id, JOBS, house.now)
    assert len(wants(house, sophea)) == subscriptions.AT_MOST


def test_hours_are_any_until_somebody_chooses_and_the_last_choice_stands(
    house: House, sophea: Person
) -> None:
    assert house.do(subscriptions.hours_of, sophea.contact.id) == "any"
    for hours in ("morning", "evening"):
        house.do(subscriptions.set_hours, sophea.contact.id, hours)
    assert house.do(subscriptions.hours_of, sophea.contact.id) == "evening"


def test_only_what_comes_because_they_follow_it_is_taken_back(
    house: House, sophea: Person, hall: Hall, greet: Greet
) -> None:
    other, number = greet("2"), hall.fair.id
    news = f"activity:{number}:new:{sophea.contact.id}"
    match = f"match:2026-W48:{sophea.contact.id}"
    reminder = f"activity:{number}:-7d:{sophea.contact.id}"
    for seq, cause in enumerate((news, match, reminder), 1):
        house.do(outbox.add, sophea, [Draft(cause, Lane.REMINDER, b"{}")], first_seq=seq, now=house.now)
    theirs = Draft(f"activity:{number}:new:{other.contact.id}", Lane.REMINDER, b"{}")
    house.do(outbox.add, other, [theirs], first_seq=1, now=house.now)
    waiting = subscriptions.waiting
    assert house.do(waiting, sophea.contact.id, KINDS, matches=True) == [news, match]
    assert house.do(waiting, sophea.contact.id, ("fair",), matches=False) == [news]
    assert house.do(waiting, sophea.contact.id, ("course",), matches=False) == []
    house.database.run_now(lambda conn: conn.execute(parts.update().values(state="sent")))
    assert house.do(waiting, sophea.contact.id, KINDS, matches=True) == []


def test_whoever_is_erased_leaves_nothing_and_gives_back_their_seat(house: House, hall: Hall) -> None:
    hall.asks("1", 10)
    hall.asks("2", 3)
    assert hall.seats("2") == ["waiting"]
    gone = hall.who("1").contact.id
    house.do(subscriptions.follow, gone, FAIRS, house.now)
    house.do(subscriptions.set_hours, gone, "morning")
    house.do(erasure.erase, gone, house.now)
    for name, table in metadata.tables.items():
        if "contact_id" in table.c:
            left = house.do(lambda conn, of: conn.execute(select(of).where(of.c.contact_id == gone)), table)
            assert not left.all(), name
    assert [key for key, _ in hall.due(seats.LAPSE)] != []
    hall.settles()
    assert hall.seats("2") == ["offered"]


def test_somebody_new_at_a_shared_phone_is_not_taken_for_who_registered(
    house: House, hall: Hall, sophea: Person
) -> None:
    house.agree(sophea, "help")
    house.do(sharing.hand_over, house.vault, sophea, None, "km", house.now)
    newcomer = house.do(sharing.everybody_at, house.vault, sophea.where)[-1]
    assert house.do(sharing.blank, newcomer)
    house.do(subscriptions.follow, newcomer, FAIRS, house.now)
    assert not house.do(sharing.blank, newcomer)
    house.do(subscriptions.end, newcomer)
    hall.people["9"] = house.do(people.by_id, house.vault, newcomer)
    hall.asks("9")
    assert not house.do(sharing.blank, newcomer)
    house.do(registrations.forget, newcomer, house.now)
    assert house.do(sharing.blank, newcomer)
