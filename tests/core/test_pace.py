"""The token bucket: how fast an account may send, and what the platform's refusals make of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import pace as pacing
from bot.core.pace import LONG_AGO, PROBING, Limits, Pace, Taken, distance

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
TELEGRAM = Limits(25.0)
SECOND = timedelta(seconds=1)
pauses = st.lists(st.floats(0.0, 3.0), min_size=30, max_size=120)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def flow(
    pace: Pace, limits: Limits, start: datetime, seconds: float, *, bulk: bool
) -> tuple[Pace, list[datetime]]:
    """Somebody who always has something to send and asks again when told to."""
    now, sent = start, []
    while now < start + timedelta(seconds=seconds):
        taken = pacing.take(pace, limits, now, bulk=bulk)
        pace = taken.pace
        if taken.wait:
            now += timedelta(seconds=taken.wait) + timedelta(microseconds=1)
        else:
            sent.append(now)
    return pace, sent


def most_in_a_second(sent: list[datetime]) -> int:
    return max(sum(at <= one < at + SECOND for one in sent) for at in sent)


@given(pauses, st.sampled_from([5.0, 25.0, 40.0]), st.booleans())
def test_no_second_sees_more_than_the_rate_and_what_was_at_hand(
    asks: list[float],
    rate: float,
    bulk: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whenever it asks: seldom, in bursts, or all the time."""
    limits = Limits(rate)
    pace, now, sent = pacing.first(limits, NOON), NOON, []
    for pause in asks:
        now += timedelta(seconds=pause)
        for _ in range(6):
            taken = pacing.take(pace, limits, now, bulk=bulk)
            pace = taken.pace
            if not taken.wait:
                sent.append(now)
    assert sent
    assert most_in_a_second(sent) <= pacing.capacity(limits.top) + limits.top


def test_a_long_broadcast_stays_under_what_telegram_takes_and_wastes_nothing() -> None:
    _, sent = flow(pacing.first(TELEGRAM, NOON), TELEGRAM, NOON, 60, bulk=True)
    assert most_in_a_second(sent) <= 29
    assert len(sent) >= 60 * 25 * 0.99
    late = [at for at in sent if at >= after(50)]
    assert len(late) >= 10 * 27 * 0.99


@pytest.mark.parametrize("limit", [8, 14, 20, 30])
def test_a_slower_platform_is_found_out_within_a_minute_and_remembered(limit: int) -> None:
    """It refuses what would be one too many in any second, and names a pause of a second."""
    pace, now, sent, refused = pacing.first(TELEGRAM, NOON), NOON, [], []
    while now < after(600):
        taken = pacing.take(pace, TELEGRAM, now, bulk=True)
        pace = taken.pace
        if taken.wait:
            now += timedelta(seconds=taken.wait) + timedelta(microseconds=1)
        elif sum(at > now - SECOND for at in sent[-40:]) >= limit:
            refused.append(now)
            pace = pacing.throttled(pace, now, 1.0)
        else:
            sent.append(now)
    assert all(at < after(60) for at in refused)
    steady = sum(at >= after(60) for at in sent) / 540
    assert steady >= 0.7 * min(limit, 27)


@given(st.lists(st.tuples(st.floats(0.0, 2.0), st.floats(0.01, 40.0)), min_size=1, max_size=20))
def test_nothing_leaves_before_a_pause_is_over(refusals: list[tuple[float, float]]) -> None:
    pace, now, until = pacing.first(TELEGRAM, NOON), NOON, NOON
    for wait, told in refusals:
        now += timedelta(seconds=wait)
        pace = pacing.throttled(pace, now, told)
        until = max(until, now + timedelta(seconds=told))
        short = pacing.take(pace, TELEGRAM, until - timedelta(milliseconds=1))
        assert (short.wait > 0, short.until) == (True, until)
    taken = pacing.take(pace, TELEGRAM, until + timedelta(seconds=1 / pace.rate + 0.001))
    assert taken.wait == 0


def test_refusals_of_sends_that_were_out_together_slow_down_once() -> None:
    once = pacing.throttled(pacing.first(TELEGRAM, NOON), NOON, 5.0)
    twice = pacing.throttled(once, after(0.2), 3.0)
    longer = pacing.throttled(once, after(0.2), 9.0)
    assert (once.rate, once.ceiling) == (pytest.approx(17.5), pytest.approx(22.5))
    assert twice == once
    assert longer == replace(once, paused_until=after(9.2))


@given(st.floats(1.0, 27.0), st.floats(1.0, 27.0), st.booleans())
def test_the_rise_is_slow_and_ends_below_the_ceiling(rate: float, ceiling: float, refused: bool) -> None:  # noqa: FBT001 - drawn
    pace = Pace(1.0, NOON, min(rate, ceiling), ceiling, NOON if refused else None)
    rates = [pace.rate]
    for at in range(20):
        pace, sent = flow(pace, TELEGRAM, after(at), 1, bulk=False)
        assert sent
        rates.append(pace.rate)
    assert all(b - a <= 2 * pacing.RISE * TELEGRAM.top for a, b in pairwise(rates))
    assert pace.rate <= pace.ceiling <= TELEGRAM.top
    if refused:
        assert pace.ceiling == ceiling


def test_an_old_ceiling_is_lifted_again_but_far_more_slowly() -> None:
    cut = pacing.throttled(pacing.first(TELEGRAM, NOON), NOON, 1.0)
    soon, _ = flow(cut, TELEGRAM, after(2), 600, bulk=True)
    assert soon.rate == pytest.approx(22.5)
    late, _ = flow(soon, TELEGRAM, NOON + LONG_AGO + 2 * SECOND, 100, bulk=True)
    assert 22.6 < late.rate < 24.5


