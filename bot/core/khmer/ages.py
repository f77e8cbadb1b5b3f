"""Ages as people tell them: in years, or by the year or day of birth.

Never guesses: "90" may be an age or a year of birth, and a Buddhist year of birth means two ages.
"""

import re
from datetime import date
from decimal import Decimal

from bot.core.khmer import dates
from bot.core.khmer.fold import fold
from bot.core.khmer.numerals import readings
from bot.core.khmer.understood import Understood

_LEAD = re.compile(r"^(?:ខ្ញុំ|គាត់|គេ|កូន|នាងខ្ញុំ|i am|i'm|im|i was|she is|he is|my|khnhom|knhom|nhom)\s*")
_AGED = re.compile(r"^(?:មាន\s*)?(?:អាយុ|aged?|ayuk?|ayou)(?:\s*(?:is|គឺ|បាន|:|៖))?\s*")
_BORN = re.compile(
    r"^(?:ថ្ងៃខែឆ្នាំកំណើត|ឆ្នាំកំណើត|កំណើត|កើត|kert|kaet|"
    r"born|birth ?(?:day|year|date)|(?:date|year) of birth)\s*"
    r"(?:នៅ|ក្នុង|in|on|:)?\s*"
)
_YEARS_OLD = re.compile(r"\s*(?:ឆ្នាំ|years? old|years?|yrs?|y\.?o\.?|chh?nam)(?:\s*(?:ហើយ|កន្លះ|hery))?$")
_OF_YEAR = re.compile(r"^(?:ឆ្នាំ|ពីឆ្នាំ|year|chh?nam)\s*")
_OLDEST = 120
_NO_AGE = -1
_DOUBTFUL_FROM = 60  # bare two digits that are as likely the year of birth
_LONGEST = 80  # code points


def age(text: str, today: date) -> Understood[int]:
    """Age in whole years that the whole text tells. By a year of birth: the age reached in this year."""
    key = _LEAD.sub("", fold(text)) if len(text) <= _LONGEST else ""
    born = _BORN.sub("", key)
    if born != key:
        return _since(born, today)
    told = _AGED.sub("", key)
    years = _YEARS_OLD.sub("", told)
    if told == key and years == told:
        return _bare(key, today)
    return _of(readings(years))


def _of(values: tuple[Decimal, ...]) -> Understood[int]:
    """An age that is said to be one; of half a year more nobody asks."""
    return Understood(tuple(int(value) for value in values[:1] if 0 <= value <= _OLDEST))


def _bare(text: str, today: date) -> Understood[int]:
    """A number alone: an age, unless it may as well be a year."""
    values = readings(text)
    number = int(values[0]) if values else _NO_AGE
    if values and values[0] != number:
        return Understood()
    if not 0 <= number <= _OLDEST:
        return _since(text, today)
    if text.startswith("0") and number:
        return Understood()  # 05 is a year
    if _DOUBTFUL_FROM <= number < 100:
        return Understood((number, today.year - 1900 - number))
    return _of(values)


def _since(text: str, today: date) -> Understood[int]:
    """The age of somebody who was born then."""
    written = _OF_YEAR.sub("", text).strip()
    short = readings(written)
    if short and 0 <= short[0] < 100:
        year = today.year - today.year % 100 + int(short[0])
        return _lived(
            Understood((year if year <= today.year else year - 100,)).each(lambda one: today.year - one)
        )
    day = dates.day(text, today)
    if day.candidates or day.impossible:
        return _lived(
            day.each(lambda one: today.year - one.year - ((today.month, today.day) < (one.month, one.day)))
        )
    month = dates.month(text, today)
    if month.candidates or month.impossible:
        return _lived(month.each(lambda one: today.year - one[0] - (today.month < one[1])))
    return _lived(dates.year(written, today).each(lambda one: today.year - one))


def _lived(ages: Understood[int]) -> Understood[int]:
    """Only ages that somebody can have; a birth in the future is impossible."""
    fit = ages.those(lambda one: 0 <= one <= _OLDEST)
    return fit if fit.candidates else Understood(impossible=ages.impossible or bool(ages.candidates))
