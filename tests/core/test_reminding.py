"""When people are reminded and corrected: by the calendar of Phnom Penh, never in quiet hours or late."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.hours import SAFE, after, allowed, before, next_day
from bot.core.reminding import Offset, correction, moment, notice, parse, reminders, urgent
from bot.core.schedule import PHNOM_PENH, QuietHours

QUIET = QuietHours(time(20), time(7), PHNOM_PENH)
NONE = QuietHours(time(0), time(0), PHNOM_PENH)
HOUR = timedelta(hours=1)


def at(words: str) -> datetime:
    """A moment of Phnom Penh: `2026-11-22 08:00`."""
    return datetime.fromisoformat(words).replace(tzinfo=PHNOM_PENH).astimezone(UTC)


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(PHNOM_PENH):%Y-%m-%d %H:%M}"


# --- offsets ---


@pytest.mark.parametrize(
    ("offset", "starts", "falls"),
    [
        ("-7d", "2026-12-05 08:00", "2026-11-28 08:00"),
        ("-7d", "2027-01-03 08:00", "2026-12-27 08:00"),  # over the end of a year
        ("-7d", "2028-03-04 08:00", "2028-02-26 08:00"),  # over 29 February
        ("-1d 17:00", "2026-12-01 08:00", "2026-11-30 17:00"),  # over the end of a month
        ("-1d 17:00", "2026-12-01 00:30", "2026-11-30 17:00"),  # the day is that of Phnom Penh, not of UTC
        ("-1d", "2026-12-01 00:30", "2026-11-30 00:30"),
        ("-3h", "2026-12-01 08:00", "2026-12-01 05:00"),
        ("-3h", "2026-12-01 01:00", "2026-11-30 22:00"),
        ("-48h", "2026-03-01 09:00", "2026-02-27 09:00"),
    ],
)
def test_an_offset_falls_on_a_moment_of_phnom_penh(offset: str, starts: str, falls: str) -> None:
    assert shown(parse(offset).before(at(starts))) == falls


@pytest.mark.parametrize(
    "text", ["", "7d", "-0d", "-d", "-7", "-3h 17:00", "-1d 25:00", "-1d 17:60", "-1w", "+1d"]
)
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no reminder"):
        parse(text)


def test_the_usual_rule_reads() -> None:
    assert [parse(one) for one in ("-7d", "-1d 17:00", "-3h")] == [
        Offset(days=7),
        Offset(days=1, at=time(17)),
        Offset(hours=3),
    ]


def test_reminders_come_in_order_and_are_of_use_for_a_quarter_of_what_is_left() -> None:
    found = reminders(["-3h", "-7d", "-1d 17:00"], at("2026-12-05 08:00"))
    assert [(one.offset, shown(one.at), shown(one.until)) for one in found] == [
        ("-7d", "2026-11-28 08:00", "2026-11-29 08:00"),  # a day at most
        ("-1d 17:00", "2026-12-04 17:00", "2026-12-04 20:45"),
        ("-3h", "2026-12-05 05:00", "2026-12-05 05:45"),
    ]


# --- one person's moment ---


@pytest.mark.parametrize(
    ("offset", "hours", "now", "leaves"),
    [
        ("-7d", "any", "2026-11-20 12:00", "2026-11-28 08:00"),
        ("-7d", "noon", "2026-11-20 12:00", "2026-11-27 13:00"),
        ("-7d", "evening", "2026-11-20 12:00", "2026-11-27 19:00"),
        ("-1d 17:00", "morning", "2026-11-20 12:00", "2026-12-04 10:00"),
        ("-3h", "any", "2026-11-20 12:00", "2026-12-04 19:00"),  # five in the morning: the evening before
        ("-3h", "morning", "2026-11-20 12:00", "2026-12-04 10:00"),
        # made ready late: at once, as long as it is of use
        ("-7d", "any", "2026-11-28 09:30", "2026-11-28 09:30"),
        ("-7d", "any", "2026-11-28 22:00", "2026-11-29 07:00"),
        ("-7d", "noon", "2026-11-28 09:30", "2026-11-28 11:00"),
        ("-7d", "any", "2026-11-29 08:00", None),
        ("-1d 17:00", "any", "2026-12-04 19:30", "2026-12-04 19:30"),
        ("-1d 17:00", "any", "2026-12-04 20:00", None),
        ("-1d 17:00", "morning", "2026-12-04 18:00", None),
        ("-3h", "any", "2026-12-04 19:59", "2026-12-04 19:59"),
        ("-3h", "any", "2026-12-05 05:10", None),
    ],
)
def test_each_is_reminded_at_a_moment_of_their_own(
    offset: str, hours: str, now: str, leaves: str | None
) -> None:
    (reminder,) = reminders([offset], at("2026-12-05 08:00"))
    found = moment(reminder, hours, QUIET, at(now))
    assert (None if found is None else shown(found.at)) == leaves


def test_without_quiet_hours_a_reminder_stands_where_it_falls() -> None:
    (reminder,) = reminders(["-3h"], at("2026-12-05 05:00"))
    found = moment(reminder, "any", NONE, at("2026-12-01 12:00"))
    assert found is not None
    assert (shown(found.at), found.until) == ("2026-12-05 02:00", reminder.until)


moments = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes)
)
hours = st.sampled_from(["any", *SAFE])
offsets = st.sampled_from(["-7d", "-1d 17:00", "-3h", "-30d", "-2d 06:00", "-1h", "-90h"])
quiets = st.builds(QuietHours, st.times(), st.times(), st.just(PHNOM_PENH))
usual = st.sampled_from(
    [QUIET, QuietHours(time(21), time(6), PHNOM_PENH), QuietHours(time(19), time(8), PHNOM_PENH)]
)


@given(moments, hours, offsets, usual, st.integers(-3 * 1440, 10 * 1440))
def test_a_reminder_is_never_quiet_nor_late_nor_outside_ones_hours(
    starts: datetime, theirs: str, offset: str, quiet: QuietHours, minutes: int
) -> None:
    (reminder,) = reminders([offset], starts)
    now = reminder.at - timedelta(minutes=minutes)
    found = moment(reminder, theirs, quiet, now)
    if found is None:
        assert after(now, theirs, quiet) >= reminder.until or now >= reminder.until
        return
    assert not quiet.cover(found.at)
    assert allowed(found.at, theirs, quiet)
    assert now <= found.at < found.until <= reminder.until < starts
    last = found.until - timedelta(seconds=1)
    assert not quiet.cover(last), "nor does a slow sender make it so"
    assert allowed(last, theirs, quiet)


@given(moments, hours, quiets)
def test_hours_before_and_after_a_moment_are_the_nearest_that_are_allowed(
    moment: datetime, theirs: str, quiet: QuietHours
) -> None:
    ahead, behind = after(moment, theirs, quiet), before(moment, theirs, quiet)
    assert behind <= moment <= ahead
    assert allowed(ahead, theirs, quiet)
    assert allowed(behind, theirs, quiet)
    if allowed(moment, theirs, quiet):
        assert ahead == behind == moment
    else:
        halfway = moment + (ahead - moment) / 2
        assert not allowed(halfway, theirs, quiet)


@given(moments, usual)
def test_the_next_day_begins_when_the_next_quiet_hours_end(moment: datetime, quiet: QuietHours) -> None:
    found = next_day(moment, quiet)
    assert moment < found <= moment + timedelta(days=1)
    assert not quiet.cover(found)
    assert quiet.cover(found - timedelta(seconds=1))


# --- what is new, and what has changed ---


def test_what_is_new_waits_for_the_morning_and_is_not_told_once_it_has_begun() -> None:
    starts = at("2026-12-05 08:00")
    for now, leaves in (
        ("2026-12-01 12:00", "2026-12-01 12:00"),
        ("2026-12-01 22:00", "2026-12-02 07:00"),
        ("2026-12-04 22:00", "2026-12-05 07:00"),
        ("2026-12-05 08:00", None),
    ):
        found = notice(starts, "any", QUIET, at(now))
        assert (None if found is None else shown(found.at)) == leaves
    assert notice(starts, "evening", QUIET, at("2026-12-04 21:00")) is None


@pytest.mark.parametrize(
    ("now", "hours", "discreet", "leaves"),
    [
        ("2026-12-01 12:00", "any", False, "2026-12-01 12:00"),
        ("2026-12-01 22:00", "any", False, "2026-12-02 07:00"),  # it begins later than in 18 hours
        ("2026-12-04 21:00", "any", False, "2026-12-04 21:00"),  # it begins tomorrow: at once
        ("2026-12-04 23:00", "any", False, "2026-12-05 04:30"),  # but not in the dead of night
        ("2026-12-05 04:29", "any", False, "2026-12-05 04:30"),
        ("2026-12-05 05:00", "any", False, "2026-12-05 05:00"),
        ("2026-12-04 21:00", "any", True, "2026-12-05 07:00"),  # never where discretion was asked
        ("2026-12-04 21:00", "morning", False, "2026-12-05 07:00"),  # nor outside hours that they chose
        ("2026-12-04 21:00", "evening", False, "2026-12-05 16:00"),
        ("2026-12-05 17:00", "any", False, None),
    ],
)
def test_what_has_changed_may_pass_quiet_hours_only_where_it_is_urgent(
    now: str, hours: str, *, discreet: bool, leaves: str | None
) -> None:
    found = correction(
        at("2026-12-05 08:00"), at("2026-12-05 17:00"), hours, QUIET, at(now), discreet=discreet
    )
    assert (None if found is None else shown(found.at)) == leaves


@given(moments, hours, usual, st.booleans(), st.integers(0, 60 * 60))
def test_no_correction_is_ever_sent_in_the_dead_of_night(
    now: datetime,
    theirs: str,
    quiet: QuietHours,
    discreet: bool,  # noqa: FBT001 - drawn
    minutes: int,
) -> None:
    starts = now + timedelta(minutes=minutes)
    found = correction(starts, starts + 8 * HOUR, theirs, quiet, now, discreet=discreet)
    if found is None:
        return
    local = found.at.astimezone(PHNOM_PENH).time()
    assert time(4, 30) <= local < time(23)
    if quiet.cover(found.at):
        assert urgent(starts, now)
        assert (theirs, discreet) == ("any", False)
