"""What became of a fair: who is asked, once for each day, what they answer, and how it is counted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import activities, attendance, erasure, outcomes
from storage.database import Database
from storage.outcomes import Counted
from storage.schema import outbox, outcome
from tests.storage.conftest import Greet
from tests.storage.hall import Hall
from tests.storage.purging import House

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def hall(house: House, greet: Greet) -> Hall:
    return Hall(house.database, greet, house.now)


def ids(hall: Hall, *names: str) -> list[int]:
    return sorted(hall.who(name).contact.id for name in names)


def asked(house: House, hall: Hall, day: int, after: int = 0, limit: int = 100) -> list[int]:
    found: list[int] = house.do(outcomes.people, hall.fair.id, day, after, limit)
    return found


def ask(house: House, hall: Hall, day: int, *names: str) -> None:
    causes = [(hall.who(name).contact.id, f"activity:{hall.fair.id}:after{day}:{name}") for name in names]
    house.do(outcomes.ask, hall.fair.id, day, causes, house.now)


def test_whoever_had_a_seat_is_asked_and_nobody_who_said_no_or_waited(house: House, hall: Hall) -> None:
    hall.asks("1", 5)
    hall.asks("2", 5)
    hall.asks("3", 2)
    hall.asks("4", coming="maybe")
    hall.asks("5", coming="cannot")
    assert asked(house, hall, 1) == ids(hall, "1", "2")
    first, second = ids(hall, "1", "2")
    assert asked(house, hall, 1, limit=1) == [first]
    assert asked(house, hall, 1, after=first) == [second]


def test_nobody_is_asked_twice_for_one_day(house: House, hall: Hall) -> None:
    hall.asks("1")
    hall.asks("2")
    ask(house, hall, 1, "1")
    ask(house, hall, 1, "1")
    assert house.rows(outcome) == 1
    assert asked(house, hall, 1) == ids(hall, "2")
    assert asked(house, hall, 14) == ids(hall, "1", "2")


def test_an_answer_is_kept_for_the_day_that_asked_and_for_no_other(house: House, hall: Hall) -> None:
    hall.asks("1")
    ask(house, hall, 1, "1")
    who = hall.who("1").contact.id
    assert house.do(outcomes.work, hall.fair.id, who, 1, "no", house.now)
    assert house.do(outcomes.work, hall.fair.id, who, 1, "offer", house.now + HOUR)
    assert not house.do(outcomes.work, hall.fair.id, who, 14, "yes", house.now)
    assert house.do(outcomes.answered, hall.fair.id, who, 1, house.now)
    assert not house.do(outcomes.answered, hall.fair.id + 1, who, 1, house.now)
    (kept,) = house.do(outcomes.of_person, who)
    assert (kept.day, kept.work, kept.answered_at) == (1, "offer", house.now)


def test_asked_reached_and_answered_are_counted_day_by_day(house: House, hall: Hall) -> None:
    for name in ("1", "2", "3", "4"):
        hall.asks(name)
    ask(house, hall, 1, "1", "2", "3", "4")
    ask(house, hall, 14, "1")
    number = hall.fair.id

    def sent(name: str, state: str) -> None:
        person = hall.who(name)
        cells = {"contact_id": person.contact.id, "address_id": person.address_id, "seq": 1, "lane": 2}
        cells |= {"account_id": person.account_id, "not_before": house.now, "created_at": house.now}
        values = cells | {"cause": f"activity:{number}:after1:{name}", "state": state}
        house.database.run_now(lambda conn: conn.execute(outbox.insert().values(**values)))

    sent("1", "sent")
    sent("2", "failed")
    sent("3", "unknown")
    house.do(outcomes.work, number, hall.who("1").contact.id, 1, "yes", house.now)
    house.do(outcomes.work, number, hall.who("3").contact.id, 1, "no", house.now)
    house.do(outcomes.count_money, number, 1)
    house.do(outcomes.count_money, number, 14)
    house.do(outcomes.count_money, number, 14)
    assert house.do(outcomes.counted, number) == [
        Counted(1, asked=4, reached=2, answered=2, work=1, offer=0, none=1, money=1),
        Counted(14, asked=1, reached=0, answered=0, work=0, offer=0, none=0, money=2),
    ]


def test_whoever_came_without_a_seat_is_asked_too(house: House, hall: Hall, database: Database) -> None:
    hall.asks("1", coming="maybe")
    who = hall.who("1").contact.id
    assert asked(house, hall, 1) == []
    database.run_now(lambda conn: attendance.came(conn, hall.fair.id, who, house.now))
    assert asked(house, hall, 1) == [who]


def test_only_what_was_shown_and_not_called_off_is_asked_about(house: House, hall: Hall) -> None:
    ends = hall.sheet.ends_at

    def known() -> list[int]:
        return [one for one, _ in house.do(outcomes.ended, ends, ends - DAY)]

    assert known() == [hall.fair.id]
    assert house.do(outcomes.ended, ends - HOUR, ends - DAY) == []
    house.do(activities.change, hall.fair.id, house.now, state="done")
    assert known() == [hall.fair.id]
    house.do(activities.make, "fair", "pursat", hall.sheet, house.now)
    house.do(activities.change, hall.fair.id, house.now, state="cancelled")
    assert known() == []


def test_what_somebody_answered_goes_with_them(house: House, hall: Hall) -> None:
    hall.asks("1")
    ask(house, hall, 1, "1")
    house.do(erasure.erase, hall.who("1").contact.id, house.now)
    assert house.database.read_now(lambda conn: conn.execute(select(outcome)).all()) == []
