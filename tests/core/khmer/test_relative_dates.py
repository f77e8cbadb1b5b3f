"""Days, months and years counted from today. Never tests dates of the calendar (test_dates)."""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

import pytest

from bot.core.khmer.dates import day, month, year

T = TypeVar("T")
TODAY = date(2026, 11, 22)  # a Sunday


def each(meant: T, ways: str) -> Iterator[tuple[str, T]]:
    """Every spelling, with `|` between, and what it means."""
    return ((way, meant) for way in ways.split("|"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *each(date(2026, 11, 22), "ថ្ងៃនេះ|today|thngai nis|thngay nih"),
        *each(
            date(2026, 11, 21),
            "ម្សិលមិញ|មុសិលមិញ|មស្សិលមិញ|ម្សិលម៉ិញ|ម្សិញមិញ|ម្សិលមីញ|ម្សិល មិញ|ម្សឹលមិញ|ម្សិល|កាលពីម្សិលមិញ|ពីម្សិលមិញ|"
            "យប់មិញ|yesterday|msel menh|mselminh|msil minh|មួយថ្ងៃមុន",
        ),
        *each(
            date(2026, 11, 20),
            "ម្សិលម្ង៉ៃ|ម្សិលម្ងៃ|មសិលមង៉ៃ|day before yesterday|msel mngai|២ថ្ងៃមុន|ពីរថ្ងៃមុន|pi thngai mun",
        ),
        *each(date(2026, 11, 23), "ស្អែក|ថ្ងៃស្អែក|សអែក|tomorrow|saek|s'aek"),
        *each(date(2026, 11, 24), "ខានស្អែក|ខាន ស្អែក|day after tomorrow|khan saek"),
        ("១០ថ្ងៃហើយ", date(2026, 11, 12)),
        ("១០ថ្ងៃមកហើយ", date(2026, 11, 12)),
        ("១០ថ្ងៃទៀត", date(2026, 12, 2)),
        ("in 10 days", date(2026, 12, 2)),
        ("ពីរសប្ដាហ៍មុន", date(2026, 11, 8)),
        ("២អាទិត្យមុន", date(2026, 11, 8)),
        ("two weeks ago", date(2026, 11, 8)),
        ("ថ្ងៃទី៥ ខែមុន", date(2026, 10, 5)),
        ("ទី ៥ ខែនេះ", date(2026, 11, 5)),
        ("ថ្ងៃទី៥ ខែ៩ ឆ្នាំមុន", date(2025, 9, 5)),
        ("៥ កញ្ញា ឆ្នាំទៅ", date(2025, 9, 5)),
    ],
)
def test_a_day_counted_from_today(written: str, meant: date) -> None:
    assert day(written, TODAY).sure == meant
    assert month(written, TODAY).sure == (meant.year, meant.month)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *each((2026, 10), "ខែមុន|កាលពីខែមុន|last month|khae mun|khe mun|មួយខែមុន"),
        *each((2026, 11), "ខែនេះ|this month|khae nis"),
        *each((2026, 12), "ខែក្រោយ|ខែមុខ|ខែបន្ទាប់|next month|khae kroy"),
        ("៣ខែមុន", (2026, 8)),
        ("បីខែមុន", (2026, 8)),
        ("3 months ago", (2026, 8)),
        ("bey khae mun", (2026, 8)),
        ("១២ខែហើយ", (2025, 11)),
        ("២ខែទៀត", (2027, 1)),
        ("ខែ៥ ឆ្នាំមុន", (2025, 5)),
        ("ខែប្រាំ ឆ្នាំទៅ", (2025, 5)),
        ("ឧសភា ឆ្នាំនេះ", (2026, 5)),
        ("May last year", (2025, 5)),
    ],
)
def test_a_month_counted_from_this_one(written: str, meant: tuple[int, int]) -> None:
    assert day(written, TODAY).sure is None
    assert month(written, TODAY).sure == meant
    assert year(written, TODAY).sure == meant[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *each(2025, "ឆ្នាំមុន|ឆ្នាំទៅ|ឆ្នាំទៅមិញ|last year|chhnam mun|chnam tov|មួយឆ្នាំមុន"),
        *each(2026, "ឆ្នាំនេះ|this year|chhnam nis"),
        *each(2027, "ឆ្នាំក្រោយ|ឆ្នាំមុខ|ឆ្នាំទៅមុខ|next year|chhnam kroy"),
        ("៣ឆ្នាំមុន", 2023),
        ("ពី៣ឆ្នាំមុន", 2023),
        ("ពីរឆ្នាំហើយ", 2024),
        ("2 years ago", 2024),
        ("២០២៣", 2023),
        ("ឆ្នាំ២០២៣", 2023),
    ],
)
def test_a_year_is_neither_day_nor_month(written: str, meant: int) -> None:
    assert day(written, TODAY).sure is None
    assert month(written, TODAY).sure is None
    assert year(written, TODAY).sure == meant


NOTHING = "មុន|ខែ|ទៅ|3.5ឆ្នាំមុន|៣ខែ|អាទិត្យមុន|1000000ថ្ងៃមុន|ពីរបីថ្ងៃមុន|ថ្ងៃទី៣១ ខែក្រោយក្រោយ|ខ្ញុំមកពីម្សិលមិញ|in 2023 days ago"


@pytest.mark.parametrize("written", NOTHING.split("|"))
def test_what_counts_nothing(written: str) -> None:
    for found in (day(written, TODAY), month(written, TODAY), year(written, TODAY)):
        assert found.candidates == ()
