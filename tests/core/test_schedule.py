"""Nobody's phone rings at night because of us."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.core.schedule import QuietHours

NIGHT = QuietHours(time(20), time(7), ZoneInfo("Asia/Phnom_Penh"))


@pytest.mark.parametrize(
    ("utc_hour", "quiet"),
    [(12, False), (13, True), (17, True), (23, True), (0, False), (3, False)],
)
def test_from_eight_in_the_evening_to_seven_it_is_quiet(utc_hour: int, quiet: bool) -> None:  # noqa: FBT001
    assert NIGHT.cover(datetime(2026, 11, 22, utc_hour, tzinfo=UTC)) is quiet


def test_equal_hours_mean_never() -> None:
    never = QuietHours(time(7), time(7), ZoneInfo("Asia/Phnom_Penh"))
    assert not any(never.cover(datetime(2026, 11, 22, hour, tzinfo=UTC)) for hour in range(24))
