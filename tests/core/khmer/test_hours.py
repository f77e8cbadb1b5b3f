"""Hours of a day as staff type them. Never tests how an hour is shown."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.digits import to_khmer_digits
from bot.core.khmer.hours import at, span

EIGHT, NOON, FOUR = time(8), time(12), time(16)


@pytest.mark.parametrize(
    ("written", "begins", "ends"),
    [
        ("8-12", EIGHT, NOON),
        ("8:00-12:00", EIGHT, NOON),
        ("៨ ដល់ ១២", EIGHT, NOON),
        ("ម៉ោង ៨ ព្រឹក ដល់ ម៉ោង ៤ ល្ងាច", EIGHT, FOUR),
        ("៨:០០–១៦:០០", EIGHT, FOUR),
        ("8 am to 4 pm", EIGHT, FOUR),
        ("8-4", EIGHT, FOUR),
        ("8.00 16.00", EIGHT, FOUR),
        ("12-4", NOON, FOUR),
    ],
)
def test_from_when_until_when(written: str, begins: time, ends: time) -> None:
    assert span(written) == (begins, ends)


@pytest.mark.parametrize("written", ["8", "25-26", "8:70-9", "12-8 ព្រឹក", "13-12", "ព្រឹក", "", "8-12-16"])
def test_what_is_no_span_of_one_day(written: str) -> None:
    assert span(written) is None


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("6:30", time(6, 30)),
        ("៦:៣០ ព្រឹក", time(6, 30)),
        ("6.30 pm", time(18, 30)),
        ("12 am", time(0)),
        ("24", None),
    ],
)
def test_one_hour(written: str, hour: time | None) -> None:
    assert at(written) == hour


@given(st.times(), st.times())
def test_whatever_a_clock_shows_is_read_back(one: time, other: time) -> None:
    first, last = sorted((one.replace(second=0, microsecond=0), other.replace(second=0, microsecond=0)))
    for written in (f"{first:%H:%M}-{last:%H:%M}", to_khmer_digits(f"{first:%H:%M} ដល់ {last:%H:%M}")):
        read = span(written)
        assert read == (first, last) if first < last else read is None or read[0] == first


@given(st.text(max_size=80))
def test_nothing_typed_breaks_it(written: str) -> None:
    assert span(written) is None or span(written)[0] < span(written)[1]  # type: ignore[index]
