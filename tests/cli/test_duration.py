"""Lengths of time as settings, scripts and `/wait` write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90m", timedelta(minutes=90)),
        (" 3D ", timedelta(days=3)),
        ("2 w", timedelta(weeks=2)),
        ("24h", timedelta(hours=24)),
        ("soon", None),
        ("-3d", None),
        ("3", None),
        ("", None),
    ],
)
def test_a_length_is_read_or_is_none(text: str, length: timedelta | None) -> None:
    assert duration.read(text) == length


@given(st.integers(0, 999_999))
def test_what_is_shown_is_read_back(seconds: int) -> None:
    length = timedelta(seconds=seconds)

    assert duration.read(duration.show(length)) == length
