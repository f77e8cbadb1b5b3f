"""Dates of the calendar as people type them, and their years. Never tests how a date is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answers import Month
from bot.core.khmer.dates import day, month, year
from bot.core.khmer.digits import to_khmer_digits
from bot.i18n import show

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
        "ថ្ងៃទី២១ ខែវិចិកា ឆ្នាំ២០២៦",
        "ខែ១១ ថ្ងៃទី២១ ឆ្នាំ២០២៦",
        "ឆ្នាំ២០២៦ ខែ១១ ថ្ងៃ២១",
        "ថ្ងៃទីម្ភៃមួយ ខែដប់មួយ ឆ្នាំពីរពាន់ម្ភៃប្រាំមួយ",
        "២១ វិច្ឆិកា ២០២៦",
        "២១ វិច្ឆ. ២០២៦",
        "21 Nov 2026",
        "2026 Nov 21",
        "Saturday, November 21st, 2026",
        "21 nov. 2026",
        "ថ្ងៃទី២១ ខែវិច្ឆិកា គ.ស. ២០២៦",
        "ថ្ងៃទី២១ ខែវិច្ឆិកា ឆ្នាំនេះ",
        "21/11/พ.ศ. 2569",
    ],
)
def test_one_day_in_many_spellings(written: str) -> None:
    assert day(written, TODAY).sure == date(2026, 11, 21)
    assert month(written, TODAY).sure == (2026, 11)
    assert year(written, TODAY).sure == 2026


@pytest.mark.parametrize(
    "written", ["5/6/7", "21/11", "", "1/2/3/2026", "២០២៦", "១៥ មេសា", "May 21", "hello", "ខែ៥", "1" * 500]
)
def test_no_day(written: str) -> None:
    found = day(written, TODAY)
    assert found.candidates == ()
    assert not found.impossible


@pytest.mark.parametrize(
    "written",
    [
        "31/2/2026",
        "11/21/2026",
        "0/1/2026",
        "29/2/2025",
        "៣១ មេសា ២០២៦",
        "29/2/2568",
        "1/1/1800",
        "ថ្ងៃទី៣២ ខែ១ ឆ្នាំ២០២៦",
    ],
)
def test_an_impossible_day_is_told_apart(written: str) -> None:
    assert day(written, TODAY).impossible
    assert day(written, TODAY).candidates == ()
    assert month(written, TODAY).sure is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1/2/85", date(1985, 2, 1)),
        ("1/2/36", date(2036, 2, 1)),
        ("1/2/37", date(1937, 2, 1)),
    ],
)
def test_two_digit_years_are_near(written: str, meant: date) -> None:
    assert day(written, TODAY).sure == meant


MAY_2023 = (
    "5/2023|០៥/២០២៣|2023-05|05/23|ខែឧសភា ២០២៣|ឧសភា២០២៣|ខែ៥ ឆ្នាំ២០២៣|May 2023|ឧស ២០២៣|"
    "ឧសភាឆ្នាំ២០២៣|ខែប្រាំ ឆ្នាំ២០២៣|ឧស្សភា ២០២៣|2023 may|ឧសភា ២៣"
)


@pytest.mark.parametrize("written", MAY_2023.split("|"))
def test_one_month_in_many_spellings(written: str) -> None:
    assert month(written, TODAY).sure == (2023, 5)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        *(
            ("មករា", 1),
            ("មករ", 1),
            ("jan", 1),
            ("កុម្ភៈ", 2),
            ("កុម្ភះ", 2),
            ("កម្ភៈ", 2),
            ("feb.", 2),
            ("មីនា", 3),
            ("មិនា", 3),
        ),
        *(
            ("មេសា", 4),
            ("apr", 4),
            ("ឧសភា", 5),
            ("មិថុនា", 6),
            ("មិតុនា", 6),
            ("jun", 6),
            ("កក្កដា", 7),
            ("កក្តដា", 7),
            ("កក្ក", 7),
        ),
        *(
            ("សីហា", 8),
            ("សិហា", 8),
            ("aug", 8),
            ("កញ្ញា", 9),
            ("កន្យា", 9),
            ("sept", 9),
            ("តុលា", 10),
            ("តុលារ", 10),
            ("oct", 10),
        ),
        *(("វិច្ឆិកា", 11), ("វិច្ចិកា", 11), ("nov", 11), ("ធ្នូ", 12), ("ធ្នូរ", 12), ("december", 12)),
    ],
)
def test_names_of_months(name: str, number: int) -> None:
    assert month(f"{name} ២០២៥", TODAY).sure == (2025, number)
    assert day(f"១ {name} ២០២៥", TODAY).sure == date(2025, number, 1)


@pytest.mark.parametrize("written", ["2023", "ឧសភា", "", "ឆ្នាំមុន", "10 ធ្នូ", "២៣ ធ្នូ", "មកពីថៃ ២០២៣", "21/11"])
def test_no_month(written: str) -> None:
    assert month(written, TODAY).candidates == ()
    assert not month(written, TODAY).impossible


@pytest.mark.parametrize("written", ["13/2023", "0/2023", "ខែ១៣ ឆ្នាំ២០២៣", "2023-13"])
def test_an_impossible_month_is_told_apart(written: str) -> None:
    assert month(written, TODAY).impossible


def test_a_buddhist_year_is_two_years_once_cambodia_counts_one_more() -> None:
    assert month("5/2566", TODAY).candidates == ((2022, 5), (2023, 5))
    assert month("ខែឧសភា ព.ស. ២៥៦៦", TODAY).candidates == ((2022, 5), (2023, 5))
    assert day("21/11/2569", TODAY).candidates == (date(2025, 11, 21), date(2026, 11, 21))
    assert day("21/11/2569", TODAY).sure is None
    assert year("ឆ្នាំ ២៥៦៦", TODAY).candidates == (2022, 2023)
    assert month("ខែឧសភា ព.ស.៦៦", TODAY).candidates == ((2022, 5), (2023, 5))


def test_before_april_and_in_thai_it_is_one_year() -> None:
    assert month("3/2566", TODAY).sure == (2023, 3)
    assert day("១៥/១/២៥៦៦", TODAY).sure == date(2023, 1, 15)
    assert month("5 พ.ศ. 2566", TODAY).sure == (2023, 5)
    assert year("พ.ศ. ๒๕๖๖", TODAY).sure == 2023


def test_a_day_that_only_one_of_two_years_has_is_sure() -> None:
    assert day("29/2/2567", TODAY).sure == date(2024, 2, 29)


@given(st.dates(date(1930, 1, 1), date(2300, 1, 1)), st.sampled_from("/-. "))
def test_every_day_comes_back(value: date, mark: str) -> None:
    written = mark.join(map(str, (value.day, value.month, value.year)))
    for way in (written, to_khmer_digits(written), value.isoformat()):
        assert day(way, TODAY).sure == value


@given(st.dates(date(1930, 1, 1), date(2300, 1, 1)))
def test_a_date_as_we_write_it_comes_back(value: date) -> None:
    assert day(show(value, "km"), TODAY).sure == value
    assert day(show(value, "en"), TODAY).sure == value
    this_month = Month(value.year, value.month)
    assert month(show(this_month, "km"), TODAY).sure == (value.year, value.month)
    assert month(show(this_month, "en"), TODAY).sure == (value.year, value.month)


PIECES = [
    "ខែ",
    "ឆ្នាំ",
    "ថ្ងៃ",
    "ទី",
    "មេសា",
    "មុន",
    "ទៅ",
    "៣",
    "31",
    "2566",
    "ព.ស.",
    "/",
    " ",
    "may",
    "ដប់",
    "in ",
    "ago",
]


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for found in (day(text, TODAY), month(text, TODAY), year(text, TODAY)):
        assert not (found.impossible and found.candidates)
