"""When what we send unasked may reach a person: outside the quiet hours, in hours that are safe for them.

Never looks at a clock.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from bot.core.schedule import QuietHours

DAY = timedelta(days=1)
LEAD = timedelta(hours=1)  # before the hours end: so much is left to send to everybody
ANY = "any"
SAFE: Mapping[str, tuple[time, time]] = {  # what people choose among as `safe_time`
    "morning": (time(7), time(11)),
    "noon": (time(11), time(14)),
    "evening": (time(16), time(20)),
}


class Span(NamedTuple):
    """From `start` until before `end`."""

    start: datetime
    end: datetime


def allowed(at: datetime, hours: str, quiet: QuietHours) -> bool:
    """Whether something may reach somebody then. `hours`: morning, noon, evening, any."""
    return _around(at, hours, quiet) is not None


def before(at: datetime, hours: str, quiet: QuietHours) -> datetime:
    """`at` when it is allowed, else an hour before the last hours that were end: the evening before."""
    if allowed(at, hours, quiet):
        return at
    last = max((span for span in _near(at, hours, quiet) if span.end <= at), key=lambda span: span.end)
    return max(last.start, last.end - LEAD).astimezone(at.tzinfo)


def after(at: datetime, hours: str, quiet: QuietHours) -> datetime:
    """`at` when it is allowed, else when it next will be."""
    if allowed(at, hours, quiet):
        return at
    return min(span.start for span in _near(at, hours, quiet) if span.start > at).astimezone(at.tzinfo)


def end(at: datetime, hours: str, quiet: QuietHours) -> datetime:
    """When the hours that are going on at `at` end; `at` itself when none are."""
    if quiet.start == quiet.end and hours not in SAFE:
        return at.max.replace(tzinfo=at.tzinfo)
    span = _around(at, hours, quiet)
    return at if span is None else span.end.astimezone(at.tzinfo)


def next_day(at: datetime, quiet: QuietHours) -> datetime:
    """When the quiet hours that come next are over; tomorrow at this time when there are none."""
    if quiet.start == quiet.end:
        return at + DAY
    return quiet.after(end(at, ANY, quiet))


def _around(at: datetime, hours: str, quiet: QuietHours) -> Span | None:
    return next((span for span in _near(at, hours, quiet) if span.start <= at < span.end), None)


def _near(at: datetime, hours: str, quiet: QuietHours) -> tuple[Span, ...]:
    return _days_around(at.astimezone(quiet.zone).date(), hours, quiet)


@lru_cache(maxsize=256)  # the same for all who are told on one day
def _days_around(day: date, hours: str, quiet: QuietHours) -> tuple[Span, ...]:
    """The spans of the days around; all are allowed when quiet hours leave nothing of the person's."""
    around = [day + ahead * DAY for ahead in (-2, -1, 0, 1, 2)]
    theirs = SAFE.get(hours)
    found = tuple(span for one in around for span in _free(one, theirs, quiet))
    return found or tuple(span for one in around for span in _free(one, None, quiet))


def _free(day: date, theirs: tuple[time, time] | None, quiet: QuietHours) -> Iterator[Span]:
    """What of a day is neither quiet nor outside somebody's hours."""
    midnight = datetime.combine(day, time(), quiet.zone)
    first = Span(midnight, midnight + DAY)
    if theirs is not None:
        first = Span(*(datetime.combine(day, one, quiet.zone) for one in theirs))
    start, stop = (datetime.combine(day, one, quiet.zone) for one in (quiet.start, quiet.end))
    loud: tuple[Span, ...]
    if start == stop:
        loud = (first,)
    elif start < stop:
        loud = (Span(midnight, start), Span(stop, midnight + DAY))
    else:
        loud = (Span(stop, start),)
    for one in loud:
        common = Span(max(first.start, one.start), min(first.end, one.end))
        if common.start < common.end:
            yield common
