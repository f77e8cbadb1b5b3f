"""Nobody's phone rings at night because of us, and a promise is for an hour at which somebody is there."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.schedule import OFFICE, QuietHours, promised, read_hours

NIGHT = QuietHours(time(20), time(7), ZoneInfo("Asia/Phnom_Penh"))
THURSDAY = datetime(2026, 11, 19, 0, tzinfo=UTC)  # 07:00 in Phnom Penh


def at(hours: float, days: int = 0) -> datetime:
    """So many hours after midnight in Phnom Penh of that Thursday."""
    return THURSDAY + timedelta(days=days, hours=hours - 7)


@pytest.mark.parametrize(
    ("utc_hour", "quiet"),
    [(12, False), (13, True), (17, True), (23, True), (0, False), (3, False)],
)
def test_from_eight_in_the_evening_to_seven_it_is_quiet(utc_hour: int, quiet: bool) -> None:  # noqa: FBT001
    assert NIGHT.cover(datetime(2026, 11, 22, utc_hour, tzinfo=UTC)) is quiet


def test_equal_hours_mean_never() -> None:
    never = QuietHours(time(7), time(7), ZoneInfo("Asia/Phnom_Penh"))
    assert not any(never.cover(datetime(2026, 11, 22, hour, tzinfo=UTC)) for hour in range(24))


@pytest.mark.parametrize(
    ("hour", "opened", "opens"),
    [
        (7, False, at(7.5)),
        (7.5, True, at(14)),
        (11.5, False, at(14)),
        (15, True, at(7.5, 1)),
        (20, False, at(7.5, 1)),
    ],
)
def test_an_office_closes_at_noon_and_at_night(hour: float, opened: bool, opens: datetime) -> None:  # noqa: FBT001
    assert (OFFICE.open(at(hour)), OFFICE.next_opening(at(hour))) == (opened, opens)


def test_an_office_is_closed_at_weekends_and_on_days_off() -> None:
    friday_evening = at(18, 1)
    assert OFFICE.next_opening(friday_evening) == at(7.5, 4)
    new_year = read_hours(("mon-fri 08:00-12:00", "sat 08:00-10:00"), [date(2026, 11, 20)])
    assert not new_year.open(at(9, 1))
    assert new_year.next_opening(at(18)) == at(8, 2)


@pytest.mark.parametrize("text", ["mon-fri", "fri-mon 08:00-12:00", "mon 12:00-08:00", "mon 25:00-26:00", ""])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hour"):
        read_hours((text,))


@pytest.mark.parametrize(
    ("asked", "within", "by"),
    [
        (at(10 + 25 / 60), timedelta(days=1), at(11, 1)),  # a full hour of a working day
        (at(10), timedelta(hours=1), at(11)),
        (at(10 + 25 / 60), timedelta(days=2), at(11, 4)),  # over the weekend, the hour kept
        (at(10 + 40 / 60), timedelta(hours=1), at(15)),  # not into the break at noon
        (at(3), timedelta(days=1), at(9, 1)),  # not into the night
        (at(20, 1), timedelta(days=1), at(9, 5)),  # Saturday evening: not Monday evening either
    ],
)
def test_a_promise_is_for_when_somebody_is_there(asked: datetime, within: timedelta, by: datetime) -> None:
    assert promised(asked, within, OFFICE) == by
    assert OFFICE.open(promised(asked, within, OFFICE))
