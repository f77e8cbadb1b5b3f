"""Phone numbers as people type them. Never tests whether anybody answers."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phone import phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("012 345 678", "+85512345678"),
        ("០១២៣៤៥៦៧៨", "+85512345678"),
        ("012-345-678", "+85512345678"),
        ("(012) 345.678", "+85512345678"),
        ("+855 12 345 678", "+85512345678"),
        ("85512345678", "+85512345678"),
        ("0085512345678", "+85512345678"),
        ("12345678", "+85512345678"),
        ("លេខ ០៩៦ ១២៣៤៥៦៧ ណា", "+855961234567"),
        ("012345678 / 0961234567", "+85512345678"),
        ("081 234 5678", "+66812345678"),  # ten digits: Thai
        ("๐๘๑๒๓๔๕๖๗๘", "+66812345678"),
        ("66812345678", "+66812345678"),
        ("088 123 4567", "+855881234567"),  # valid in both: ours
    ],
)
def test_numbers_of_both_countries(typed: str, number: str) -> None:
    assert phone(typed) == number


def test_the_region_that_is_asked_for_comes_first() -> None:
    assert phone("088 123 4567", region="TH") == "+66881234567"


@pytest.mark.parametrize(
    "typed", ["", "123", "គ្មានលេខ", "000000000", "012345", "99999999999999999999", "21/11/2026"]
)
def test_no_number(typed: str) -> None:
    assert phone(typed) is None


@given(st.text(st.one_of(st.characters(), st.sampled_from("0123456789+-() ១២")), max_size=30))
def test_any_text_gives_a_valid_number_or_none(text: str) -> None:
    found = phone(text)
    assert found is None or phonenumbers.is_valid_number(phonenumbers.parse(found))
