"""Digits, and numbers with what people write beside them. Never tests number words (test_numerals)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.digits import number, to_ascii_digits, to_khmer_digits


def test_digits_of_three_scripts() -> None:
    assert to_ascii_digits("ថ្ងៃទី២១ ๒๕๖๙ ７") == "ថ្ងៃទី21 2569 7"
    assert to_khmer_digits("3/12 ๕") == "៣/១២ ៥"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("១២៣", "123"),
        ("๕๐๐", "500"),
        (" 18 ", "18"),
        ("៥.០០០", "5000"),
        ("5,000,000", "5000000"),
        ("១ ២០០ ០០០", "1200000"),
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        ("0.500", "0.500"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("-3", "-3"),
        ("១៨ឆ្នាំ", "18"),
        ("៣ឆ្នាំកន្លះ", "3.5"),
        ("$200", "200"),
        ("២០,០០០៛", "20000"),
        ("350 baht", "350"),
        ("500b", "500"),
        ("បាត ៥០០", "500"),
        ("លេខ ២", "2"),
        ("៣\u200bនាក់", "3"),
        ("007", "7"),
    ],
)
def test_a_number_as_people_write_it(written: str, meant: str) -> None:
    assert number(written) == Decimal(meant)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1,2,3",
        "1..2",
        "12,",
        "12,34,567",
        "៥ ឬ ៦",
        "1" * 31,
        "²",
        "½",
        "$5 baht",
        "b",
        "នាក់",
        "១០០០ដុល្លារកន្លះ",
    ],
)
def test_what_is_not_one_number(written: str) -> None:
    assert number(written) is None


@given(st.integers(-(10**12), 10**12))
def test_every_number_comes_back_from_every_script(value: int) -> None:
    for written in (str(value), to_khmer_digits(str(value)), f"{value:,}", to_khmer_digits(f"{value:,}")):
        assert number(written) == value


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    found = number(text)
    assert found is None or found.is_finite()
    assert to_ascii_digits(to_khmer_digits(text)) == to_ascii_digits(text)
