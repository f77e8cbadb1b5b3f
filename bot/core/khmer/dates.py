"""Dates, months and years as people type them: digits, month names, number words, or counted from today.

Never guesses a year of the Buddhist era: what may be two years has two candidates.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeVar

from bot.core.khmer import relative_dates
from bot.core.khmer.fold import fold
from bot.core.khmer.months import month_of, named
from bot.core.khmer.numerals import readings
from bot.core.khmer.understood import Understood

_WEEKDAYS = (
    "|".join(map(fold, ("អាទិត្យ", "ចន្ទ", "ច័ន្ទ", "អង្គារ", "ពុធ", "ព្រហស្បតិ៍", "ព្រហស្បត្តិ៍", "សុក្រ", "សៅរ៍", "សៅ")))
    + "|(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)"
)
_FILLER = re.compile(f"^(?:នៅ|កាលពី|on|in)?\\s*(?:ថ្ងៃ)?\\s*(?:(?:{_WEEKDAYS})(?![a-z]))?[\\s,]*(?:ទី)?")
_THAI_ERA = re.compile(r"พ\.? ?ศ\.?")
_BUDDHIST_ERA = re.compile(r"ព\.? ?ស\.?|\bb\.? ?e\b\.?|ពុទ្ធសករាជ")
_COMMON_ERA = re.compile(r"គ\.? ?ស\.?|\b(?:c\.? ?e|a\.? ?d)\b\.?|គ្រិស្តសករាជ")
_MARKS = re.compile(r"ថ្ងៃទី|ថ្ងៃ|ខែ|ឆ្នាំ|\bof\b|\byear\b")
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
_SEPARATORS = re.compile(r"[\s,./\-–|]+")
T = TypeVar("T")
Era = Literal["thai", "buddhist"] | None

_LONGEST = 120  # code points
_FIRST_YEAR, _FIRST_BUDDHIST, _LAST_BUDDHIST = 1900, 2400, 2700
_AHEAD = 10  # a two-digit year means at most ten years from now
_CHANGE = 4  # facts/khmer.md: until April both countries count 543 years more, then Cambodia 544


def day(text: str, today: date) -> Understood[date]:
    """The full date that the whole text names, day before month."""
    if relative := relative_dates.day(_key(text), today):
        return Understood((relative,))
    fields, era = _fields(text, today)
    match fields:
        case (year_, month_, day_) if len(year_) == 4:
            pass
        case (day_, month_, year_):
            pass
        case _:
            return Understood()
    if len(day_) > 2 or len(month_) > 2 or len(year_) not in (2, 4):
        return Understood()
    return _possible(tuple(_days(_years(year_, int(month_), today, era), int(month_), int(day_))))


def month(text: str, today: date) -> Understood[tuple[int, int]]:
    """Year and month that the whole text names, or those of the full date it names."""
    if relative := relative_dates.month(_key(text), today):
        return Understood((relative,))
    fields, era = _fields(text, today)
    match fields:
        case (year_, number) if len(year_) == 4:
            pass
        case (number, year_):
            pass
        case _:
            return day(text, today).each(lambda found: (found.year, found.month))
    if len(number) > 2 or len(year_) not in (2, 4):
        return Understood()
    if not 1 <= int(number) <= 12:
        return Understood(impossible=len(year_) == 4)  # 21/11 is no month, but may be a day
    return _possible(tuple((year, int(number)) for year in _years(year_, int(number), today, era)))


def year(text: str, today: date) -> Understood[int]:
    """The year that the whole text names (four digits), or that of the month or day it names."""
    if relative := relative_dates.year(_key(text), today):
        return Understood((relative,))
    fields, era = _fields(text, today)
    match fields:
        case (year_,) if len(year_) == 4:
            return _possible(_years(year_, None, today, era))
        case _:
            return month(text, today).each(lambda found: found[0])


def _key(text: str) -> str:
    return fold(text).strip(" .,!?។") if len(text) <= _LONGEST else ""


def _possible(candidates: tuple[T, ...]) -> Understood[T]:
    return Understood(candidates, impossible=not candidates)


def _days(years: tuple[int, ...], month_: int, day_: int) -> Iterator[date]:
    """The day in each of the years that has it."""
    for one in years:
        try:
            yield date(one, month_, day_)
        except ValueError:
            continue


def _fields(text: str, today: date) -> tuple[tuple[str, ...], Era]:
    """The numbers of a date in their order, a month's name as its number; empty for anything else."""
    key = _key(text)
    era: Era = "thai" if _THAI_ERA.search(key) else "buddhist" if _BUDDHIST_ERA.search(key) else None
    for mark in (_THAI_ERA, _BUDDHIST_ERA, _COMMON_ERA):
        key = mark.sub(" ", key, count=1)
    plain = _ORDINAL.sub("", _FILLER.sub("", key, count=1))
    if named(plain) or "ខែ" in plain:  # else "3 years ago" would be two numbers
        plain = relative_dates.with_year(plain, today)
    return _in_order(plain), era


def _in_order(plain: str) -> tuple[str, ...]:
    """Day, month and year (or the year first), whatever stands where."""
    name = named(plain)
    if name is None:
        fields = _numbers(plain) or ()
        month_first = len(fields) == 3 and 0 <= plain.find("ខែ") < plain.find("ថ្ងៃ") and len(fields[0]) < 4
        return (fields[1], fields[0], fields[2]) if month_first else fields
    month_ = str(month_of(name))
    match _numbers(plain[: name.start()]), _numbers(plain[name.end() :]):
        case (), (day_, year_):
            return day_, month_, year_
        case (), (year_,) if len(year_) == 4 or not name[0].isascii():  # "May 21" has no year
            return month_, year_
        case (year_,), () if len(year_) == 4:
            return year_, month_
        case (first,), (last,):
            return first, month_, last
        case _:
            return ()


def _numbers(text: str) -> tuple[str, ...] | None:
    """The numbers of a text that holds nothing else, each with the digits it was written with."""
    found: list[str] = []
    for part in _MARKS.split(text):
        fields = [field for field in _SEPARATORS.split(part) if field]
        words = readings(part.strip())
        if all(field.isdecimal() and field.isascii() for field in fields):
            found.extend(fields)
        elif words and words[0] == int(words[0]) >= 0:
            found.append(str(words[0]))
        else:
            return None
    return tuple(found)


def _years(written: str, month_: int | None, today: date, era: Era) -> tuple[int, ...]:
    """The years of the common era that a year of two or four digits may be, the earlier first."""
    number = int(written)
    if len(written) == 2 and era is None:
        near = today.year - today.year % 100 + number
        return (near - 100 if near > today.year + _AHEAD else near,)
    number += 2500 if len(written) == 2 else 0
    if _FIRST_BUDDHIST <= number <= _LAST_BUDDHIST:
        alike = era == "thai" or (month_ is not None and month_ < _CHANGE)
        return (number - 543,) if alike else (number - 544, number - 543)
    return (number,) if era is None and _FIRST_YEAR <= number < _FIRST_BUDDHIST else ()
