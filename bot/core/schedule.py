"""When something of our own may be said: the hours in which people sleep are kept quiet.

Never looks at a clock and never decides about answers to what a person just wrote.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")


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


def promised(now: datetime, within: timedelta, zone: ZoneInfo) -> datetime:
    """By when somebody answers: a full hour, and not on a Saturday or Sunday, when offices are closed."""
    by = (now + within).astimezone(zone)
    if by.minute or by.second or by.microsecond:
        by = by.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while by.weekday() >= 5:
        by += timedelta(days=1)
    return by.astimezone(now.tzinfo)
