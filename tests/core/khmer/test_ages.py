"""Ages as people tell them. Never tests what follows from an age."""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.ages import age
from bot.core.khmer.digits import to_khmer_digits

T = TypeVar("T")
TODAY = date(2026, 11, 22)


def each(meant: T, ways: str) -> Iterator[tuple[str, T]]:
    """Every spelling, with `|` between, and what it means."""
    return ((way, meant) for way in ways.split("|"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *each(35, "35|៣៥|៣៥ឆ្នាំ|អាយុ៣៥|អាយុ ៣៥ឆ្នាំ|សាមសិបប្រាំ|សាមសិបប្រាំឆ្នាំ|ខ្ញុំអាយុ៣៥|៣៥ឆ្នាំហើយ|៣៥ឆ្នាំកន្លះ"),
        *each(35, "i am 35|35 years old|35yo|age 35|thirty-five|ayu 35|sam sep pram chhnam"),
        *each(36, "កើតឆ្នាំ១៩៩០|កើត១៩៩០|1990|ឆ្នាំ១៩៩០|កើតឆ្នាំ៩០|ឆ្នាំ៩០|born in 1990|ឆ្នាំកំណើត ១៩៩០"),
        ("កើតថ្ងៃទី១៥ ខែសីហា ឆ្នាំ១៩៩០", 36),
        ("15/8/1990", 36),
        ("23/11/1990", 35),
        ("កើតខែធ្នូ ឆ្នាំ១៩៩០", 35),
        ("កើតឆ្នាំ០៥", 21),
        ("60ឆ្នាំ", 60),
        ("អាយុ ៩០", 90),
        ("៩០ឆ្នាំ", 90),
        ("១៤", 14),
    ],
)
def test_an_age(written: str, meant: int) -> None:
    assert age(written, TODAY).sure == meant


@pytest.mark.parametrize(
    ("written", "either"),
    [
        ("90", {90, 36}),
        ("៧៥", {75, 51}),
        ("កៅសិប", {90, 36}),
        ("កើតឆ្នាំ២៥៣៣", {36, 37}),
        ("ព.ស. ២៥៣៣", {36, 37}),
        ("2533", {36, 37}),
    ],
)
def test_a_doubtful_age_is_asked_about(written: str, either: set[int]) -> None:
    assert age(written, TODAY).sure is None
    assert set(age(written, TODAY).candidates) == either


@pytest.mark.parametrize(
    "written", ["", "many", "05", "-3", "35.5", "៨ខែ", "អាយុ១៥០", "៣៥នាក់", "៣៥ ឬ ៣៦", "កើត", "អាយុ"]
)
def test_no_age(written: str) -> None:
    assert age(written, TODAY).candidates == ()


def test_nobody_is_born_tomorrow_or_on_a_day_that_is_not() -> None:
    assert age("កើតឆ្នាំ២០៣០", TODAY).impossible
    assert age("កើត ៣១/២/១៩៩០", TODAY).impossible


@given(st.integers(1, 120), st.sampled_from(["{}ឆ្នាំ", "អាយុ{}", "អាយុ {} ឆ្នាំ", "{} years old"]))
def test_every_age_comes_back(years: int, way: str) -> None:
    assert age(way.format(years), TODAY).sure == age(to_khmer_digits(way.format(years)), TODAY).sure == years


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(["អាយុ", "កើត", "ឆ្នាំ", "90", "2533", "/", " "])).map("".join)
    )
)
def test_any_text_is_an_age_or_none(text: str) -> None:
    assert all(0 <= one <= 120 for one in age(text, TODAY).candidates)
