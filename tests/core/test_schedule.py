"""Nobody's phone rings at night because of us."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.schedule import QuietHours, promised

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


def test_a_promise_is_a_full_hour_of_a_working_day() -> None:
    thursday = datetime(2026, 11, 19, 3, 25, tzinfo=UTC)  # 10:25 in Phnom Penh
    assert promised(thursday, timedelta(days=1), NIGHT.zone) == datetime(2026, 11, 20, 4, tzinfo=UTC)
    assert promised(thursday, timedelta(days=2), NIGHT.zone) == datetime(2026, 11, 23, 4, tzinfo=UTC)
    full = datetime(2026, 11, 19, 3, tzinfo=UTC)
    assert promised(full, timedelta(hours=2), NIGHT.zone) == datetime(2026, 11, 19, 5, tzinfo=UTC)
