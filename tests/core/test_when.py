"""A date where a question asks for one, its doubtful year asked about. Never tests how dates are spelled."""

from datetime import date

import pytest

from bot.core.answers import Day, Month
from bot.core.dialog import DateNode
from bot.core.when import When, buttons, key, read, value

TODAY = date(2026, 11, 22)
MONTH = DateNode("month", date(2000, 1, 1))
DAY = DateNode("day", date(1930, 1, 1))
ASKED = ("2022-05", "2023-05")


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        (MONTH, "5/2023", Month(2023, 5)),
        (MONTH, "ខែមុន", Month(2026, 10)),
        (MONTH, "11/2569", None),
        (MONTH, "12/2569", Month(2025, 12)),  # the other of its two years is still to come
        (MONTH, "5/1999", None),
        (MONTH, "ខែក្រោយ", None),
        (DAY, "ម្សិលមិញ", Day(date(2026, 11, 21))),
        (DAY, "ស្អែក", None),
        (DateNode("day", future=True), "ស្អែក", Day(date(2026, 11, 23))),
    ],
)
def test_a_date_that_the_question_takes(kind: DateNode, written: str, meant: When | None) -> None:
    assert read(kind, (), written, TODAY).sure == meant


def test_a_buddhist_year_is_asked_about() -> None:
    found = read(MONTH, (), "ឧសភា ២៥៦៦", TODAY)
    assert tuple(map(key, found.candidates)) == ASKED
    assert [one.key for one in buttons(ASKED)] == list(ASKED)
    assert buttons(()) == ()


@pytest.mark.parametrize("said", ["2", "២", "ពីរ", "2023", "ឆ្នាំ២០២៣", "5/2023"])
def test_the_year_is_named_by_number_or_as_it_is(said: str) -> None:
    assert read(MONTH, ASKED, said, TODAY).sure == Month(2023, 5)


def test_another_date_instead_of_the_two() -> None:
    assert read(MONTH, ASKED, "6/2021", TODAY).sure == Month(2021, 6)
    assert read(MONTH, ASKED, "3", TODAY).candidates == ()
    assert read(MONTH, ASKED, "2020", TODAY).candidates == ()


@pytest.mark.parametrize("given", [Month(2023, 5), Day(date(1990, 2, 28))])
def test_a_key_comes_back(given: When) -> None:
    assert value(key(given)) == given


def test_an_impossible_date_is_told_apart() -> None:
    assert read(MONTH, (), "13/2023", TODAY).impossible
    assert read(DAY, (), "31/2/2023", TODAY).impossible
    assert not read(MONTH, (), "hello", TODAY).impossible
