"""Days, months and years counted from today: yesterday, ខែមុន, three weeks ago, muoy chhnam mun.

Never reads a date of the calendar (`dates` does) and never makes a day of "last month".
"""

import re
from datetime import date, timedelta
from typing import Literal

from bot.core.khmer.digits import number

Unit = Literal["day", "week", "month", "year"]

# The patterns read folded text; their Khmer is written without what `fold` drops.
_YESTER = "(?:ម[ុិ]?(?:្ស|ស)(?:្ស)?|ស(?:្ស)?)៉?[ិីឹឺេើ]?[លញរ]?"
_YESTER_LATIN = "m[aeoui]?s+[ei][lr]?"
_DAYS = (
    (0, "ថ្ងៃនេះ|ព្រឹកនេះ|យបនេះ|ល្ងាចនេះ|today|th?nga[iy] ?ni[hs]"),
    (-1, f"{_YESTER} ?ម៉?[ិីឹុ]ញ|ម្សិល|យបមិញ|ល្ងាចមិញ|yesterday|{_YESTER_LATIN} ?m(?:e|i|ei|ie|a)nh"),
    (-2, f"{_YESTER} ?ម្?ង៉?ៃ|(?:the )?day before yesterday|{_YESTER_LATIN} ?m?nga[iy]"),
    (1, "(?:ថ្ងៃ)?ស្?អ[ែេ]ក|tom+or+ow|s['a]?[ea]e?k"),
    (2, "ខាន ?ស្?អ[ែេ]ក|(?:the )?day after tomorrow|khan ?s['a]?[ea]e?k"),
)
_MUN, _THIS = "(?:មុន|mun|moun|mon)(?![a-z])", "(?:នេះ|ni[hs])"
_NEXT = "(?:ក្រោយ|ទៅមុខ|មុខ|បន្ទាប|kro[iy]|kraoy|muk)"
_KHAE, _CHHNAM = "(?:ខែ|kh?(?:ae|e))", "(?:ឆ្នាំ|chh?nam)"
_MONTHS = (
    (-1, f"{_KHAE} ?{_MUN}|last month"),
    (0, f"{_KHAE} ?{_THIS}|this month"),
    (1, f"{_KHAE} ?{_NEXT}|next month"),
)
_YEARS = (
    (-1, f"{_CHHNAM} ?(?:{_MUN}|ទៅមិញ|ទៅ(?!មុខ)|t(?:ov|ow|ou|eov|eou))|last year"),
    (0, f"{_CHHNAM} ?{_THIS}|this year"),
    (1, f"{_CHHNAM} ?{_NEXT}|next year"),
)
_UNITS: tuple[tuple[Unit, str], ...] = (
    ("day", "ថ្ងៃ|days?|th?nga[iy]"),
    ("week", "សប្តាហ|អាទិត្យ|weeks?|ar?tit|sabada"),
    ("month", f"{_KHAE}|months?"),
    ("year", f"{_CHHNAM}|years?"),
)
_AGO = "មុន|កន្លងទៅ|កន្លងមក|មកហើយ|ហើយ|ago|mun|moun|mon|hery|haey|mok hery"
_AHEAD = "ទៀត|ខាងមុខ|from now|later|tiet"
_LEAD = "(?:កាលពី|កាល|តាំងពី|ពី|នៅ|since |from |on |in )?\\s*"
_MOST = 999  # of any unit: what is further away is not counted from today

Ways = tuple[tuple[int, re.Pattern[str]], ...]


def _compiled(ways: tuple[tuple[int, str], ...], lead: str = _LEAD) -> Ways:
    return tuple((offset, re.compile(f"{lead}(?:{words})")) for offset, words in ways)


_DAY_WAYS, _MONTH_WAYS, _YEAR_WAYS = _compiled(_DAYS), _compiled(_MONTHS), _compiled(_YEARS)
_YEAR_WITHIN = _compiled(_YEARS, lead="")
_LEADING = re.compile(f"^{_LEAD}")
_IN = re.compile(r"^in (.+)$")
_OF_MONTH = re.compile(f"{_LEAD}(?:ថ្ងៃទី|ថ្ងៃ|ទី)\\s*([0-9]{{1,2}})\\s*(\\S.*)")
_ANY_UNIT = "|".join(f"(?P<{unit}>{words})" for unit, words in _UNITS)
_COUNTED = re.compile(f"(?P<many>.+?)\\s*(?:{_ANY_UNIT})\\s*(?:(?P<ago>{_AGO})|(?:{_AHEAD}))")


def day(text: str, today: date) -> date | None:
    """The day that the whole of a folded text counts from today."""
    if (offset := _offset(_DAY_WAYS, text)) is not None:
        return today + timedelta(days=offset)
    match _counted(text):
        case ("day" | "week") as unit, many:
            return _moved(today, many * (7 if unit == "week" else 1))
        case _:
            return _of_month(text, today)


def month(text: str, today: date) -> tuple[int, int] | None:
    """Year and month that it counts from this one, or those of the day that it counts."""
    offset = _months(text)
    if offset is not None:
        return _shifted(today, offset)
    found = day(text, today)
    return None if found is None else (found.year, found.month)


def year(text: str, today: date) -> int | None:
    """The year that it counts from this one, or that of the month or day that it counts."""
    offset = _offset(_YEAR_WAYS, text)
    match _counted(text):
        case "year", many if offset is None:
            offset = many
    if offset is not None:
        return today.year + offset if today.year + offset >= 1 else None
    found = month(text, today)
    return None if found is None else found[0]


def with_year(text: str, today: date) -> str:
    """The text with "last year" and the like as the year with its number."""
    for offset, pattern in _YEAR_WITHIN:
        text = pattern.sub(f"ឆ្នាំ{today.year + offset} ", text, count=1)
    return text


def _offset(ways: Ways, text: str) -> int | None:
    return next((offset for offset, pattern in ways if pattern.fullmatch(text)), None)


def _counted(text: str) -> tuple[Unit, int] | None:
    """The unit and how many of them, those that are past below zero."""
    found = _COUNTED.fullmatch(_IN.sub(r"\1 from now", text))
    if found is None:
        return None
    many = number(found["many"])
    if many is None:  # ពីរថ្ងៃ is two days, ពី៣ថ្ងៃ since three
        many = number(_LEADING.sub("", found["many"]))
    if many is None or many != int(many) or not 1 <= many <= _MOST:
        return None
    unit = next(unit for unit, _ in _UNITS if found[unit])
    return unit, -int(many) if found["ago"] else int(many)


def _months(text: str) -> int | None:
    match _counted(text):
        case "month", many:
            return many
        case _:
            return _offset(_MONTH_WAYS, text)


def _shifted(today: date, months: int) -> tuple[int, int]:
    """Year and month."""
    year_, month_ = divmod(today.year * 12 + today.month - 1 + months, 12)
    return year_, month_ + 1


def _moved(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _of_month(text: str, today: date) -> date | None:
    """`the 5th of last month`, where that month has such a day."""
    found = _OF_MONTH.fullmatch(text)
    offset = None if found is None else _offset(_MONTH_WAYS, found[2])
    if found is None or offset is None:
        return None
    try:
        return date(*_shifted(today, offset), int(found[1]))
    except ValueError:
        return None
