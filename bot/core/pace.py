"""How fast an account may send: a token bucket that speeds up while all goes well and gives way when told.

Never waits, and never looks at a clock: every function is given the time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

CAPACITY = 2.0  # tokens: what several ask for at once (facts: reliability 8)
DEEP = 0.02  # seconds of the rate that a fast account may have at hand: timers are no finer
# Over the rate to begin with: 25 may become 27. With two at hand and one that was under way for longer than
# the next, that is at most 30 in any second (facts: channels 2.1); 28 was refused at times (bench/README.md).
HEADROOM = 1.08
RISE = 0.008  # of the highest rate, a second of sending without rest
CREEP = 0.0004  # likewise, for a ceiling that was found long ago
LONG_AGO = timedelta(hours=1)  # after the last refusal the ceiling is tried again, by creeping
FORGOTTEN = timedelta(days=1)  # a process that starts then begins at the rate of the settings
CUT = 0.7  # what a refusal leaves of the rate
UNDER = 0.9  # of the refused rate: the ceiling from then on
SLOWEST = 1.0  # a second: slower than that an account serves nobody
UNNAMED = timedelta(seconds=2)  # the pause when the platform names none
KEPT_BACK = 0.3  # of a token, which announcements leave for replies: whoever waits less goes first
BACKWARDS = timedelta(minutes=1)  # a clock that was put back by more than this is believed
PROBE_FIRST, PROBE_LAST = timedelta(minutes=30), timedelta(hours=4)  # facts: channels 3.5
PROBING = timedelta(minutes=1)  # how long a probe may take, longer than any send


def distance(sent: Sequence[datetime], now: datetime, rate: float, burst: int) -> float:
    """Seconds until one chat may be sent to again, `burst` at once and then `rate` a second; oldest first."""
    every = timedelta(seconds=1 / rate)
    due = datetime.min.replace(tzinfo=UTC)
    for at in sent:
        due = max(due, at) + every
    return max(0.0, (due - (burst - 1) * every - now).total_seconds()) if sent else 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What an account begins with: sends a second, on the whole, to one chat, and of media.

    `burst`: sends to one chat that need not wait. None: no limit of its own.
    """

    rate: float
    chat: float | None = None
    burst: int = 3
    media: float | None = None

    @property
    def top(self) -> float:
        """The highest rate it may ever reach."""
        return self.rate * HEADROOM


