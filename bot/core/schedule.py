"""When something of our own may be said, and when a centre is open: quiet hours, office hours, promises.

Never looks at a clock and never decides about answers to what a person just wrote.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))? \d\d:\d\d-\d\d:\d\d$"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until before `end`, local time of `zone`; equal ones mean no quiet hours."""

    start: time
    end: time
    zone: ZoneInfo

    def cover(self, now: datetime) -> bool:
        """Whether `now` (aware) is in them."""
        local = now.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def after(self, now: datetime) -> datetime:
        """The first moment from `now` (aware) on that is not in them."""
        if not self.cover(now):
            return now
        local = now.astimezone(self.zone)
        end = datetime.combine(local.date(), self.end, self.zone)
        return (end if end > local else end + timedelta(days=1)).astimezone(now.tzinfo)


@dataclass(frozen=True, slots=True)
class Span:
    """On these days of the week (Monday is 0), from `start` until before `end`."""

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """When an office is open, in local time of `zone`; `closed`: days off, such as public holidays."""

    spans: tuple[Span, ...]
    closed: frozenset[date] = frozenset()
    zone: ZoneInfo = PHNOM_PENH

    def open(self, now: datetime) -> bool:
        """Whether somebody is there at `now` (aware)."""
        local = now.astimezone(self.zone)
        return any(span.start <= local.time() < span.end for span in self._on(local.date()))

    def next_opening(self, now: datetime) -> datetime:
        """When the office next opens after `now` (aware); in its hours, the time after these."""
        local = now.astimezone(self.zone)
        for ahead in count():
            day = local.date() + timedelta(days=ahead)
            for start in sorted(span.start for span in self._on(day)):
                if (opens := datetime.combine(day, start, self.zone)) > local:
                    return opens.astimezone(now.tzinfo)
        raise AssertionError  # days do not end, and `read_hours` makes no hours without one

    def works_on(self, day: date) -> bool:
        """Whether the office opens on that day at all."""
        return bool(self._on(day))

    def _on(self, day: date) -> tuple[Span, ...]:
        return () if day in self.closed else tuple(one for one in self.spans if day.weekday() in one.days)


def read_hours(spans: Iterable[str], closed: Iterable[date] = (), zone: ZoneInfo = PHNOM_PENH) -> Hours:
    """The hours of texts such as `mon-fri 07:30-11:30`. Raises ValueError for other texts, or for none."""
    read = tuple(_span(one) for one in spans)
    if not read:
        raise ValueError("an office that never opens has no hours")
    return Hours(read, frozenset(closed), zone)


def _span(text: str) -> Span:
    if re.match(SPAN, text) is None:
        raise ValueError(f"no hours: {text}")
    days, _, hours = text.partition(" ")
    first, _, last = days.partition("-")
    start, _, end = hours.partition("-")
    begins, ends = DAYS.index(first), DAYS.index(last or first)
    span = Span(frozenset(range(begins, ends + 1)), time.fromisoformat(start), time.fromisoformat(end))
    if not span.days or span.start >= span.end:
        raise ValueError(f"no hours: {text}")
    return span


# The usual hours of provincial offices in Cambodia: where a centre's own are not written down yet.
OFFICE = read_hours(("mon-fri 07:30-11:30", "mon-fri 14:00-17:30"))


def promised(now: datetime, within: timedelta, hours: Hours) -> datetime:
    """By when somebody answers: a full hour at which the office is open.

    A day off is skipped, the hour kept; at an hour when nobody is there it is an hour after the next opening,
    for whoever opens must have time to answer.
    """
    by = (now + within).astimezone(hours.zone)
    while not hours.works_on(by.date()):
        by += timedelta(days=1)
    by = _full(by)
    if not hours.open(by):
        by = _full(hours.next_opening(by) + HOUR)
    return by.astimezone(now.tzinfo)


def _full(at: datetime) -> datetime:
    whole = at.replace(minute=0, second=0, microsecond=0)
    return at if at == whole else whole + HOUR
