"""A fair that staff tell by phone: a few questions in a row, each read from typed words or a tap.

Never keeps anything: what was said so far is handed in and out as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from bot.core.activity import NOTHING, Bilingual, Sheet, Stop
from bot.core.book import Book
from bot.core.khmer import dates, digits, hours
from bot.core.message import Line, PlaceName, Verbatim
from bot.core.schedule import PHNOM_PENH

Given = Mapping[str, Any]
Choice = tuple[str, Line | PlaceName | Verbatim]  # what is tapped, and its label

NEW: Final = ("title", "title-en", "place", "venue", "day", "hours", "capacity", "bus", "seats", "leaves")
MOVED: Final = ("day", "hours", "venue")
MAY_SKIP: Final = frozenset({"title-en", "venue", "capacity", "bus"})
LONGEST: Final = 120  # letters of a title or a venue: the first line of a reminder has to show it
MOST: Final = 5000  # people at one fair, and seats in one bus, beyond which a digit was typed too many
HOURS: Final = ("07:30-11:30", "08:00-12:00", "08:00-16:00", "13:30-17:00")
AHEAD: Final = timedelta(days=400)  # a later day is a slip of the year


@dataclass(frozen=True, slots=True)
class Unclear:
    """It was not understood. `why`: what is said; `choices`: what it may have meant."""

    why: Line
    choices: tuple[Choice, ...] = ()


def next_of(questions: tuple[str, ...], given: Given) -> str | None:
    """The question that is asked next; those about the bus only where there is one. None: all is said."""
    for one in questions:
        if one in given or (one in {"seats", "leaves"} and not given.get("bus")):
            continue
        return one
    return None


def choices(question: str, *, moves: bool = False) -> tuple[Choice, ...]:
    """What can be tapped instead of typing. `moves`: there is a fair already."""
    if question == "hours":
        return tuple((one, Verbatim(one.replace("-", " – "))) for one in HOURS)
    skip = "same-venue" if moves and question == "venue" else question
    return (("-", Line(f"phone.fair-skip.{skip}")),) if question in MAY_SKIP else ()


def read(book: Book, question: str, given: Given, said: str, now: datetime) -> dict[str, Any] | Unclear:
    """What was said so far with this answer. `said`: typed words, or what was tapped (`-` leaves it out)."""
    words = " ".join(said.split())
    if words == "-" and question in MAY_SKIP:
        return {**given, question: ""}
    match question:
        case "title" | "title-en" | "venue" | "bus":
            good = 0 < len(words) <= LONGEST
            return {**given, question: words} if good else Unclear(Line("phone.fair-long", {"most": LONGEST}))
        case "place":
            return _place(book, given, words)
        case "day":
            return _day(given, words, now)
        case "hours":
            span = hours.span(words)
            told = span and [span[0].isoformat("minutes"), span[1].isoformat("minutes")]
            return {**given, question: told} if told else Unclear(Line("phone.fair-hours-again"))
        case "leaves":
            at = hours.at(words)
            begins = time.fromisoformat(given["hours"][0])
            if at is None or at >= begins:
                return Unclear(Line("phone.fair-leaves-again"))
            return {**given, question: at.isoformat("minutes")}
        case _:
            number = digits.number(words)
            if number is None or number != int(number) or not 0 < number <= MOST:
                return Unclear(Line("phone.fair-number-again"))
            return {**given, question: int(number)}


def sheet(given: Given) -> Sheet:
    """What a new fair says."""
    begins, ends = _span(given)
    stops: tuple[Stop, ...] = ()
    if given["bus"]:
        leaves = _at(date.fromisoformat(given["day"]), given["leaves"])
        stops = (Stop("s1", Bilingual(given["bus"]), leaves, given["seats"]),)
    return Sheet(
        title=Bilingual(given["title"], given["title-en"]),
        place=given["place"],
        starts_at=begins,
        ends_at=ends,
        venue=Bilingual(given["venue"]) if given["venue"] else NOTHING,
        capacity=given["capacity"] or None,
        stops=stops,
    )


def moved(before: Sheet, given: Given) -> Sheet:
    """The same fair at another time, maybe elsewhere: it lasts as many days, and its buses go with it."""
    begins, ends = _span(given)
    lasts = before.ends_at.astimezone(PHNOM_PENH).date() - before.starts_at.astimezone(PHNOM_PENH).date()
    by = begins - before.starts_at
    return replace(
        before,
        starts_at=begins,
        ends_at=ends + lasts,
        venue=Bilingual(given["venue"]) if given["venue"] else before.venue,
        point=None if given["venue"] else before.point,
        stops=tuple(replace(one, leaves_at=one.leaves_at + by) for one in before.stops),
    )


def _span(given: Given) -> tuple[datetime, datetime]:
    day = date.fromisoformat(given["day"])
    begins, ends = given["hours"]
    return _at(day, begins), _at(day, ends)


def _at(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), PHNOM_PENH).astimezone(UTC)


def _place(book: Book, given: Given, words: str) -> dict[str, Any] | Unclear:
    """A commune by its name or code; a name of several means first the one in the centre's province."""
    if words.isascii() and words.isdigit() and book.places.by_code(words) is not None and len(words) == 6:
        return {**given, "place": words}
    centre = book.centres.get(str(given.get("centre", "")))
    found = book.places.match(words, centre.province) if centre else ()
    found = found or book.places.match(words)
    if isinstance(found, tuple):
        asked = tuple((one.code, PlaceName(f"+{one.code}")) for one in found if len(one.code) == 6)
        return Unclear(Line("phone.fair-place-which" if asked else "phone.fair-place-again"), asked)
    if len(found.code) == 6:
        return {**given, "place": found.code}
    below = tuple((one.code, PlaceName(one.code)) for one in book.places.children(found.code))
    communes = below if len(found.code) == 4 else ()
    return Unclear(Line("phone.fair-place-which" if communes else "phone.fair-place-again"), communes)


def _day(given: Given, words: str, now: datetime) -> dict[str, Any] | Unclear:
    today = now.astimezone(PHNOM_PENH).date()
    found = dates.day(words, today).those(lambda one: today <= one <= today + AHEAD)
    if found.sure is None:
        return Unclear(Line("phone.fair-day-again"))
    return {**given, "day": found.sure.isoformat()}