def test_an_idle_account_does_not_speed_up() -> None:
    pace = pacing.first(TELEGRAM, NOON)
    for at in range(1, 100):
        pace = pacing.take(pace, TELEGRAM, after(at)).pace
    assert pace.rate == 25.0


def test_a_reply_needs_less_at_hand_than_an_announcement() -> None:
    pace = Pace(1.0, NOON, 25.0, 28.0)
    assert pacing.take(pace, TELEGRAM, NOON).wait == 0
    assert pacing.take(pace, TELEGRAM, NOON, bulk=True).wait == pytest.approx(0.3 / 25)


def test_a_part_that_became_three_messages_is_made_up_for_before_the_next() -> None:
    taken = pacing.take(Pace(2.0, NOON, 25.0, 28.0), TELEGRAM, NOON)
    owes = pacing.owing(taken.pace, 2)
    assert pacing.take(owes, TELEGRAM, NOON).wait == pytest.approx(2 / 25)
    assert pacing.take(owes, TELEGRAM, after(2 / 25 + 0.001)).wait == 0


def test_a_clock_that_runs_behind_gives_nothing_twice() -> None:
    pace = pacing.take(pacing.first(TELEGRAM, NOON), TELEGRAM, NOON).pace
    behind = pacing.take(pace, TELEGRAM, after(-10))
    assert behind.wait == pytest.approx(10 + 1 / 25, abs=0.001)
    assert behind.pace.at == NOON


def test_a_clock_that_was_put_back_starts_anew_without_a_gift() -> None:
    pace = pacing.take(pacing.first(TELEGRAM, NOON), TELEGRAM, NOON).pace
    taken = pacing.take(pace, TELEGRAM, after(-3600))
    assert taken.wait == pytest.approx(1 / 25, abs=0.001)
    assert pacing.take(taken.pace, TELEGRAM, after(-3600 + 0.05)).wait == 0


def _stopped(times: int) -> tuple[Pace, datetime]:
    """Stopped, and every probe but the last refused."""
    pace, now = pacing.stopped(pacing.first(TELEGRAM, NOON), NOON, "bad-token"), NOON
    for _ in range(times - 1):
        assert pace.paused_until is not None
        now = pace.paused_until
        pace = pacing.stopped(pacing.take(pace, TELEGRAM, now).pace, now + SECOND, "bad-token")
        now += SECOND
    return pace, now


def test_a_stopped_account_is_probed_after_half_an_hour_and_then_ever_less() -> None:
    waits = []
    for times in range(1, 7):
        pace, now = _stopped(times)
        assert pace.paused_until is not None
        waits.append((pace.paused_until - now) / timedelta(minutes=1))
    assert waits == [30, 60, 120, 240, 240, 240]


def test_only_one_part_is_a_probe() -> None:
    pace, _ = _stopped(1)
    due = after(1800)
    probe = pacing.take(pace, TELEGRAM, due)
    assert (probe.wait, probe.until) == (0, None)
    second = pacing.take(probe.pace, TELEGRAM, due)
    assert second.until == due + PROBING
    lost = pacing.take(probe.pace, TELEGRAM, due + PROBING)  # nobody said how the probe ended
    assert lost.wait == 0


def test_sends_that_were_out_together_stop_an_account_once() -> None:
    pace, _ = _stopped(1)
    assert pacing.stopped(pace, after(3), "bad-token") == pace


def test_a_probe_that_went_through_ends_the_stop() -> None:
    probe = pacing.take(_stopped(3)[0], TELEGRAM, NOON + timedelta(hours=9))
    going = pacing.resumed(probe.pace, NOON + timedelta(hours=9))
    assert (going.stopped, going.stops) == ("", 0)
    assert pacing.take(going, TELEGRAM, NOON + timedelta(hours=9, seconds=1)) == Taken(
        replace(going, tokens=1.0, at=NOON + timedelta(hours=9, seconds=1), rate=going.rate)
    )


def test_new_settings_hold_at_once_and_a_refusal_of_yesterday_is_forgotten() -> None:
    cut = pacing.throttled(pacing.first(TELEGRAM, NOON), NOON, 1.0)
    faster, slower = Limits(40.0), Limits(10.0)
    assert pacing.fitted(cut, slower, after(5)).rate == 10.0
    assert pacing.fitted(cut, faster, after(5)).ceiling == pytest.approx(22.5)
    assert pacing.fitted(cut, faster, NOON + timedelta(days=2)).rate == 40.0
    assert pacing.fitted(pacing.first(TELEGRAM, NOON), faster, after(5)).rate == 40.0


def test_one_chat_hears_three_at_once_and_then_one_a_second_whoever_sends() -> None:
    def wait(*seconds: float, at: float) -> float:
        sent = [NOON + timedelta(seconds=one) for one in seconds]
        return distance(sent, NOON + timedelta(seconds=at), 1.0, 3)

    assert wait(at=0) == 0
    assert wait(0, 0, at=0) == 0
    assert wait(0, 0, 0, at=0) == 1
    assert wait(0, 0, 0, at=0.4) == pytest.approx(0.6)
    assert wait(0, 0, 0, 1, at=1) == 1
    assert wait(0, 1, 2, 3, at=4) == 0
    assert wait(0, 0, 0, at=60) == 0
