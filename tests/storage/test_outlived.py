"""What outlives its use goes with the purge; what is still of use, and what keeps a promise, stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.core.enclosing import Enclosure, judge
from storage import activities, agenda, doing, enclosures, outcomes, reminders, staff
from storage.schema import activity_missed, activity_told, broadcast, enclosure, outcome, registration
from storage.schema import agenda as later
from storage.schema import staff as members
from tests.picture import png
from tests.storage.conftest import Greet
from tests.storage.hall import Hall
from tests.storage.purging import DAY, HOUR, House

YEARS = 2 * 365 * DAY
TOLD = (activity_told, activity_missed, outcome)


@pytest.fixture
def hall(house: House, greet: Greet) -> Hall:
    """Somebody comes, was told, was missed once, and was asked afterwards."""
    made = Hall(house.database, greet, house.now)
    made.asks("1")
    whose, number = made.who("1").contact.id, made.fair.id
    house.do(activities.tell, whose, [(number, 2)], house.now, "c")
    house.do(reminders.miss, number, "-7d", [(whose, "no channel")], house.now)
    house.do(outcomes.ask, number, 1, [(whose, "d")], house.now)
    house.do(agenda.once, "activity.after", f"{number}:1", house.now)
    house.agree(made.who("1"), "help", "messages")
    return made


def test_two_years_after_its_end_nothing_tells_who_was_told_of_it(house: House, hall: Hall) -> None:
    over = hall.sheet.ends_at - house.now + YEARS
    assert house.purge(over - HOUR).told == 0
    assert [house.rows(one) for one in TOLD] == [1, 1, 1]
    assert house.purge(over).told == 3
    assert [house.rows(one) for one in TOLD] == [0, 0, 0]
    assert house.rows(registration) == 1
    assert house.rows(later) == 1, "its key stays taken"


def picture(house: House) -> str:
    found = judge(png())
    assert isinstance(found, Enclosure)
    house.do(enclosures.put, found, house.now)
    return found.content


def test_a_picture_that_no_announcement_shows_goes_after_a_week(house: House) -> None:
    picture(house)
    assert house.purge(7 * DAY - HOUR).enclosures == 0
    assert house.purge(7 * DAY).enclosures == 1
    assert house.rows(enclosure) == 0


@pytest.mark.parametrize("column", ["picture", "voice"])
def test_one_that_an_announcement_shows_stays(house: House, column: str) -> None:
    cells = {"name": "n", "state": "draft", "purpose": "news", "segment": "{}", column: picture(house)}
    times = {"created_at": house.now, "changed_at": house.now}
    house.do(lambda conn: conn.execute(broadcast.insert().values(cells | times)))
    assert house.purge(70 * DAY).enclosures == 0
    assert house.rows(enclosure) == 1


def test_one_that_is_given_again_is_as_new(house: House) -> None:
    picture(house)
    house.now += 6 * DAY
    picture(house)
    assert house.purge(6 * DAY).enclosures == 0
    assert house.purge(7 * DAY).enclosures == 1


def test_what_staff_wrote_for_a_fair_does_not_outlast_its_half_hour(house: House, greet: Greet) -> None:
    contact_id = greet("1").contact.id
    house.do(staff.add, "dara", (), house.now)
    house.do(lambda conn: conn.execute(update(members).values(contact_id=contact_id)))
    house.do(doing.ask, contact_id, 'fair:0:where {"title": "Bakan"}', house.now)
    assert house.do(doing.forget_old, house.now + doing.LASTS - timedelta(minutes=1)) == 0
    assert house.do(doing.forget_old, house.now + doing.LASTS) == 1
    left = select(members.c.doing, members.c.doing_until)
    assert house.database.read_now(lambda conn: conn.execute(left).all()) == [("", None)]
