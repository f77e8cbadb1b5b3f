"""Dates and months as people type them: numbers in either digits, month names in Khmer and English.

Never guesses a year of the Buddhist era (the caller asks again) and never reads words like "yesterday".
"""

import re
from datetime import date

from bot.core.khmer.fold import fold

_MONTHS = (
    ("មករា", "january", "jan"),
    ("កុម្ភៈ", "កុម្ភះ", "កុម្ភ", "february", "feb"),
    ("មីនា", "មិនា", "march", "mar"),
    ("មេសា", "april", "apr"),
    ("ឧសភា", "may"),
    ("មិថុនា", "មិថុណា", "june", "jun"),
    ("កក្កដា", "កក្តដា", "july", "jul"),
    ("សីហា", "august", "aug"),
    ("កញ្ញា", "september", "sept", "sep"),
    ("តុលា", "october", "oct"),
    ("វិច្ឆិកា", "វិច្ចិកា", "november", "nov"),
    ("ធ្នូ", "ធ្នូរ", "december", "dec"),
)
_NUMBERS = {fold(name): number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))
_NAME = re.compile(f"(?:{_NAMES})(?![a-z])")
_WEEKDAYS = (
    "|".join(map(fold, ("អាទិត្យ", "ចន្ទ", "អង្គារ", "ពុធ", "ព្រហស្បតិ៍", "សុក្រ", "សៅរ៍", "សៅ")))
    + "|(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)"
)
_FILLER = re.compile(
    f"^(?:{fold('នៅ')}|on|in)?\\s*(?:{fold('ថ្ងៃ')})?\\s*(?:(?:{_WEEKDAYS})(?![a-z]))?[\\s,]*(?:{fold('ទី')})?"
)
_WORDS = re.compile(f"{fold('ថ្ងៃទី')}|{fold('ខែ')}|{fold('ឆ្នាំ')}|{fold('គ.ស.')}|{fold('គ.ស')}|\\bof\\b")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_SEPARATORS = re.compile(r"[\s,./\-–|]+")
_FIRST_YEAR, _LAST_YEAR = 1900, 2399  # from 2400 on a year is of the Buddhist era
_AHEAD = 10  # a two-digit year means at most ten years from now


def day(text: str, today: date) -> date | None:
    """The full date that the whole text names, day before month; None when it is none or impossible."""
    match _fields(text):
        case (year, month, day_) if len(year) == 4:
            pass
        case (day_, month, year):
            pass
        case _:
            return None
    full = _year(year, today)
    if full is None or len(day_) > 2 or len(month) > 2:
        return None
    try:
        return date(full, int(month), int(day_))
    except ValueError:
        return None


def month(text: str, today: date) -> tuple[int, int] | None:
    """Year and month that the whole text names, or those of the full date it names."""
    match _fields(text):
        case (year, number) if len(year) == 4:
            pass
        case (number, year):
            pass
        case _:
            named = day(text, today)
            return None if named is None else (named.year, named.month)
    full = _year(year, today)
    if full is None or len(number) > 2 or not 1 <= int(number) <= 12:
        return None
    return full, int(number)


def _fields(text: str) -> tuple[str, ...]:
    """The numbers of a date in order, a month's name as its number; empty for anything else."""
    plain = _ORDINAL.sub("", _FILLER.sub("", fold(text), count=1))
    named = _NAME.search(plain)
    fields = _split(_NAME.sub(lambda name: f" {_NUMBERS[name[0]]} ", plain, count=1))
    if not all(field.isdecimal() and field.isascii() for field in fields):
        return ()
    american = named is not None and len(fields) == 3 and not _split(plain[: named.start()])
    return (fields[1], fields[0], fields[2]) if american else fields


def _split(text: str) -> tuple[str, ...]:
    return tuple(field for field in _SEPARATORS.split(_WORDS.sub(" ", text)) if field)


def _year(written: str, today: date) -> int | None:
    if len(written) == 2:
        year = today.year - today.year % 100 + int(written)
        return year - 100 if year > today.year + _AHEAD else year
    year = int(written) if len(written) == 4 else 0
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else None
