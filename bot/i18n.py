"""What the bot says: sentences by message id and language, and values as each language writes them.

Never decides what is said, and fills placeholders by plain replacement only (facts: security B1 1.3.7).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_day_names, get_month_names
from babel.numbers import format_decimal

from bot.core.answers import Month
from bot.core.contact import Language
from bot.core.khmer.digits import to_khmer_digits
from bot.core.schedule import PHNOM_PENH
from bot.core.wording import fill

GROUPED = 10_000  # shorter numbers go without separator: years are among them
NO_ARGS: Mapping[str, str] = MappingProxyType({})

Showable = int | Decimal | date | datetime | Month


class MissingWords(LookupError):  # noqa: N818 - the contract's name
    """No sentence of that id in that language; `spean check` keeps this from happening in a live Release."""


class Words:
    """The compiled catalogues of one Release."""

    def __init__(self, catalogues: Mapping[Language, Mapping[str, str]]) -> None:
        self._catalogues = catalogues

    def has(self, message_id: str, language: Language) -> bool:
        """Whether there is such a sentence."""
        return message_id in self._catalogues.get(language, {})

    def say(self, message_id: str, language: Language, args: Mapping[str, str] = NO_ARGS) -> str:
        """The sentence; a placeholder without an argument stays as it is. Raises MissingWords."""
        try:
            text = self._catalogues[language][message_id]
        except KeyError as missing:
            raise MissingWords(f"{message_id} in {language}") from missing
        return fill(text, args)


def show(value: Showable, language: Language, zone: ZoneInfo = PHNOM_PENH) -> str:
    """A value as people write it; datetimes (aware) in local time."""
    match value:
        case datetime():
            local = value.astimezone(zone)
            text = f"{_day(local.date(), language)} {_time(local, language)}"
        case date():
            text = _day(value, language)
        case Month(year, month):
            text = _month(year, month, language)
        case int() if 0 <= value < GROUPED:
            text = str(value)  # as Babel writes it, without the way through a pattern: every question has two
        case _:
            text = format_decimal(
                value, locale="en", decimal_quantization=False, group_separator=value >= GROUPED
            )
    return to_khmer_digits(text) if language == "km" else text


def show_time(at: datetime, language: Language, zone: ZoneInfo = PHNOM_PENH) -> str:
    """Only the time of day of a moment (aware), local."""
    text = _time(at.astimezone(zone), language)
    return to_khmer_digits(text) if language == "km" else text


def _day(day: date, language: Language) -> str:
    # facts/khmer.md: Babel's full km date is not how people write one; its names are right
    if language == "en":
        return format_date(day, "EEEE d MMMM y", locale="en")
    weekday = get_day_names("wide", locale="km")[day.weekday()]
    return f"ថ្ងៃ{weekday} ទី{day.day} {_month(day.year, day.month, 'km')}"


def _month(year: int, month: int, language: Language) -> str:
    name = get_month_names("wide", locale=language)[month]
    return f"ខែ{name} ឆ្នាំ{year}" if language == "km" else f"{name} {year}"


def _time(local: datetime, language: Language) -> str:
    # facts/khmer.md: Babel has no words for the parts of a Khmer day
    if language == "en":
        pattern = "h:mm a" if local.minute else "h a"
        return format_time(local.time(), pattern, locale="en").replace("\u202f", " ")
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"ម៉ោង {hour}{minutes} {_part_of_day(local)}"


def _part_of_day(local: datetime) -> str:
    since = timedelta(hours=local.hour, minutes=local.minute)
    parts = ((3, "យប់"), (11, "ព្រឹក"), (13, "ថ្ងៃត្រង់"), (17, "រសៀល"), (19, "ល្ងាច"))
    return next((word for until, word in parts if since < timedelta(hours=until)), "យប់")
