"""When people are reminded of an activity: offsets as staff write them, their moments, what is too late.

Never looks at a clock, and never knows who comes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.core.hours import after, allowed, before, end
from bot.core.schedule import PHNOM_PENH, QuietHours

FORM = re.compile(r"-(?P<count>[1-9]\d{0,2})(?P<unit>[dh])(?: (?P<at>(?:[01]\d|2[0-3]):[0-5]\d))?")
AHEAD = timedelta(hours=24)  # before its time a reminder is made ready, with each person's own moment
GRACE_SHARE = 4  # of the time that is left until the start: so late it may be
GRACE_MOST = timedelta(days=1)
URGENT = timedelta(hours=18)  # before the start, a change may pass quiet hours
DEAD_OF_NIGHT = QuietHours(time(23), time(4, 30), PHNOM_PENH)  # but not these


@dataclass(frozen=True, slots=True)
class Offset:
    """So long before the start: `days` by the calendar, at the same hour or `at`; or `hours`."""

    days: int = 0
    hours: int = 0
    at: time | None = None

    def before(self, starts_at: datetime) -> datetime:
        """The moment, of local time: seven days before eight o'clock is eight o'clock."""
        local = starts_at.astimezone(PHNOM_PENH)
        if self.hours:
            return starts_at - timedelta(hours=self.hours)
        day = local.date() - timedelta(days=self.days)
        moment = datetime.combine(day, self.at or local.time(), PHNOM_PENH)
        return moment.astimezone(starts_at.tzinfo)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One offset of an activity. `at`: its moment. `until`: later than that it is of no use."""

    offset: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """When something leaves for one person: from `at` on, and not after `until`; of use it is until `use`."""

    at: datetime
    until: datetime
    use: datetime


def parse(text: str) -> Offset:
    """Read `-7d`, `-1d 17:00` or `-3h`. Raises ValueError for anything else."""
    found = FORM.fullmatch(text)
    if found is None or (found["unit"] == "h" and found["at"]):
        raise ValueError(f'no reminder: "{text}"; write -7d, -1d 17:00 or -3h')
    count = int(found["count"])
    if found["unit"] == "h":
        return Offset(hours=count)
    return Offset(days=count, at=time.fromisoformat(found["at"]) if found["at"] else None)


def reminders(offsets: Iterable[str], starts_at: datetime) -> tuple[Reminder, ...]:
    """The reminders of an activity, the first first. Raises ValueError: an offset does not read."""
    found = {text: parse(text).before(starts_at) for text in offsets}
    made = [
        Reminder(text, at, at + min(GRACE_MOST, (starts_at - at) / GRACE_SHARE)) for text, at in found.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.at, one.offset)))


def moment(reminder: Reminder, hours: str, quiet: QuietHours, now: datetime) -> Moment | None:
    """When one person is reminded; None when it is too late.

    A moment outside their hours moves to the last ones before it. Once that is past it leaves at once, or in
    the next hours, as long as it is of use.
    """
    at = before(reminder.at, hours, quiet)
    if at < now:
        at = after(now, hours, quiet)
    if at >= reminder.until:
        return None
    return Moment(at, _until(at, reminder.until, hours, quiet), reminder.until)


def notice(starts_at: datetime, hours: str, quiet: QuietHours, now: datetime) -> Moment | None:
    """When somebody is told of what is new: in their next hours; None when it will have begun by then."""
    at = after(now, hours, quiet)
    return Moment(at, _until(at, starts_at, hours, quiet), starts_at) if at < starts_at else None


def urgent(starts_at: datetime, now: datetime) -> bool:
    """Whether a change may pass quiet hours, as what it changes begins soon."""
    return now < starts_at <= now + URGENT


def correction(
    starts_at: datetime, ends_at: datetime, hours: str, quiet: QuietHours, now: datetime, *, discreet: bool
) -> Moment | None:
    """When somebody is told what has changed; None when it will be over by then.

    It passes quiet hours where it is urgent, but neither the dead of night nor hours that somebody chose,
    and never for whoever asked for discretion.
    """
    passes = urgent(starts_at, now) and not discreet and hours == "any"
    at = DEAD_OF_NIGHT.after(now) if passes else after(now, hours, quiet)
    if at >= ends_at:
        return None
    return Moment(at, ends_at if passes else _until(at, ends_at, hours, quiet), ends_at)


def _until(at: datetime, until: datetime, hours: str, quiet: QuietHours) -> datetime:
    """Nothing leaves after the hours in which it was to, however late its sender is: there is a next day."""
    return min(until, end(at, hours, quiet)) if allowed(at, hours, quiet) else until
