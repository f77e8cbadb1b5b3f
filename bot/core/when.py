"""A typed date where a question asks for one: which of those that it may be fit, and the years to choose by.

Never asks anything: `reading` does, when more than one fits.
"""

from collections.abc import Sequence
from datetime import date

from bot.core.answers import Day, Month
from bot.core.dialog import DateNode
from bot.core.khmer import dates, digits
from bot.core.khmer.understood import Understood
from bot.core.message import Button, Line

When = Day | Month


def read(kind: DateNode, asked: Sequence[str], text: str, today: date) -> Understood[When]:
    """What the text says. `asked`: the keys among which the bot asks, to be named by number or year."""
    if (key := _chosen(asked, text, today)) is not None:
        return Understood((value(key),))
    if kind.precision == "month":
        found = dates.month(text, today).each(lambda one: date(*one, 1))
        earliest = kind.earliest.replace(day=1)
    else:
        found, earliest = dates.day(text, today), kind.earliest
    fit = found.those(lambda one: earliest <= one and (kind.future or one <= today))
    if kind.precision == "month":
        return fit.each(lambda one: Month(one.year, one.month))
    return fit.each(Day)


def _chosen(asked: Sequence[str], text: str, today: date) -> str | None:
    """The key that a number or a year names."""
    number = digits.number(text)
    if number is not None and number == int(number) and 1 <= number <= len(asked):
        return asked[int(number) - 1]
    year = dates.year(text, today).sure if asked else None
    return next((key for key in asked if year is not None and key.startswith(f"{year:04}-")), None)


def key(given: When) -> str:
    """2023-05 or 2023-05-21."""
    match given:
        case Day(day):
            return day.isoformat()
        case Month(year, month):
            return f"{year:04}-{month:02}"


def value(written: str) -> When:
    """The answer of a key that `key` wrote."""
    year, month, *day = map(int, written.split("-"))
    return Day(date(year, month, day[0])) if day else Month(year, month)


def label(written: str) -> Line:
    """The year of a key: all that the candidates differ in."""
    return Line("bot.year", {"year": int(written[:4])})


def buttons(asked: Sequence[str]) -> tuple[Button, ...]:
    """One for each date that the bot asks about; none while it asks the whole question."""
    return tuple(Button(one, label(one)) for one in asked)
