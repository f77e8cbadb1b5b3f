"""Dates as people type them. Never tests how a date is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.dates import day, month
from bot.core.khmer.digits import to_khmer_digits

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "written",
    [
        "21/11/2026",
        "២១/១១/២០២៦",
        "๒๑-๑๑-๒๖",
        "21.11.26",
        "21 11 2026",
        "2026-11-21",
        "ថ្ងៃសៅរ៍ ទី២១ ខែវិច្ឆិកា ឆ្នាំ២០២៦",
        "ថ្ងៃទី២១ខែវិច្ឆិកាឆ្នាំ២០២៦",
        "ទី២១ ខែ១១ ឆ្នាំ២៦",
        "២១ វិច្ឆិកា ២០២៦",
        "21 Nov 2026",
        "Saturday, November 21st, 2026",
    ],
)
def test_one_day_in_many_spellings(written: str) -> None:
    assert day(written, TODAY) == date(2026, 11, 21)
    assert month(written, TODAY) == (2026, 11)


@pytest.mark.parametrize(
    "written",
    ["31/2/2026", "11/21/2026", "21/11/2569", "5/6/7", "21/11", "ស្អែក", "", "1/2/3/2026", "២០២៦", "0/1/2026"],
)
def test_no_day_or_an_impossible_one(written: str) -> None:
    assert day(written, TODAY) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1/2/85", date(1985, 2, 1)),
        ("1/2/36", date(2036, 2, 1)),
        ("1/2/37", date(1937, 2, 1)),
    ],
)
def test_two_digit_years_are_near(written: str, meant: date) -> None:
    assert day(written, TODAY) == meant


@pytest.mark.parametrize(
    "written", ["5/2023", "០៥/២០២៣", "2023-05", "05/23", "ខែឧសភា ២០២៣", "ឧសភា២០២៣", "ខែ៥ ឆ្នាំ២០២៣", "May 2023"]
)
def test_one_month_in_many_spellings(written: str) -> None:
    assert month(written, TODAY) == (2023, 5)


@pytest.mark.parametrize("written", ["13/2023", "0/2023", "2023", "5/2566", "ឧសភា", "", "ឆ្នាំមុន"])
def test_no_month(written: str) -> None:
    assert month(written, TODAY) is None


@given(st.dates(date(1930, 1, 1), date(2300, 1, 1)), st.sampled_from("/-. "))
def test_every_day_comes_back(value: date, mark: str) -> None:
    written = mark.join(map(str, (value.day, value.month, value.year)))
    assert (
        day(written, TODAY) == day(to_khmer_digits(written), TODAY) == day(value.isoformat(), TODAY) == value
    )


@given(st.text(st.one_of(st.characters(), st.sampled_from("0123456789/-. ១២ខែមេសា")), max_size=20))
def test_any_text_is_a_date_or_none(text: str) -> None:
    day(text, TODAY)
    month(text, TODAY)