@dataclass(frozen=True, slots=True)
class Pace:
    """Where an account stands. `tokens` as of `at`; `rate` a second now, `ceiling` at most.

    `paused_until`: the end of the last pause, also when it is over; of a stopped account, its next probe.
    `stopped`: why the platform takes nothing at all; `stops`: how often in a row it said so.
    """

    tokens: float
    at: datetime
    rate: float
    ceiling: float
    paused_until: datetime | None = None
    stopped: str = ""
    stops: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer to `take`: `wait` 0 sends now, else ask again after so many seconds.

    `until`: the account is paused or stopped up to then.
    """

    pace: Pace
    wait: float = 0.0
    until: datetime | None = None


def first(limits: Limits, now: datetime) -> Pace:
    """Begin, with one send at hand."""
    return Pace(1.0, now, limits.rate, limits.top)


def capacity(rate: float) -> float:
    """How many sends may follow each other at once: in any second at most this and the rate."""
    return max(CAPACITY, rate * DEEP)


def take(pace: Pace, limits: Limits, now: datetime, *, bulk: bool = False) -> Taken:
    """Ask to send once. `bulk`: an announcement, which leaves something for replies.

    A stopped account lets one through when its probe is due, and no other while that one is out.
    """
    if pace.paused_until is not None and now < pace.paused_until:
        return Taken(pace, (pace.paused_until - now).total_seconds(), pace.paused_until)
    if pace.stopped:
        return Taken(replace(pace, tokens=0.0, at=now, paused_until=now + PROBING))
    full = capacity(pace.rate)
    tokens, at = min(full, pace.tokens + _passed(pace.at, now) * pace.rate), _later(pace.at, now)
    wanted = 1.0 + KEPT_BACK if bulk else 1.0
    if tokens < wanted:
        known = replace(pace, tokens=tokens, at=at)
        return Taken(known, (wanted - tokens) / pace.rate + _ahead(pace.at, now))
    left = replace(pace, tokens=tokens - 1.0, at=at)
    busy = tokens < full - 0.1
    return Taken(rose(left, limits, now) if busy else left)


def rose(pace: Pace, limits: Limits, now: datetime) -> Pace:
    """After one more send of a busy account: a little faster, up to the ceiling.

    A ceiling that was found long ago is lifted far more slowly; a refusal finds it again.
    """
    ceiling = pace.ceiling
    if ceiling < limits.top and pace.rate >= ceiling and _long_ago(pace, now):
        ceiling = min(limits.top, ceiling + CREEP * limits.top / pace.rate)
    rate = min(ceiling, limits.top, pace.rate + RISE * limits.top / pace.rate)
    return replace(pace, rate=max(rate, SLOWEST), ceiling=ceiling)


def owing(pace: Pace, more: int) -> Pace:
    """After sends that nobody asked for, because a part took several: whoever comes next waits for them."""
    return replace(pace, tokens=pace.tokens - more)


def throttled(pace: Pace, now: datetime, after: float | None) -> Pace:
    """Give way: exactly as long as the platform said, and slower from then on.

    Sends that were out together are refused together: they slow down once, and the longest pause holds.
    """
    until = now + (timedelta(seconds=after) if after is not None else UNNAMED)
    if pace.paused_until is not None and now < pace.paused_until:
        return replace(pace, paused_until=max(until, pace.paused_until))
    ceiling = max(SLOWEST, min(pace.ceiling, pace.rate * UNDER))
    rate = max(SLOWEST, min(ceiling, pace.rate * CUT))
    return replace(pace, tokens=0.0, at=_later(pace.at, now), rate=rate, ceiling=ceiling, paused_until=until)


def stopped(pace: Pace, now: datetime, reason: str) -> Pace:
    """The platform takes nothing from this account: one probe after 30 minutes, doubling to 4 hours.

    Sends that were out together stop it once.
    """
    if pace.stopped and pace.paused_until is not None and pace.paused_until > now + PROBING:
        return pace
    wait = min(PROBE_LAST, PROBE_FIRST * 2 ** min(pace.stops, 10))
    return replace(pace, stopped=reason, stops=pace.stops + 1, paused_until=now + wait)


def resumed(pace: Pace, now: datetime) -> Pace:
    """A probe went through, or somebody mended it."""
    if not pace.stopped:
        return pace
    return replace(pace, tokens=0.0, at=_later(pace.at, now), paused_until=now, stopped="", stops=0)


def fitted(pace: Pace, limits: Limits, now: datetime) -> Pace:
    """What was remembered, under the limits of today's settings; a refusal of long ago is tried anew."""
    if pace.paused_until is None or now - pace.paused_until >= FORGOTTEN:
        return replace(pace, rate=limits.rate, ceiling=limits.top)
    ceiling = max(SLOWEST, min(pace.ceiling, limits.top))
    return replace(pace, rate=max(SLOWEST, min(pace.rate, limits.rate, ceiling)), ceiling=ceiling)


def _passed(at: datetime, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds())


def _later(at: datetime, now: datetime) -> datetime:
    return now if now > at or at - now > BACKWARDS else at


def _ahead(at: datetime, now: datetime) -> float:
    """Seconds until the clock is where it was."""
    return max(0.0, (at - now).total_seconds()) if at - now <= BACKWARDS else 0.0


def _long_ago(pace: Pace, now: datetime) -> bool:
    return pace.paused_until is None or now - pace.paused_until >= LONG_AGO
