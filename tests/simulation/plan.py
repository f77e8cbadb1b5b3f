"""What happens in a month: who there is, which fairs, and who does what when; made by chance, the same again.

Never knows what should follow from it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from bot.core.activity import RULE, Bilingual, Sheet

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
FIRST, DAYS = date(2026, 12, 12), 31  # over the end of a month and of a year
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COMMUNES = ("150101", "150201", "220101", "130101")
What = Literal["publish", "edit", "cancel", "come", "maybe", "cannot", "block", "stop", "write"]


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """The moment, by days from the first."""
    return datetime.combine(FIRST + timedelta(days=day), time(hour, minute), PHNOM_PENH)


ASLEEP = (  # from, until: nobody ticks, and nobody is heard
    (local(10, 15), local(12, 15)),
    (local(20, 19), local(21, 3)),  # it wakes in the middle of the night
)
BACKWARDS = local(15, 12)  # the clock is put back by two hours
SILENT = (*ASLEEP, (local(15, 9), BACKWARDS))


@dataclass(frozen=True)
class Human:
    """`follows`: wants to hear of fairs in that province; empty: of none."""

    messenger: bool
    hours: str
    follows: str


@dataclass(frozen=True)
class Event:
    """Something that happens. `fair`, `human`: by number."""

    at: datetime
    what: What
    fair: int = -1
    human: int = -1
    sheet: Sheet | None = None
    remind: bool = True


@dataclass(frozen=True)
class Plan:
    """A month. `fairs`: what each says at first."""

    humans: tuple[Human, ...]
    fairs: tuple[Sheet, ...]
    events: tuple[Event, ...]
    ticks: tuple[datetime, ...]


def make(seed: int, people: int, fairs: int, coming: int, every: int = 1) -> Plan:
    """A month by chance. `coming`: how many fairs somebody answers, about. `every`: hours between ticks."""
    chance = Random(seed)  # noqa: S311 - to be had again
    humans = tuple(_human(chance) for _ in range(people))
    sheets = [_sheet(chance, number) for number in range(fairs)]
    events = []
    for number, sheet in enumerate(sheets):
        published = _published(chance, sheet)
        events.append(Event(published, "publish", number))
        events += _changes(chance, number, sheet, published)
        for human in chance.sample(range(people), min(people, people * coming // fairs)):
            events += _answers(chance, number, human, sheet, published)
    for human in range(people):
        events += _lives(chance, human)
    events = [one for one in events if not any(start <= one.at <= end for start, end in SILENT)]
    return Plan(humans, tuple(sheets), tuple(sorted(events, key=lambda one: one.at)), ticks(every))


def ticks(every: int) -> tuple[datetime, ...]:
    """Every so many hours while the machine is awake, as its clock says."""
    found = [local(0, 0) + nth * HOUR for nth in range(0, DAYS * 24, every)]
    awake = [one for one in found if not any(start < one < end for start, end in ASLEEP)]
    at = awake.index(BACKWARDS)
    return (*awake[: at + 1], *awake[at - 2 // every :])


def _human(chance: Random) -> Human:
    hours = chance.choice(("any", "any", "any", "any", "morning", "noon", "evening"))
    follows = chance.choice(("", "", "15", "22", "13"))
    return Human(chance.random() < 0.5, hours, follows)


def _sheet(chance: Random, number: int) -> Sheet:
    begins = local(
        chance.randint(2, 28), *chance.choice(((6, 30), (7, 0), (8, 0), (8, 30), (14, 0), (20, 0)))
    )
    lasts = chance.choice((6 * HOUR, 8 * HOUR, 32 * HOUR))
    rule = chance.choice((RULE, RULE, RULE, ("-10d", "-2d 06:00", "-90h"), ("-1d",)))
    title = Bilingual(f"ពិព័រណ៍ {number}", f"Fair {number}")
    return Sheet(title, chance.choice(COMMUNES), begins, begins + lasts, reminders=rule)


def _published(chance: Random, sheet: Sheet) -> datetime:
    """Mostly well before, sometimes in the last days or hours."""
    before = chance.choice((14 * DAY, 9 * DAY, 6 * DAY, 2 * DAY, 20 * HOUR, 7 * HOUR))
    return _awake(max(local(0, 8), sheet.starts_at - before))


def _changes(chance: Random, number: int, sheet: Sheet, published: datetime) -> list[Event]:
    """At most two, more than a day apart."""
    events, at = [], published + 3 * HOUR
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        left = int((sheet.starts_at - at) / HOUR) - 3
        if left < 1:
            break
        at = _hour(at + chance.randint(1, left) * HOUR)
        if chance.random() < 0.25:
            events.append(Event(at, "cancel", number))
            break
        sheet = _edited(chance, sheet, at)
        events.append(Event(at, "edit", number, sheet=sheet))
        at += 30 * HOUR
    return events


def _edited(chance: Random, sheet: Sheet, at: datetime) -> Sheet:
    match chance.choice(("later", "earlier", "cost", "place", "words")):
        case "later":
            return replace(sheet, starts_at=sheet.starts_at + DAY, ends_at=sheet.ends_at + DAY)
        case "earlier" if sheet.starts_at - at > 5 * HOUR:
            return replace(sheet, starts_at=sheet.starts_at - 2 * HOUR)
        case "place":
            return replace(sheet, venue=Bilingual("សាលា", f"School {at}"))
        case "words":
            return replace(sheet, description=Bilingual("ថ្មី", f"New {at}"))
        case _:
            return replace(sheet, cost=chance.randint(1, 9) * 1000)


def _answers(chance: Random, fair: int, human: int, sheet: Sheet, published: datetime) -> list[Event]:
    """An answer by day; some change their mind."""
    at = _someday(chance, published + HOUR, sheet.starts_at - HOUR)
    if at is None:
        return []
    what: What = chance.choice(("come", "come", "come", "maybe"))
    events = [Event(at, what, fair, human, remind=chance.random() < 0.9)]
    other = _someday(chance, at + HOUR, sheet.starts_at - HOUR)
    if other is not None and chance.random() < 0.3:
        what = chance.choice(("cannot", "cannot", "come", "stop", "block"))
        events.append(Event(other, what, fair, human))
    return events


def _lives(chance: Random, human: int) -> list[Event]:
    """What they do besides."""
    events = []
    for likely in (0.3, 0.3):
        at = _someday(chance, local(1, 8), local(DAYS - 1, 20))
        if at is not None and chance.random() < likely:
            events.append(Event(at, "write", human=human))
    return events


def _someday(chance: Random, since: datetime, until: datetime) -> datetime | None:
    """An hour by day between them, when somebody is there to hear it."""
    span = int((until - since) / HOUR)
    if span < 1:
        return None
    for _ in range(4):
        at = _hour(since + chance.randint(0, span) * HOUR)
        if 8 <= at.astimezone(PHNOM_PENH).hour < 20 and since <= at < until:
            return at
    return None


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0)


def _awake(at: datetime) -> datetime:
    """That hour, or the first after a sleep."""
    for start, end in SILENT:
        if start <= at <= end:
            return end + HOUR
    return _hour(at)
