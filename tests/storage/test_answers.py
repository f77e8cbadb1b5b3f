"""Who was shown which answer, whether it helped, and answers that staff take back."""

from datetime import timedelta

import pytest

from storage import answers, erasure, people, sharing
from storage.answers import Judged, Shown
from storage.people import Person
from storage.purge import Report
from storage.schema import answer_shown
from storage.staff import Scope
from tests.storage.conftest import Greet
from tests.storage.purging import DAY, House

PAY, INJURY = "q01-wages-owed", "q15-work-injury"
HOUR = timedelta(hours=1)


def shown(house: House, person: Person, entry: str, version: str, *, at: timedelta = timedelta()) -> None:
    house.do(answers.record, person.contact.id, entry, version, "whole", house.now + at)


def test_whoever_saw_a_version_is_found_once_however_often_it_was_shown(house: House, greet: Greet) -> None:
    one, other, third = greet("1"), greet("2"), greet("3")
    shown(house, one, PAY, "v1")
    shown(house, one, PAY, "v1", at=HOUR)
    shown(house, other, PAY, "v2")
    shown(house, other, PAY, "v1")
    shown(house, third, INJURY, "v1")
    ids = [one.contact.id, other.contact.id]
    assert house.do(answers.seen_by, PAY, "v1") == ids
    assert house.do(answers.seen_by, PAY) == ids
    assert house.do(answers.seen_by, PAY, "v2") == ids[1:]
    assert house.do(answers.of_person, one.contact.id) == [
        Shown(PAY, "v1", "whole", house.now + HOUR, helped=None)
    ]
    assert house.do(answers.versions, PAY) == [("v1", 2, house.now + HOUR), ("v2", 1, house.now)]


def test_whether_it_helped_is_said_of_the_words_shown_last(house: House, greet: Greet) -> None:
    one, other = greet("1"), greet("2")
    shown(house, one, PAY, "v1")
    shown(house, one, PAY, "v2", at=HOUR)
    shown(house, other, PAY, "v2")
    assert house.do(answers.judge, one.contact.id, PAY, helped=False)
    assert [row.helped for row in house.do(answers.of_person, one.contact.id)] == [None, False]
    assert not house.do(answers.judge, other.contact.id, INJURY, helped=True)
    house.do(answers.judge, other.contact.id, PAY, helped=True)
    assert house.do(answers.judged) == [Judged(PAY, 2, 1, 1)]
    house.do(answers.judge, one.contact.id, PAY, helped=True)
    assert house.do(answers.judged) == [Judged(PAY, 2, 2, 0)]


@pytest.mark.parametrize(
    ("sayings", "kept"),
    [
        (("sure", "draft", "whole"), "whole"),
        (("whole", "draft", "sure"), "whole"),
        (("draft", "sure"), "draft"),
        (("sure", "draft"), "draft"),
        (("sure", "sure"), "sure"),
    ],
)
def test_the_most_that_was_asserted_is_kept(
    house: House, sophea: Person, sayings: tuple[str, ...], kept: str
) -> None:
    for saying in sayings:
        house.do(answers.record, sophea.contact.id, PAY, "v1", saying, house.now)
    (row,) = house.do(answers.of_person, sophea.contact.id)
    assert row.saying == kept
    asserted = house.do(answers.seen_by, PAY, "v1", asserted=True)
    assert asserted == ([] if kept == "sure" else [sophea.contact.id])
    assert house.do(answers.seen_by, PAY, "v1") == [sophea.contact.id]


def test_an_answer_is_taken_back_at_once_and_once(house: House, dara: Scope) -> None:
    assert house.do(answers.withdrawn) == frozenset()
    assert house.do(answers.withdraw, PAY, "v1", dara.staff_id, "the law changed", house.now)
    assert not house.do(answers.withdraw, PAY, "v2", dara.staff_id, "", house.now)
    assert house.do(answers.withdrawn) == frozenset({PAY})
    (kept,) = house.do(answers.withdrawals).values()
    assert (kept.entry, kept.version, kept.by, kept.at, kept.reason) == (
        PAY,
        "v1",
        "dara",
        house.now,
        "the law changed",
    )
    assert house.do(answers.restore, PAY)
    assert not house.do(answers.restore, PAY)
    assert house.do(answers.withdrawn) == frozenset()


def test_what_somebody_saw_goes_with_them(house: House, greet: Greet) -> None:
    one, other = greet("1"), greet("2")
    for person in (one, other):
        shown(house, person, PAY, "v1")
    house.do(erasure.erase, one.contact.id, house.now)
    assert house.do(answers.seen_by, PAY) == [other.contact.id]


def test_it_outlives_the_words_of_the_chat_by_as_long_as_their_person_stays(
    house: House, sophea: Person
) -> None:
    house.say(sophea, house.now)
    shown(house, sophea, PAY, "v1")
    house.purge(40 * DAY)
    assert house.bodies(sophea) == (0, 0)
    assert house.do(answers.seen_by, PAY) == [sophea.contact.id]
    assert house.purge(365 * DAY).people == 1
    assert house.rows(answer_shown) == 0


def test_of_who_stays_for_years_it_goes_after_one(house: House, sophea: Person) -> None:
    house.agree(sophea, "help", "messages")
    shown(house, sophea, PAY, "v1")
    shown(house, sophea, INJURY, "v1", at=DAY)
    assert house.purge(364 * DAY) == Report()
    assert house.purge(365 * DAY) == Report(answers_shown=1)
    assert [row.entry for row in house.do(answers.of_person, sophea.contact.id)] == [INJURY]


def test_somebody_new_at_a_shared_phone_saw_nothing_of_who_was_new_before(
    house: House, sophea: Person
) -> None:
    house.agree(sophea, "help")
    hand_over(house, sophea, None)
    newcomer = house.do(sharing.everybody_at, house.vault, sophea.where)[-1]
    house.do(answers.record, newcomer, PAY, "v1", "whole", house.now)
    hand_over(house, person(house, newcomer), sophea.contact.id)
    assert len(house.do(answers.of_person, newcomer)) == 1
    hand_over(house, person(house, sophea.contact.id), None)
    assert house.do(people.contact_at, house.vault, sophea.where) == newcomer
    assert house.do(answers.of_person, newcomer) == []


def hand_over(house: House, whose: Person, to: int | None) -> None:
    house.do(sharing.hand_over, house.vault, whose, to, "km", house.now)


def person(house: House, contact_id: int) -> Person:
    found: Person = house.do(people.by_id, house.vault, contact_id)
    return found
